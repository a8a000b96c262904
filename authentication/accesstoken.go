package authentication

import (
	"context"
	"errors"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// AccessTokenExpect says what an access token of Authing must have. The zero value accepts the token of a user of
// this application.
type AccessTokenExpect struct {
	// AccessKeys, when set, accept only machine tokens: tokens of these programmatic access accounts, without a user.
	// aud is the account's access key, and azp is this application. The account is the token's Audience.
	AccessKeys []string
	// Scopes are required: a token without one of them is refused as oidc.CheckInsufficientScope.
	Scopes []string
}

func (e AccessTokenExpect) check(appID string) error {
	switch {
	case slices.Contains(e.AccessKeys, ""):
		return misconfigured(errors.New("authentication: AccessTokenExpect.AccessKeys has an empty entry"))
	case slices.Contains(e.AccessKeys, appID):
		return misconfigured(errors.New("authentication: AccessTokenExpect.AccessKeys must not have AppID: a machine has its own access key"))
	}
	return nil
}

// VerifyAccessToken checks an access token of Authing, for an API, without a call to Authing: signature (RS256), iss,
// aud, exp, iat, nbf, and its scope, which distinguishes it from an ID token. What the token may do say Scopes and
// HasScope. A *oidc.TokenError, wrapped in ErrRefused, says what was wrong. A revoked token is accepted until its exp;
// IntrospectToken asks the server.
//
// It is for OIDC: the access tokens of OAuth are opaque, and IntrospectToken checks them.
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
	token, err := f.verifyAccess(ctx, raw, e)
	if err != nil {
		return nil, judge(err)
	}
	return token, nil
}

// verifyAccess knows that Authing writes typ JWT and no client_id.
func (f *authingOIDC) verifyAccess(ctx context.Context, raw string, e AccessTokenExpect) (*oidc.AccessToken, error) {
	if len(e.AccessKeys) == 0 {
		token, err := f.client.VerifyAccessToken(ctx, raw, oidc.AccessTokenExpect{Audience: f.appID, AllowPlainJWT: true, Scopes: e.Scopes})
		switch {
		case err != nil:
			return nil, err
		case token.Subject == "":
			return nil, &oidc.TokenError{Check: oidc.CheckSubject, Detail: "the token has no user: it is a machine's, set AccessKeys for it"}
		case token.AuthorizedParty != "" && token.AuthorizedParty != f.appID:
			return nil, &oidc.TokenError{Check: oidc.CheckAuthorized, Detail: "azp is another application"}
		}
		return token, nil
	}
	for i, key := range e.AccessKeys {
		token, err := f.client.VerifyAccessToken(ctx, raw, oidc.AccessTokenExpect{Audience: key, ClientIDs: []string{f.appID}, AllowPlainJWT: true, Scopes: e.Scopes})
		switch {
		case err != nil && i < len(e.AccessKeys)-1 && errors.Is(err, oidc.CheckAudience):
			continue // perhaps it is of the next account
		case err != nil:
			return nil, err
		case token.Subject != "":
			return nil, &oidc.TokenError{Check: oidc.CheckSubject, Detail: "the token has a user, but AccessKeys accept only machine tokens"}
		case slices.Contains(token.Audience, f.appID):
			return nil, &oidc.TokenError{Check: oidc.CheckAudience, Detail: "aud has the application besides the access key"}
		}
		return token, nil
	}
	return nil, errors.New("authentication: no access key") // never reached
}
