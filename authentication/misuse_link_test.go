package authentication_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

func authorize(o authentication.AuthorizeOptions) func(context.Context, *authentication.Client) error {
	return func(ctx context.Context, c *authentication.Client) error {
		link, err := c.BuildAuthorizeUrl(ctx, o)
		if err != nil && link != "" {
			return errors.New("a link and an error")
		}
		return err
	}
}

func begin(o authentication.AuthorizeOptions) func(context.Context, *authentication.Client) error {
	return func(ctx context.Context, c *authentication.Client) error {
		login, err := c.BeginLogin(ctx, o)
		if err != nil && login != nil {
			return errors.New("a login and an error")
		}
		return err
	}
}

func logout(o authentication.LogoutOptions) func(context.Context, *authentication.Client) error {
	return func(ctx context.Context, c *authentication.Client) error {
		_, err := c.BuildLogoutUrl(ctx, o)
		return err
	}
}

func beginLogout(id *authentication.Identity, o authentication.LogoutOptions) func(context.Context, *authentication.Client) error {
	return func(ctx context.Context, c *authentication.Client) error {
		l, err := c.BeginLogout(ctx, id, o)
		if err != nil && l != nil {
			return errors.New("a logout and an error")
		}
		return err
	}
}

// Every misuse of a link, BeginLogin or BeginLogout, with the full text of the error.
func TestMisuseOfLinks(t *testing.T) {
	t.Parallel()
	oauthOnly, samlOnly, casOnly := authentication.OAuth{}, authentication.SAML{}, authentication.CAS{}
	challenge := "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	noRedirectURI := "authentication: RedirectURI is not set"
	for _, m := range []misuse{
		{noAppID, nil, noApp, authorize(authentication.AuthorizeOptions{})},
		{noAppID, oauthOnly, noApp, authorize(authentication.AuthorizeOptions{})},
		{noAppID, samlOnly, noApp, authorize(authentication.AuthorizeOptions{})},
		{noAppID, casOnly, noApp, authorize(authentication.AuthorizeOptions{})},
		{noAppID, casOnly, noApp, logout(authentication.LogoutOptions{})},
		{noAppID, nil, noApp, logout(authentication.LogoutOptions{SendAppID: true})},
		{noRedirectURI, nil, noRedirect, authorize(authentication.AuthorizeOptions{})},
		{noRedirectURI, oauthOnly, noRedirect, authorize(authentication.AuthorizeOptions{})},
		{noRedirectURI, nil, noRedirect, begin(authentication.AuthorizeOptions{})},
		{"oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)", nil, nil,
			authorize(authentication.AuthorizeOptions{RedirectURI: "https://app.example/#x"})},
		{`authentication: unknown ResponseType "token", want one of ["code" "id_token" "id_token token" "code id_token" "code token" "code id_token token" "none"]`,
			nil, nil, authorize(authentication.AuthorizeOptions{ResponseType: oauth.ResponseTypeToken})},
		{`authentication: unknown ResponseType "id_token", want one of ["code" "token"]`,
			oauthOnly, nil, authorize(authentication.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDToken})},
		{`oauth: ResponseMode query would put a token into the address of the page (response type "code id_token")`, nil, nil,
			authorize(authentication.AuthorizeOptions{ResponseType: oidc.ResponseTypeCodeIDToken, ResponseMode: oauth.ResponseModeQuery})},
		{"oauth: CodeChallengeMethod is set without CodeChallenge", oauthOnly, nil, authorize(authentication.AuthorizeOptions{CodeChallengeMethod: pkce.S256})},
		{"oauth: CodeChallenge: pkce: an S256 code challenge is 43 characters of base64url, got 44 characters", nil, nil,
			authorize(authentication.AuthorizeOptions{CodeChallenge: challenge + "M", CodeChallengeMethod: pkce.S256})},
		{"oauth: CodeChallenge has no CodeChallengeMethod and is not an S256 challenge", nil, nil,
			authorize(authentication.AuthorizeOptions{CodeChallenge: strings.Repeat("a", 44)})},
		{"oauth: CodeChallenge: pkce: code verifier has 42 characters, want 43 to 128", nil, nil,
			authorize(authentication.AuthorizeOptions{CodeChallenge: strings.Repeat("a", 42), CodeChallengeMethod: pkce.Plain})},
		{"authentication: Extra must not set tenant_id: TenantID is its field", nil, nil, authorize(authentication.AuthorizeOptions{Extra: url.Values{"tenant_id": {"x"}}})},
		{"oidc: Extra must not set nonce: use its field instead", nil, nil, authorize(authentication.AuthorizeOptions{Extra: url.Values{"nonce": {"x"}}})},
		{"oauth: Extra must not set client_secret: use its field instead", oauthOnly, nil, authorize(authentication.AuthorizeOptions{Extra: url.Values{"client_secret": {"x"}}})},
		{"oidc: MaxAge must be whole seconds", nil, nil, authorize(authentication.AuthorizeOptions{MaxAge: time.Millisecond})},
		{"oidc: Prompt none must be the only value (OpenID Connect Core §3.1.2.1)", nil, nil, authorize(authentication.AuthorizeOptions{Prompt: "none login"})},
		{"oidc: Claims is not a JSON object", nil, nil, authorize(authentication.AuthorizeOptions{Claims: json.RawMessage(`[]`)})},
		{"cas: Renew and Gateway exclude each other (CAS §2.1.1)", casOnly, nil, authorize(authentication.AuthorizeOptions{RedirectURI: testBack, Renew: true, Gateway: true})},
		{"cas: Gateway needs a Service to return to (CAS §2.1.1)", casOnly, nil, authorize(authentication.AuthorizeOptions{Gateway: true})},
		{"cas: Service must be an absolute URL such as https://app.example/callback", casOnly, nil, authorize(authentication.AuthorizeOptions{RedirectURI: "/x"})},

		{"oidc: State must be empty: BeginLogin makes it", nil, nil, begin(authentication.AuthorizeOptions{State: "s"})},
		{"oidc: Nonce must be empty: BeginLogin makes it", nil, nil, begin(authentication.AuthorizeOptions{Nonce: "n"})},
		{"oidc: CodeChallenge and CodeChallengeMethod must be empty: BeginLogin makes them", nil, nil, begin(authentication.AuthorizeOptions{CodeChallenge: challenge})},
		{`oidc: ResponseType "none" is not for BeginLogin, want code, id_token, or one of them or both with token`, nil, nil, begin(authentication.AuthorizeOptions{ResponseType: oidc.ResponseTypeNone})},
		{`oidc: ResponseType "code token" brings an access token through the browser, and needs AllowFrontChannelAccessToken`, nil, nil, begin(authentication.AuthorizeOptions{ResponseType: oidc.ResponseTypeCodeToken})},
		{`oidc: ResponseType "id_token" brings a token, and ResponseMode query would put it into the address of the page`, nil, nil, begin(authentication.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDToken, ResponseMode: oauth.ResponseModeQuery})},
		{`oidc: unknown ResponseMode "web_message", want query, fragment or form_post`, nil, nil, begin(authentication.AuthorizeOptions{ResponseMode: "web_message"})},
		{"oidc: Scope must have the word openid", nil, nil, begin(authentication.AuthorizeOptions{Scope: "profile openid_x"})},
		{"oauth: State must be empty: BeginLogin makes it", oauthOnly, nil, begin(authentication.AuthorizeOptions{State: "s"})},
		{`oauth: ResponseType "token" gives no checked login, want code`, oauthOnly, nil, begin(authentication.AuthorizeOptions{ResponseType: oauth.ResponseTypeToken})},
		{"authentication: AuthorizeOptions.Nonce is not an option of this protocol", oauthOnly, nil, begin(authentication.AuthorizeOptions{Nonce: "n"})},
		{"authentication: BeginLogin is not a call of protocol saml without SAML.EntityID: unsupported operation", samlOnly, nil, begin(authentication.AuthorizeOptions{})},
		{noAppID, casOnly, noApp, begin(authentication.AuthorizeOptions{})},
		{noRedirectURI, casOnly, noRedirect, begin(authentication.AuthorizeOptions{})},
		{"authentication: AuthorizeOptions.State is not an option of this protocol", casOnly, nil, begin(authentication.AuthorizeOptions{State: "s"})},
		{"cas: Renew and Gateway exclude each other (CAS §2.1.1)", casOnly, nil, begin(authentication.AuthorizeOptions{Renew: true, Gateway: true})},
		{"cas: Service must be an absolute URL such as https://app.example/callback", casOnly, nil, begin(authentication.AuthorizeOptions{RedirectURI: "/x"})},
		{"cas: Service must be an http or https URL", casOnly, nil, begin(authentication.AuthorizeOptions{RedirectURI: "imap://x.example"})},
		{"cas: Service of a login must not have a fragment", casOnly, nil, begin(authentication.AuthorizeOptions{RedirectURI: testBack + "#x"})},
		{"cas: Service of a login must not have a parameter ticket: the server adds it", casOnly, nil, begin(authentication.AuthorizeOptions{RedirectURI: testBack + "?ticket=x"})},
		{"cas: Service of a login must not have a parameter login: BeginLogin adds it", casOnly, nil, begin(authentication.AuthorizeOptions{RedirectURI: testBack + "?login=x"})},

		{noAppID, casOnly, noApp, beginLogout(&authentication.Identity{Protocol: "cas"}, authentication.LogoutOptions{})},
		{"authentication: the identity is not from a CAS login", casOnly, nil, beginLogout(nil, authentication.LogoutOptions{})},
		{"authentication: the identity is not from a CAS login", casOnly, nil, beginLogout(&authentication.Identity{Protocol: "oidc"}, authentication.LogoutOptions{})},
		{"authentication: LogoutOptions.State is not an option of this protocol", casOnly, nil,
			beginLogout(&authentication.Identity{Protocol: "cas"}, authentication.LogoutOptions{State: "s"})},
		{"cas: Service must be an http or https URL", casOnly, nil,
			beginLogout(&authentication.Identity{Protocol: "cas"}, authentication.LogoutOptions{RedirectURI: "javascript://x/%0aalert(1)"})},

		{"authentication: RedirectURI must be an absolute URL", nil, nil, logout(authentication.LogoutOptions{RedirectURI: "/bye"})},
		{"authentication: RedirectURI must be an absolute URL", nil, nil, logout(authentication.LogoutOptions{RedirectURI: "https://%zz"})},
		{"authentication: RedirectURI must be an absolute URL", nil, nil, logout(authentication.LogoutOptions{RedirectURI: "app:bye"})},
		{"authentication: RedirectURI must be an absolute URL", nil, nil, logout(authentication.LogoutOptions{RedirectURI: "//app.example/bye"})},
		{"authentication: RedirectURI must be an absolute URL", samlOnly, nil, logout(authentication.LogoutOptions{RedirectURI: "app.example"})},
		{"authentication: RedirectURI must be an absolute URL", nil, nil, logout(authentication.LogoutOptions{RedirectURI: "/bye", Expert: true, IDToken: "I"})},
		{"cas: Service must be an http or https URL", casOnly, nil, logout(authentication.LogoutOptions{RedirectURI: "javascript://x/%0aalert(1)"})},
		{"authentication: LogoutOptions.RedirectURI needs IDToken in an expert logout", nil, nil, logout(authentication.LogoutOptions{Expert: true, RedirectURI: testBack})},
		{"authentication: LogoutOptions.State needs RedirectURI: without it the browser does not return", nil, nil, logout(authentication.LogoutOptions{Expert: true, IDToken: "I", State: "s"})},
		{"authentication: LogoutOptions.SendAppID is not an option of this protocol", nil, nil, logout(authentication.LogoutOptions{Expert: true, SendAppID: true})},
	} {
		m.run(t)
	}
}
