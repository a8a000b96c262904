package authentication

import (
	"context"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// oauthFlow runs logins with one OAuth 2.0 server. The user is the sub of the server's user info.
type oauthFlow struct {
	TokenFlow
	client *oauth.Client
}

// FromOAuth makes a LoginFlow of this package from a client of any OAuth 2.0 server. The server must have a user info
// endpoint whose reply has sub: OAuth itself does not say who the user is.
//
// Set Issuer in the client's Config: it is a part of Identity.Key. Without it the token endpoint takes its place, and
// every user becomes a new user when that address changes. Logins and Identities have the protocol name oauth, so a
// Protocol whose NewFlow returns this flow must have that name.
func FromOAuth(c *oauth.Client) LoginFlow { return &oauthFlow{TokenFlow: c, client: c} }

const oauthName = "oauth"

func (f *oauthFlow) options(o AuthorizeOptions) (oauth.AuthorizeOptions, error) {
	err := o.Only("RedirectURI", "Scope", "State", "ResponseType", "CodeChallenge", "CodeChallengeMethod", "Resource", "AuthorizationDetails", "Extra")
	return oauth.AuthorizeOptions{
		RedirectURI: o.RedirectURI, Scope: o.Scope, State: o.State, ResponseType: o.ResponseType,
		CodeChallenge: o.CodeChallenge, CodeChallengeMethod: o.CodeChallengeMethod, Resource: o.Resource,
		AuthorizationDetails: o.AuthorizationDetails, Extra: o.Extra,
	}, err
}

// BuildAuthorizeUrl implements Flow.
func (f *oauthFlow) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (_ string, err error) {
	defer planned(&err)
	options, err := f.options(o)
	if err != nil {
		return "", err
	}
	return f.client.BuildAuthorizeUrl(ctx, options)
}

// BuildLogoutUrl implements Flow. OAuth has no logout.
func (f *oauthFlow) BuildLogoutUrl(context.Context, LogoutOptions) (_ string, err error) {
	defer planned(&err)
	return "", unsupported("BuildLogoutUrl", oauthName)
}

// BeginLogin implements LoginFlow.
func (f *oauthFlow) BeginLogin(ctx context.Context, o AuthorizeOptions) (_ *Login, err error) {
	defer planned(&err)
	options, err := f.options(o)
	if err != nil {
		return nil, err
	}
	begun, err := f.client.BeginLogin(ctx, options)
	if err != nil {
		return nil, err
	}
	login := &Login{Protocol: oauthName, Key: begun.State, URL: begun.URL, CreatedAt: begun.CreatedAt}
	begun.URL = "" // it is in the Login
	login.Data, err = strictjson.Marshal(begun)
	return login, err
}

// LoginKey implements LoginFlow: it is the state.
func (f *oauthFlow) LoginKey(r *http.Request) string { return f.client.LoginKey(r) }

// CompleteLogin implements LoginFlow. The subject comes from user info, fetched with the access token of this login,
// so that a token from elsewhere cannot identify the user.
func (f *oauthFlow) CompleteLogin(ctx context.Context, l *Login, r *http.Request) (*Identity, error) {
	if err := checkLogin(l, oauthName); err != nil {
		return nil, err
	}
	var begun oauth.Login
	if err := begun.UnmarshalJSON(l.Data); err != nil {
		return nil, refused(err)
	}
	token, err := f.client.CompleteLogin(ctx, &begun, r)
	if err != nil {
		return nil, judgeLogin(err)
	}
	user, err := f.client.GetUserInfoByAccessToken(ctx, token.AccessToken)
	if err != nil {
		return nil, judge(err)
	}
	if user.Subject == "" {
		return nil, refused(oauth.ErrNoSubject)
	}
	id := &Identity{Protocol: oauthName, Issuer: f.client.Issuer(), Subject: user.Subject, Token: token, Expiry: token.Expiry}
	if err := user.Claims(&id.Claims); err != nil {
		return nil, err
	}
	return id, nil
}

// Refresh implements RefreshFlow. The claims stay those of the login.
func (f *oauthFlow) Refresh(ctx context.Context, id *Identity) (*Identity, error) {
	if err := checkRefresh(id, oauthName); err != nil {
		return nil, err
	}
	if issuer := f.client.Issuer(); id.Issuer != issuer {
		return nil, refused(fmt.Errorf("the identity is from issuer %q, want %q", id.Issuer, issuer))
	}
	token, err := f.client.GetNewAccessTokenByRefreshToken(ctx, id.Token.RefreshToken, oauth.RefreshOptions{Binding: id.Token.Binding})
	if err != nil {
		return nil, judge(err)
	}
	return id.withToken(token), nil
}
