package authentication_test

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// endpointCalls make one request, or one link, to each endpoint.
var endpointCalls = map[string]struct {
	protocol authentication.Protocol
	call     func(context.Context, *authentication.Client) (string, error)
}{
	"OIDCAuthorize":      {authentication.OIDC{}, authorizeLink},
	"OIDCToken":          {authentication.OIDC{}, tokenCall},
	"OIDCUserInfo":       {authentication.OIDC{}, userInfoCall},
	"OIDCIntrospection":  {authentication.OIDC{}, introspectCall},
	"OIDCRevocation":     {authentication.OIDC{}, revokeCall},
	"OIDCLogout":         {authentication.OIDC{}, logoutLink(authentication.LogoutOptions{Expert: true})},
	"JWKS":               {authentication.OIDC{IDTokenSigningAlg: "RS256"}, verifyCall},
	"ValidateToken":      {authentication.OIDC{}, validateCall},
	"OAuthAuthorize":     {authentication.OAuth{}, authorizeLink},
	"OAuthToken":         {authentication.OAuth{}, tokenCall},
	"OAuthUserInfo":      {authentication.OAuth{}, userInfoCall},
	"OAuthIntrospection": {authentication.OAuth{}, introspectCall},
	"OAuthRevocation":    {authentication.OAuth{}, revokeCall},
	"SAMLLogin":          {authentication.SAML{}, authorizeLink},
	"CASLogin":           {authentication.CAS{}, authorizeLink},
	"CASLogout":          {authentication.CAS{}, logoutLink(authentication.LogoutOptions{})},
	"CASValidate":        {authentication.SAML{}, ticketV1Call},
	"CASServiceValidate": {authentication.SAML{}, ticketV2Call},
	"SAMLMetadata":       {authentication.SAML{EntityID: "https://app.example/saml"}, beginCall},
	"FrontEndLogout":     {authentication.OAuth{}, logoutLink(authentication.LogoutOptions{})},
}

func authorizeLink(ctx context.Context, c *authentication.Client) (string, error) {
	return c.BuildAuthorizeUrl(ctx, authentication.AuthorizeOptions{})
}

func logoutLink(o authentication.LogoutOptions) func(context.Context, *authentication.Client) (string, error) {
	return func(ctx context.Context, c *authentication.Client) (string, error) { return c.BuildLogoutUrl(ctx, o) }
}

// beginCall begins a login, which fails on the reply.
func beginCall(ctx context.Context, c *authentication.Client) (string, error) {
	_, err := c.BeginLogin(ctx, authentication.AuthorizeOptions{})
	return "", err
}

func tokenCall(ctx context.Context, c *authentication.Client) (string, error) {
	_, err := c.GetNewAccessTokenByRefreshToken(ctx, "RT")
	return "", err
}

func userInfoCall(ctx context.Context, c *authentication.Client) (string, error) {
	_, err := c.GetUserInfoByAccessToken(ctx, "AT")
	return "", err
}

func introspectCall(ctx context.Context, c *authentication.Client) (string, error) {
	_, err := c.IntrospectToken(ctx, "AT")
	return "", err
}

func revokeCall(ctx context.Context, c *authentication.Client) (string, error) {
	return "", c.RevokeToken(ctx, "AT")
}

func validateCall(ctx context.Context, c *authentication.Client) (string, error) {
	_, err := c.ValidateToken(ctx, authentication.ValidateTokenOptions{IDToken: "I", AllowAnyAudience: true})
	return "", err
}

func ticketV1Call(ctx context.Context, c *authentication.Client) (string, error) {
	_, err := c.ValidateTicketV1(ctx, "ST-1", testBack)
	return "", err
}

func ticketV2Call(ctx context.Context, c *authentication.Client) (string, error) {
	_, err := c.ValidateTicketV2(ctx, "ST-1", testBack, cas.ValidateOptions{})
	return "", err
}

// verifyCall needs the keys; the token itself is the RS256 sample of RFC 7515, appendix A.2.
func verifyCall(ctx context.Context, c *authentication.Client) (string, error) {
	_, err := c.VerifyIDToken(ctx, "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UifQ.AA", oidc.Expect{})
	return "", err
}

// Row 18: each endpoint has Authing's path, and can be replaced by another path or address.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	authings := map[string]string{
		"OIDCAuthorize": "/oidc/auth", "OIDCToken": "/oidc/token", "OIDCUserInfo": "/oidc/me",
		"OIDCIntrospection": "/oidc/token/introspection", "OIDCRevocation": "/oidc/token/revocation",
		"OIDCLogout": "/oidc/session/end", "JWKS": "/oidc/.well-known/jwks.json", "ValidateToken": "/api/v2/oidc/validate_token",
		"OAuthAuthorize": "/oauth/auth", "OAuthToken": "/oauth/token", "OAuthUserInfo": "/oauth/me",
		"OAuthIntrospection": "/oauth/token/introspection", "OAuthRevocation": "/oauth/token/revocation",
		"SAMLLogin": "/api/v2/saml-idp/" + testApp, "SAMLMetadata": "/api/v2/saml-idp/" + testApp + "/metadata", "CASLogin": "/cas-idp/" + testApp + "/login",
		"CASLogout": "/cas-idp/" + testApp + "/logout", "CASValidate": "/cas-idp/" + testApp + "/validate",
		"CASServiceValidate": "/cas-idp/" + testApp + "/serviceValidate", "FrontEndLogout": "/login/profile/logout",
	}
	fields := reflect.TypeFor[authentication.Endpoints]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		if name == "Issuer" || name == "OAuthIssuer" {
			continue // identifiers, not addresses: see the logins
		}
		for override, want := range map[string]string{
			"":                                    testHost + authings[name],
			"/private/{appId}/x":                  testHost + "/private/" + testApp + "/x",
			"https://core.authing.cn/{appId}/own": "https://core.authing.cn/" + testApp + "/own",
		} {
			assert.Equal(t, want, reached(t, name, override), name)
		}
	}
}

// reached is the address of the endpoint's call.
func reached(t *testing.T, name, override string) string {
	t.Helper()
	c, ok := endpointCalls[name]
	require.True(t, ok, "no call reaches %s", name)
	w := newWire(t, (&capture{}).reply)
	client := newTestClient(t, w, func(o *authentication.Options) {
		o.Protocol = c.protocol
		reflect.ValueOf(&o.Endpoints).Elem().FieldByName(name).SetString(override)
	})
	link, err := c.call(t.Context(), client)
	if len(w.sent) > 0 {
		u := *w.sent[0].URL
		u.RawQuery = ""
		return u.String()
	}
	require.NoError(t, err)
	link, _, _ = strings.Cut(link, "?")
	return link
}

// An ID that is not hex stays one segment of the path.
func TestEndpointsAppIDIsEscaped(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, func(o *authentication.Options) { o.Protocol, o.AppID = authentication.CAS{}, "a/b?c#d" })
	link, err := client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, testHost+"/cas-idp/a%2Fb%3Fc%23d/login", link)
}

// The CAS paths of Authing's other SDKs are a configuration.
func TestEndpointsOfTheSDKsForCAS(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, func(o *authentication.Options) {
		o.Protocol = authentication.CAS{LogoutParam: cas.LogoutURL}
		o.Endpoints = authentication.Endpoints{CASLogin: "/cas-idp/{appId}", CASLogout: "/cas-idp/logout"}
	})
	link, err := client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{RedirectURI: "https://example.com"})
	require.NoError(t, err)
	assert.Equal(t, testHost+"/cas-idp/"+testApp+"?service=https%3A%2F%2Fexample.com", link)
	link, err = client.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{RedirectURI: "https://authing.cn"})
	require.NoError(t, err)
	assert.Equal(t, testHost+"/cas-idp/logout?url=https%3A%2F%2Fauthing.cn", link)
}

// Row 23: a header without a value is not sent, and every name can be replaced.
func TestHeaders(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		change func(*authentication.Options)
		header http.Header
	}{
		"defaults": {func(*authentication.Options) {}, http.Header{
			"X-Authing-App-Id": {testApp}, "X-Authing-Request-From": {"sdk"}, "X-Authing-Lang": {"zh-CN"},
			"X-Authing-Sdk-Version": {"go:" + authentication.Version},
		}},
		"all": {func(o *authentication.Options) {
			o.Lang, o.RequestFrom, o.TenantID, o.UserPoolID = "en-US", "myapp", "T", "P"
			o.HeaderNames = authentication.HeaderNames{AppID: "x-genauth-app-id", TenantID: "X-Genauth-Tenant"}
		}, http.Header{
			"X-Genauth-App-Id": {testApp}, "X-Authing-Request-From": {"myapp"}, "X-Authing-Lang": {"en-US"},
			"X-Authing-Sdk-Version": {"go:" + authentication.Version}, "X-Genauth-Tenant": {"T"}, "X-Authing-Userpool-Id": {"P"},
		}},
	} {
		for endpoint, c := range endpointCalls {
			w := newWire(t, (&capture{}).reply)
			client := newTestClient(t, w, func(o *authentication.Options) { o.Protocol = c.protocol; want.change(o) })
			_, _ = c.call(t.Context(), client)
			for _, sent := range w.sent {
				got := http.Header{}
				for h, values := range sent.Header {
					if strings.HasPrefix(h, "X-") {
						got[h] = values
					}
				}
				assert.Equal(t, want.header, got, "%s %s", name, endpoint)
			}
		}
	}
}
