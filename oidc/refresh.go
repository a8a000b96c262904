package oidc

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// RefreshOptions say what to refresh.
type RefreshOptions struct {
	// RefreshToken is what is spent. It is required.
	RefreshToken string
	// Previous is the ID token of the login. When set, a new one must be about the same user.
	Previous *IDToken
	// Scope narrows the scope; empty keeps it.
	Scope string
	// Extra adds parameters. One that the call sets itself is an error.
	Extra url.Values
}

// Refresh gets a new token and verifies the ID token that may come with it: signature and claims as at
// the login, and the same sub, aud, azp, auth_time and nonce as Previous, issued no earlier (OpenID
// Connect Core §12.2). When no new refresh token comes, the old one stands in the result. Callers at once, and
// those who come late, share one request as in GetNewAccessTokenByRefreshToken; each compares the reply with
// its own Previous.
//
// The refresh token goes to no other issuer than that of Previous, or of a family to no other family. When the ID token in the reply is refused,
// or its key cannot be had, but says iss, sub and aud of Previous and has no wrong signature, the error is a
// *RefreshError with the new tokens. Without Previous they are dropped then.
func (c *Client) Refresh(ctx context.Context, o RefreshOptions) (*Result, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if o.Previous != nil {
		if err := c.issuer.checkPrevious(o.Previous.Issuer); err != nil {
			return nil, err
		}
	}
	options := oauth.RefreshOptions{Scope: o.Scope, Extra: o.Extra}
	if err := c.checkRefresh(ctx, o.RefreshToken, options); err != nil {
		return nil, err
	}
	if err := c.haveKeys(ctx); err != nil {
		return nil, err
	}
	token, err := c.GetNewAccessTokenByRefreshToken(ctx, o.RefreshToken, options)
	if err != nil {
		return nil, err
	}
	if token.IDToken == "" {
		return &Result{Token: token}, nil
	}
	id, err := c.verifyReply(ctx, token, Expect{AllowAnyNonce: true}, o.RefreshToken)
	if err == nil {
		err = sameLogin(o.Previous, id)
	}
	if err != nil {
		return nil, keepTokens(o.Previous, token, err)
	}
	return &Result{Token: token, IDToken: id}, nil
}

// checkRefresh finds the caller's mistakes: the client offline knows no endpoint, and so sends nothing.
func (c *Client) checkRefresh(ctx context.Context, refreshToken string, opts ...oauth.RefreshOptions) error {
	if _, err := c.offline.oauth.GetNewAccessTokenByRefreshToken(ctx, refreshToken, opts...); !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// refresh is one request per refresh token. oauth.Client does the same, but it is another one whenever the
// metadata is discovered anew.
func (c *Client) refresh(ctx context.Context, refreshToken string, o oauth.RefreshOptions, good func(*oauth.Token) bool) (*oauth.Token, error) {
	key := flight.NewKey(refreshToken, o.Scope, o.Extra.Encode())
	shared, err := c.refreshes.Do(ctx, key, good, func(ctx context.Context) (*oauth.Token, error) {
		return call(ctx, c, "token_endpoint", func(client *oauth.Client) (*oauth.Token, error) {
			return client.GetNewAccessTokenByRefreshToken(ctx, refreshToken, o)
		})
	})
	if refused, ok := err.(*oauth.Error); ok {
		own := *refused // the others have theirs
		return nil, &own
	}
	if err != nil {
		return nil, err
	}
	own := *shared
	return &own, nil
}

// haveKeys fetches what the verification of an ID token needs. A server that rotates refresh tokens ends
// the old one with its reply, so a reply that cannot be verified then would end the session.
func (c *Client) haveKeys(ctx context.Context) error {
	if err := c.made(); err != nil {
		return err
	}
	_, keys, err := c.idTokenKeys(ctx)
	if err != nil || keys == nil || c.idToken.secret != nil {
		return err
	}
	_, err = keys.Keys(ctx, "")
	return err
}

func sameLogin(old, now *IDToken) error {
	switch {
	case old == nil:
		return nil
	case old.Issuer != now.Issuer:
		return refuse(CheckIssuer, "the refreshed ID token has another issuer")
	case old.Subject != now.Subject:
		return refuse(CheckSubject, "the refreshed ID token is about another user")
	case !sameSet(old.Audience, now.Audience):
		return refuse(CheckAudience, "the refreshed ID token has another audience")
	case now.AuthorizedParty != old.AuthorizedParty:
		return refuse(CheckAuthorized, "the refreshed ID token has another azp")
	case now.IssuedAt.Before(old.IssuedAt):
		return refuse(CheckIssuedAt, "the refreshed ID token is older than the first")
	case !now.AuthTime.IsZero() && !old.AuthTime.IsZero() && !now.AuthTime.Equal(old.AuthTime):
		return refuse(CheckAuthTime, "the refreshed ID token has another auth_time")
	case now.Nonce != "" && now.Nonce != old.Nonce:
		return refuse(CheckNonce, "the refreshed ID token has another nonce")
	}
	return nil
}

func sameSet(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}
