package authentication

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// oidcFlow runs logins with one OpenID Provider; with userInfo it also fetches user info.
type oidcFlow struct {
	TokenFlow
	client   *oidc.Client
	userInfo bool
}

// FromOIDC makes a LoginFlow of this package from a client of any OpenID Provider. It uses the RedirectURI and the
// metadata of the client.
//
// Logins and Identities have the protocol name oidc, so a Protocol whose NewFlow returns this flow must have
// that name.
func FromOIDC(c *oidc.Client) LoginFlow { return &noticedOIDC{oidcFlow{TokenFlow: c, client: c}} }

const oidcName = "oidc"

func (f *oidcFlow) options(o AuthorizeOptions) (oidc.AuthorizeOptions, error) {
	err := o.Only("RedirectURI", "Scope", "State", "Nonce", "ResponseType", "ResponseMode", "CodeChallenge", "CodeChallengeMethod",
		"Prompt", "Display", "MaxAge", "LoginHint", "UILocales", "ACRValues", "IDTokenHint", "Claims", "Resource", "AuthorizationDetails", "Extra")
	return oidc.AuthorizeOptions{
		RedirectURI: o.RedirectURI, Scope: o.Scope, State: o.State, Nonce: o.Nonce, ResponseType: o.ResponseType,
		ResponseMode: o.ResponseMode, CodeChallenge: o.CodeChallenge, CodeChallengeMethod: o.CodeChallengeMethod,
		Prompt: o.Prompt, Display: o.Display, MaxAge: o.MaxAge, LoginHint: o.LoginHint, UILocales: o.UILocales,
		ACRValues: o.ACRValues, IDTokenHint: o.IDTokenHint, Claims: o.Claims, Resource: o.Resource,
		AuthorizationDetails: o.AuthorizationDetails, Extra: o.Extra,
	}, err
}

// BuildAuthorizeUrl implements Flow.
func (f *oidcFlow) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (_ string, err error) {
	defer planned(&err)
	options, err := f.options(o)
	if err != nil {
		return "", err
	}
	return f.client.BuildAuthorizeUrl(ctx, options)
}

// BuildLogoutUrl implements Flow.
func (f *oidcFlow) BuildLogoutUrl(ctx context.Context, o LogoutOptions) (_ string, err error) {
	defer planned(&err)
	if err := o.Only("RedirectURI", "IDToken", "State", "LogoutHint", "UILocales"); err != nil {
		return "", err
	}
	return f.client.BuildLogoutUrl(ctx, oidc.LogoutOptions{
		IDTokenHint: o.IDToken, PostLogoutRedirectURI: o.RedirectURI, State: o.State, LogoutHint: o.LogoutHint, UILocales: o.UILocales,
	})
}

// BeginLogin implements LoginFlow.
func (f *oidcFlow) BeginLogin(ctx context.Context, o AuthorizeOptions) (_ *Login, err error) {
	defer planned(&err)
	options, err := f.options(o)
	if err != nil {
		return nil, err
	}
	if f.lacksToken(o.ResponseType) {
		return nil, fmt.Errorf("authentication: %w", errNoUserInfo)
	}
	begun, err := f.client.BeginLogin(ctx, options)
	if err != nil {
		return nil, err
	}
	login := &Login{
		Protocol: oidcName, Key: begun.State, URL: begun.URL, CreatedAt: begun.CreatedAt,
		FormPost: begun.ResponseMode == oauth.ResponseModeFormPost || begun.ResponseMode == oauth.ResponseModeFormPostJWT,
	}
	begun.URL = "" // it is in the Login
	login.Data, err = strictjson.Marshal(begun)
	return login, err
}

// LoginKey implements LoginFlow: it is the state.
func (f *oidcFlow) LoginKey(r *http.Request) string { return f.client.LoginKey(r) }

// CompleteLogin implements LoginFlow.
func (f *oidcFlow) CompleteLogin(ctx context.Context, l *Login, r *http.Request) (*Identity, error) {
	if err := checkLogin(l, oidcName); err != nil {
		return nil, err
	}
	var begun oidc.Login
	if err := begun.UnmarshalJSON(l.Data); err != nil {
		return nil, refused(err)
	}
	if f.lacksToken(begun.ResponseType) {
		return nil, refused(fmt.Errorf("the login began with other settings: %w", errNoUserInfo))
	}
	result, err := f.client.CompleteLogin(ctx, &begun, r)
	if err != nil {
		return nil, judgeLogin(err)
	}
	id, err := oidcIdentity(result)
	if err != nil {
		return nil, err
	}
	if err := f.addUserInfo(ctx, id); err != nil {
		return nil, err
	}
	return id, nil
}

var errNoUserInfo = errors.New("OIDC.UserInfo needs an access token, and ResponseType id_token brings none")

// lacksToken reports whether user info could not be fetched. A stored login may be of an instance without UserInfo.
func (f *oidcFlow) lacksToken(t oauth.ResponseType) bool {
	return f.userInfo && t.Is(oidc.ResponseTypeIDToken)
}

func (f *oidcFlow) addUserInfo(ctx context.Context, id *Identity) error {
	if !f.userInfo {
		return nil
	}
	user, err := f.client.GetUserInfoByAccessToken(ctx, id.Token.AccessToken, oauth.UserInfoOptions{Subject: id.Subject, Binding: id.Token.Binding})
	if err != nil {
		return judge(err)
	}
	var more map[string]any
	if err := user.Claims(&more); err != nil {
		return err
	}
	id.Claims = mergeClaims(id.Claims, more)
	return nil
}

// Refresh implements RefreshFlow: a new ID token is compared with the one of the login. A failure after the server
// gave new tokens is a *RefreshError.
func (f *oidcFlow) Refresh(ctx context.Context, id *Identity) (*Identity, error) {
	if err := checkRefresh(id, oidcName); err != nil {
		return nil, err
	}
	var before previous
	if err := strictjson.Decode(id.Data, &before); err != nil {
		return nil, errors.New("authentication: the identity's Data is not from an OIDC login")
	}
	result, err := f.client.Refresh(ctx, oidc.RefreshOptions{RefreshToken: id.Token.RefreshToken, Binding: id.Token.Binding, Previous: before.idToken(id)})
	if err != nil {
		var kept *oidc.RefreshError
		if errors.As(err, &kept) {
			return nil, &RefreshError{Identity: id.withToken(kept.Token), Err: judge(kept.Err)}
		}
		return nil, judge(err)
	}
	if result.IDToken == nil {
		return id.withToken(result.Token), nil
	}
	next, err := f.refreshed(ctx, id, result)
	if err != nil {
		return nil, &RefreshError{Identity: id.withToken(result.Token), Err: err}
	}
	return next, nil
}

// refreshed is the identity of a refresh that brought an ID token.
func (f *oidcFlow) refreshed(ctx context.Context, id *Identity, result *oidc.Result) (*Identity, error) {
	keepScope(result.Token, id)
	next, err := oidcIdentity(result)
	if err != nil {
		return nil, err
	}
	// A claim that the new ID token does not have, such as a role, is removed. When user info cannot be fetched now,
	// the tokens must not be lost, because they may have been rotated: then the old claims fill the gaps.
	switch err := f.addUserInfo(ctx, next); {
	case errors.Is(err, ErrRefused):
		return nil, err
	case err != nil:
		next.Claims = mergeClaims(next.Claims, id.Claims)
	}
	// A refreshed ID token may omit nonce, auth_time, acr, sid and session_expiry. The next one is still compared with the login's (OpenID
	// Connect Core §12.2).
	next.Data, next.IssuedAt = id.Data, id.IssuedAt
	next.SessionID, next.ACR = cmp.Or(next.SessionID, id.SessionID), cmp.Or(next.ACR, id.ACR)
	if next.AuthTime.IsZero() {
		next.AuthTime = id.AuthTime
	}
	if next.SessionExpiry.IsZero() {
		next.SessionExpiry = id.SessionExpiry
	}
	return next, nil
}

// previous is what a refreshed ID token is compared with (OpenID Connect Core §12.2).
type previous struct {
	Audience []string  `json:"aud"`
	Party    string    `json:"azp"`
	IssuedAt time.Time `json:"iat"`
	AuthTime time.Time `json:"auth_time"`
	Nonce    string    `json:"nonce"`
	// Hint is the ID token for a logout, where the Identity's Token does not have it.
	Hint string `json:"hint,omitempty"`
}

func (p previous) idToken(id *Identity) *oidc.IDToken {
	return &oidc.IDToken{
		Issuer: id.Issuer, Subject: id.Subject, Audience: p.Audience, AuthorizedParty: p.Party,
		IssuedAt: p.IssuedAt, AuthTime: p.AuthTime, Nonce: p.Nonce, SessionExpiry: id.SessionExpiry,
	}
}

func oidcIdentity(result *oidc.Result) (*Identity, error) {
	token := result.IDToken
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return nil, err
	}
	before := previous{token.Audience, token.AuthorizedParty, token.IssuedAt, token.AuthTime, token.Nonce, ""}
	if result.Token == nil || result.Token.IDToken == "" {
		before.Hint = token.Raw()
	}
	data, err := json.Marshal(before)
	if err != nil {
		return nil, err
	}
	id := &Identity{
		Protocol: oidcName, Issuer: token.Issuer, Subject: token.Subject, SessionID: token.SessionID,
		Claims: claims, Token: result.Token, IssuedAt: token.IssuedAt, Data: data,
		AuthTime: token.AuthTime, ACR: token.ACR, SessionExpiry: token.SessionExpiry,
	}
	if id.Token != nil { // response type id_token brings none
		id.Expiry = id.Token.Expiry
	}
	return id, nil
}
