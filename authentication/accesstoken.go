package authentication

import (
	"context"
	"errors"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// AccessTokenExpect is what an access token of Authing must answer to. The zero value wants one that a user of this
// application got.
type AccessTokenExpect struct {
	// AccessKeys, when set, want a machine's token instead: of one of these programmatic access accounts, whose access
	// key is its aud, issued by this application, which is its azp, and without a user. The account is the token's
	// Audience.
	AccessKeys []string
}

func (e AccessTokenExpect) check(appID string) error {
	switch {
	case slices.Contains(e.AccessKeys, ""):
		return misconfigured(errors.New("authentication: AccessTokenExpect.AccessKeys has an empty one"))
	case slices.Contains(e.AccessKeys, appID):
		return misconfigured(errors.New("authentication: AccessTokenExpect.AccessKeys must not hold AppID: a machine has an access key of its own"))
	}
	return nil
}

// VerifyAccessToken checks an access token that Authing issued, for an API, without asking Authing: signature
// (RS256), iss, aud, exp, iat, nbf, and that it is an access token and no ID token, which its scope tells. What the
// token may do is its HasScope. A *oidc.TokenError, wrapped in ErrRefused, says what was wrong. A token that was
// revoked passes until its exp; IntrospectToken asks the server.
//
// It is OIDC's: the access tokens of OAuth are opaque, and IntrospectToken checks them.
func (c *Client) VerifyAccessToken(ctx context.Context, raw string, e AccessTokenExpect) (*oidc.AccessToken, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	flow, ok := c.flow.(interface {
		VerifyAccessToken(context.Context, string, AccessTokenExpect) (*oidc.AccessToken, error)
	})
	if !ok {
		return nil, unsupported("VerifyAccessToken", c.name)
	}
	return flow.VerifyAccessToken(ctx, raw, e)
}

// VerifyAccessToken checks an access token; see Client.VerifyAccessToken.
func (f *authingOIDC) VerifyAccessToken(ctx context.Context, raw string, e AccessTokenExpect) (*oidc.AccessToken, error) {
	if err := needApp(f.appID); err != nil {
		return nil, err
	}
	if err := e.check(f.appID); err != nil {
		return nil, err
	}
	token, err := f.verifyAccess(ctx, raw, e.AccessKeys)
	if err != nil {
		return nil, judge(err)
	}
	return token, nil
}

// verifyAccess knows that Authing writes typ JWT and no client_id.
func (f *authingOIDC) verifyAccess(ctx context.Context, raw string, accessKeys []string) (*oidc.AccessToken, error) {
	if len(accessKeys) == 0 {
		token, err := f.client.VerifyAccessToken(ctx, raw, oidc.AccessTokenExpect{Audience: f.appID, AllowPlainJWT: true})
		switch {
		case err != nil:
			return nil, err
		case token.Subject == "":
			return nil, &oidc.TokenError{Check: oidc.CheckSubject, Detail: "the token names no user: it is a machine's, which AccessKeys are for"}
		case token.AuthorizedParty != "" && token.AuthorizedParty != f.appID:
			return nil, &oidc.TokenError{Check: oidc.CheckAuthorized, Detail: "azp is another application"}
		}
		return token, nil
	}
	for i, key := range accessKeys {
		token, err := f.client.VerifyAccessToken(ctx, raw, oidc.AccessTokenExpect{Audience: key, ClientIDs: []string{f.appID}, AllowPlainJWT: true})
		switch {
		case err != nil && i < len(accessKeys)-1 && errors.Is(err, oidc.CheckAudience):
			continue // perhaps of the next account
		case err != nil:
			return nil, err
		case token.Subject != "":
			return nil, &oidc.TokenError{Check: oidc.CheckSubject, Detail: "the token names a user, and AccessKeys want a machine's"}
		case slices.Contains(token.Audience, f.appID):
			return nil, &oidc.TokenError{Check: oidc.CheckAudience, Detail: "aud holds the application beside the access key"}
		}
		return token, nil
	}
	return nil, errors.New("authentication: no access key") // never reached
}
