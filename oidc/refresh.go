package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// RefreshOptions say what to refresh.
type RefreshOptions struct {
	// RefreshToken is the refresh token to send. It is required.
	RefreshToken string
	// Previous is the ID token of the login. When set, a new one must be about the same user.
	Previous *IDToken
	// Scope narrows the scope; empty keeps it.
	Scope string
	// Binding is Token.Binding of the token before; see oauth.RefreshOptions.
	Binding oauth.Binding
	// AuthorizationDetails narrow what the token is for (RFC 9396 §6); see oauth.RefreshOptions.
	AuthorizationDetails json.RawMessage
	// Extra adds parameters. A parameter that the call sets itself is an error.
	Extra url.Values
}

// Refresh gets a new token and verifies the ID token that may come with it: signature and claims as at
// the login, and the same sub, aud, azp, auth_time and nonce as Previous, issued no earlier (OpenID
// Connect Core §12.2). When the reply has no new refresh token, the result has the old one. Simultaneous and late
// callers share one request as in GetNewAccessTokenByRefreshToken; the reply is compared with each caller's own
// Previous.
//
// The refresh token is sent only to the issuer of Previous, or to its IssuerFamily. The ID token in the reply may be
// refused, or its key may be unavailable. When its iss, sub and aud are those of Previous and its signature is not
// wrong, the error is then a *RefreshError with the new tokens. Otherwise, or without Previous, they are dropped.
//
// errors.Is(err, oauth.ErrLoginAgain) says that the refresh token cannot be used any more: the server refused it, the ID
// token in its reply was refused and the new tokens were dropped, or the session is over (CheckSessionExpiry). After any
// other error keep it. When SessionExpiry of Previous is past, nothing is sent.
func (c *Client) Refresh(ctx context.Context, o RefreshOptions) (*Result, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if o.Previous != nil {
		if err := c.issuer.checkPrevious(o.Previous.Issuer); err != nil {
			return nil, err
		}
		if end := o.Previous.SessionExpiry; !end.IsZero() && !c.cfg.Now().Before(end) {
			return nil, loginAgain{refuse(CheckSessionExpiry, "the session of the login ended at %s", end.UTC().Format(time.RFC3339))}
		}
	}
	options := oauth.RefreshOptions{Scope: o.Scope, Binding: o.Binding, AuthorizationDetails: o.AuthorizationDetails, Extra: o.Extra}
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
	received := token.IDToken // verifyReply replaces an encrypted one
	id, err := c.verifyReply(ctx, token, Expect{AllowAnyNonce: true}, o.RefreshToken)
	if err == nil {
		err = sameLogin(o.Previous, id)
	}
	if err != nil {
		return nil, c.keepTokens(o.Previous, token, received, err)
	}
	return &Result{Token: token, IDToken: id}, nil
}

// checkRefresh finds the caller's mistakes.
func (c *Client) checkRefresh(ctx context.Context, refreshToken string, opts ...oauth.RefreshOptions) error {
	offline, err := c.offline()
	if err != nil {
		return err
	}
	if _, err := offline.GetNewAccessTokenByRefreshToken(ctx, refreshToken, opts...); !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}

// refresh sends one request per refresh token. oauth.Client does the same, but the client is replaced whenever the
// metadata is discovered again.
func (c *Client) refresh(ctx context.Context, refreshToken string, o oauth.RefreshOptions, good func(*oauth.Token) bool) (*oauth.Token, error) {
	key := flight.NewKey(refreshToken, o.Scope, string(o.AuthorizationDetails), o.Extra.Encode())
	shared, err := c.refreshes.Do(ctx, key, good, func(ctx context.Context) (*oauth.Token, error) {
		return call(ctx, c, func(client *oauth.Client) (*oauth.Token, error) {
			return client.GetNewAccessTokenByRefreshToken(ctx, refreshToken, o)
		})
	})
	if refused, ok := err.(*oauth.Error); ok {
		own := *refused // the other callers share the original
		return nil, &own
	}
	if err != nil {
		return nil, err
	}
	own := *shared
	own.AuthorizationDetails = slices.Clone(shared.AuthorizationDetails)
	return &own, nil
}

// haveKeys fetches the keys before the refresh. A server that rotates refresh tokens revokes the old one with its
// reply, so a reply that cannot be verified would end the session.
func (c *Client) haveKeys(ctx context.Context) error {
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
