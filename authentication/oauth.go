package authentication

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// OAuth is the protocol OAuth 2.0 at Authing.
type OAuth struct{}

// Name implements Protocol.
func (OAuth) Name() string { return oauthName }

// NewFlow implements Protocol.
func (OAuth) NewFlow(o Options) (Flow, error) {
	client, err := oauth.NewClient(oauth.Config{
		ClientID: o.AppID, ClientSecret: o.Secret, RedirectURI: o.RedirectURI, Issuer: o.Endpoints.OAuthIssuer,
		Endpoints: oauth.Endpoints{
			Authorization: o.Endpoints.OAuthAuthorize, Token: o.Endpoints.OAuthToken, UserInfo: o.Endpoints.OAuthUserInfo,
			Introspection: o.Endpoints.OAuthIntrospection, Revocation: o.Endpoints.OAuthRevocation,
		},
		TokenAuth: o.TokenEndPointAuthMethod, IntrospectionAuth: o.IntrospectionEndPointAuthMethod,
		RevocationAuth: o.RevocationEndPointAuthMethod, IntrospectionCache: o.IntrospectionCache, Replay: o.Replay, LoginLifetime: o.LoginLifetime,
		HTTPClient: o.HTTPClient, Header: o.header(), MaxReply: o.MaxReply, MaxRetryAfter: o.MaxRetryAfter, Now: o.Now,
		InsecureAllowHTTP: o.InsecureAllowHTTP, ReplyError: replyError,
	})
	if err != nil {
		return nil, ofOptions(err)
	}
	return &authingOAuth{
		oauthFlow: oauthFlow{TokenFlow: client, client: client}, appID: o.AppID, redirectURI: o.RedirectURI,
		noSecret:       needSecret(o.TokenEndPointAuthMethod, o.Secret),
		frontEndLogout: frontEndLogout{o.Endpoints.FrontEndLogout, o.AppID}, now: o.Now,
	}, nil
}

// authingOAuth is oauthFlow with Authing's default scope and logout page.
type authingOAuth struct {
	oauthFlow
	appID, redirectURI string
	noSecret           error // why a code could not be exchanged; nil when it can
	frontEndLogout     frontEndLogout
	now                func() time.Time
}

func (f *authingOAuth) defaults(o AuthorizeOptions) (AuthorizeOptions, error) {
	if err := needApp(f.appID); err != nil {
		return o, err
	}
	if o.RedirectURI == "" && f.redirectURI == "" {
		return o, errNoRedirectURI
	}
	if o.Scope == "" {
		o.Scope = "user"
	}
	return o, checkResponse(o.ResponseType, oauthResponseTypes)
}

// BuildAuthorizeUrl implements Flow.
func (f *authingOAuth) BuildAuthorizeUrl(ctx context.Context, o AuthorizeOptions) (_ string, err error) {
	defer planned(&err)
	o, err = f.defaults(o)
	if err != nil {
		return "", err
	}
	return f.oauthFlow.BuildAuthorizeUrl(ctx, o)
}

// BeginLogin implements LoginFlow.
func (f *authingOAuth) BeginLogin(ctx context.Context, o AuthorizeOptions) (_ *Login, err error) {
	defer planned(&err)
	o, err = f.defaults(o)
	if err != nil {
		return nil, err
	}
	if hasCode(o.ResponseType) && f.noSecret != nil {
		return nil, f.noSecret
	}
	return f.oauthFlow.BeginLogin(ctx, o)
}

// GetUserInfoByAccessToken implements TokenFlow. Authing's reply has sub; a reply without it is an error.
func (f *authingOAuth) GetUserInfoByAccessToken(ctx context.Context, accessToken string, opts ...oauth.UserInfoOptions) (*oauth.UserInfo, error) {
	user, err := f.client.GetUserInfoByAccessToken(ctx, accessToken, opts...)
	if err == nil && user.Subject == "" {
		return nil, oauth.ErrNoSubject
	}
	return user, err
}

// BuildLogoutUrl implements Flow: Authing's logout page.
func (f *authingOAuth) BuildLogoutUrl(_ context.Context, o LogoutOptions) (_ string, err error) {
	defer planned(&err)
	if err := o.Only("RedirectURI", "SendAppID"); err != nil {
		return "", err
	}
	return f.frontEndLogout.build(o)
}

// BeginLogout implements LogoutFlow: Authing's logout page, which returns nothing to check.
func (f *authingOAuth) BeginLogout(ctx context.Context, id *Identity, o LogoutOptions) (_ *Logout, err error) {
	defer planned(&err)
	if id == nil || id.Protocol != oauthName {
		return nil, errors.New("authentication: the identity is not from an OAuth login")
	}
	link, err := f.BuildLogoutUrl(ctx, o)
	if err != nil {
		return nil, err
	}
	return pageLogout(oauthName, link, f.now), nil
}

// CompleteLogout implements LogoutFlow.
func (f *authingOAuth) CompleteLogout(_ context.Context, l *Logout, _ *http.Request) error {
	if l == nil || l.Protocol != oauthName {
		return refused(errors.New("this browser began no OAuth logout"))
	}
	return nil
}

// ReceiveLogout implements LogoutFlow. OAuth has no logouts of the server.
func (f *authingOAuth) ReceiveLogout(context.Context, *http.Request) (*LogoutNotice, error) {
	return nil, unsupported("ReceiveLogout", oauthName)
}
