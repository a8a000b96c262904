package authentication_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Every misuse of Options, with the full text of the error. The options without the change are accepted.
func TestNewClientRefusesOptions(t *testing.T) {
	t.Parallel()
	_, err := authentication.NewClient(testOptions())
	require.NoError(t, err)
	const wantHTTPS = " must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)"
	const wantMethod = `: unknown auth method "client_secret_jwt", want client_secret_post, client_secret_basic, none, tls_client_auth or self_signed_tls_client_auth`
	for want, change := range map[string]func(*authentication.Options){
		"authentication: AppHost is not set":                                          func(o *authentication.Options) { o.AppHost = "" },
		"authentication: AppHost must be an absolute URL such as https://example.com": func(o *authentication.Options) { o.AppHost = "sample-app.authing.cn" },
		"authentication: AppHost must be an https URL":                                func(o *authentication.Options) { o.AppHost = "ftp://sample-app.authing.cn" },
		"authentication: AppHost" + wantHTTPS:                                         func(o *authentication.Options) { o.AppHost = "http://sample-app.authing.cn" },
		"authentication: AppHost must not have a query":                               func(o *authentication.Options) { o.AppHost = testHost + "?a=b" },
		"authentication: AppHost must not have a fragment":                            func(o *authentication.Options) { o.AppHost = testHost + "/#a" },
		"authentication: AppHost must not carry a user name or password":              func(o *authentication.Options) { o.AppHost = "https://me:pw@sample-app.authing.cn" },
		"authentication: AppHost is not a URL":                                        func(o *authentication.Options) { o.AppHost = "https://a/%zz" },
		"authentication: AppHost must not have blanks or any of <>\"":                 func(o *authentication.Options) { o.AppHost = "https://a b" },
		"authentication: Endpoints.OIDCToken must not have blanks or any of <>\"":     func(o *authentication.Options) { o.Endpoints.OIDCToken = "/oidc/<token>" },

		"authentication: RedirectURI" + wantHTTPS:                            func(o *authentication.Options) { o.RedirectURI = "http://app.example/auth/callback" },
		"authentication: RedirectURI must not carry a user name or password": func(o *authentication.Options) { o.RedirectURI = "https://me:pw@app.example/" },

		"authentication: TokenEndPointAuthMethod" + wantMethod: func(o *authentication.Options) { o.TokenEndPointAuthMethod = oauth.AuthMethod("client_secret_jwt") },
		"authentication: IntrospectionEndPointAuthMethod" + wantMethod: func(o *authentication.Options) {
			o.IntrospectionEndPointAuthMethod = oauth.AuthMethod("client_secret_jwt")
		},
		"authentication: RevocationEndPointAuthMethod" + wantMethod: func(o *authentication.Options) {
			o.RevocationEndPointAuthMethod = oauth.AuthMethod("client_secret_jwt")
		},

		"authentication: oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)": func(o *authentication.Options) { o.RedirectURI = "/auth/callback" },

		// Security I5.
		"authentication: OIDC.IDTokenSigningAlg HS256 needs Secret, which is not set": func(o *authentication.Options) {
			o.Secret, o.Protocol = "", authentication.OIDC{IDTokenSigningAlg: "HS256"}
		},
		"authentication: OIDC.IDTokenSigningAlg HS256 needs a Secret of at least 32 bytes, got 31 (RFC 7518 §3.2)":                             func(o *authentication.Options) { o.Secret = testSecret[1:] },
		"authentication: OIDC.IDTokenSigningAlg HS512 needs a Secret of at least 64 bytes, got 32 (RFC 7518 §3.2)":                             with(authentication.OIDC{IDTokenSigningAlg: "HS512"}),
		`authentication: oidc: IDTokenSigningAlg "none" is not supported, want RS256, PS256, ES256, EdDSA, HS256 or another of their families`: with(authentication.OIDC{IDTokenSigningAlg: "none"}),

		"authentication: LoginLifetime is negative":                                                func(o *authentication.Options) { o.LoginLifetime = -time.Second },
		"authentication: cas: MaxTicket is negative":                                               func(o *authentication.Options) { o.MaxTicket = -1 },
		"authentication: cas: TicketPrefixes has an empty prefix":                                  func(o *authentication.Options) { o.TicketPrefixes = []string{""} },
		"authentication: MaxReply is negative: -1":                                                 func(o *authentication.Options) { o.MaxReply = -1 },
		"authentication: Endpoints.OIDCToken must be a path that begins with / or an absolute URL": func(o *authentication.Options) { o.Endpoints.OIDCToken = "oidc/token" },
		"authentication: Endpoints.JWKS" + wantHTTPS:                                               func(o *authentication.Options) { o.Endpoints.JWKS = "http://core.authing.cn/jwks" },
		"authentication: Endpoints.CASLogin must not have a fragment":                              func(o *authentication.Options) { o.Endpoints.CASLogin = "/cas#login" },
		"authentication: oidc: Issuer must not have a query (OpenID Connect Discovery §3)":         func(o *authentication.Options) { o.Endpoints.Issuer = "/oidc?a=b" },

		`authentication: cas: LogoutParam must be "service" or "url"`: with(authentication.CAS{LogoutParam: cas.LogoutParam("next")}),
		"authentication: protocol blank made no flow":                 with(blankProtocol{name: "blank"}),
		"authentication: Protocol has no name":                        with(blankProtocol{}),
	} {
		o := testOptions()
		change(&o)
		client, err := authentication.NewClient(o)
		require.EqualError(t, err, want)
		assert.Nil(t, client)
		if o.Secret != "" {
			assert.NotContains(t, err.Error(), o.Secret)
		}
	}
}

// Renamed headers are checked by their names.
func TestNewClientRefusesHeaders(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*authentication.Options){
		"Authorization":  func(o *authentication.Options) { o.HeaderNames.AppID = "authorization" },
		"Cookie":         func(o *authentication.Options) { o.HeaderNames.Lang = "cookie" },
		"x app":          func(o *authentication.Options) { o.HeaderNames.AppID = "x app" },
		"X-Authing-Lang": func(o *authentication.Options) { o.Lang = "zh\r\nX-Evil: 1" },
	} {
		o := testOptions()
		change(&o)
		_, err := authentication.NewClient(o)
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "X-Evil")
	}
}

// blankProtocol returns no flow.
type blankProtocol struct{ name string }

func (p blankProtocol) Name() string                                              { return p.name }
func (blankProtocol) NewFlow(authentication.Options) (authentication.Flow, error) { return nil, nil }

// Row 1: trailing slashes are removed, a base path stays, http is for loopback hosts, and there is no default host.
func TestAppHost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		testHost:                        testHost + "/oidc/auth",
		testHost + "/":                  testHost + "/oidc/auth",
		testHost + "////":               testHost + "/oidc/auth",
		testHost + "/base":              testHost + "/base/oidc/auth",
		testHost + "/base/path//":       testHost + "/base/path/oidc/auth",
		testHost + ":8443":              testHost + ":8443/oidc/auth",
		"http://localhost:3000":         "http://localhost:3000/oidc/auth",
		"http://LOCALHOST":              "http://LOCALHOST/oidc/auth",
		"http://127.0.0.1":              "http://127.0.0.1/oidc/auth",
		"http://127.8.8.8:1/x":          "http://127.8.8.8:1/x/oidc/auth",
		"http://[::1]:8080/":            "http://[::1]:8080/oidc/auth",
		"HTTPS://sample-app.authing.cn": "HTTPS://sample-app.authing.cn/oidc/auth",
	} {
		client := newTestClient(t, nil, func(o *authentication.Options) { o.AppHost = host })
		link, err := client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err, host)
		got, _, _ := strings.Cut(link, "?")
		assert.Equal(t, want, got)
	}
	for _, host := range []string{"http://localhost.example", "http://128.0.0.1", "http://127.0.0.1.example", "http://[::2]", "http://0.0.0.0", "http://10.0.0.1"} {
		o := testOptions()
		o.AppHost = host
		_, err := authentication.NewClient(o)
		require.ErrorContains(t, err, "AppHost must be an https URL: http is for loopback hosts only", host)
		o.InsecureAllowHTTP = true
		for _, o.Protocol = range protocols() {
			_, err = authentication.NewClient(o)
			assert.NoError(t, err, "%s %s", o.Protocol.Name(), host)
		}
	}
}

// The empty AuthMethod is client_secret_post too.
func TestAuthMethodDefault(t *testing.T) {
	t.Parallel()
	for _, method := range []oauth.ClientAuth{nil, oauth.AuthMethod(""), oauth.ClientSecretPost} {
		w := always(t, 200, `{"active":false}`)
		client := newTestClient(t, w, func(o *authentication.Options) { o.IntrospectionEndPointAuthMethod = method })
		_, err := client.IntrospectToken(t.Context(), "AT")
		require.NoError(t, err)
		require.Len(t, w.sent, 1)
		assert.Equal(t, "POST /oidc/token/introspection client_id="+testApp+"&client_secret="+testSecret+"&token=AT", w.sent[0].line())
	}
}

// The methods are separate: the method of one endpoint does not change another.
func TestAuthMethodPerEndpoint(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		w := newWire(t, (&capture{}).reply)
		client := newTestClient(t, w, func(o *authentication.Options) {
			o.Protocol = p
			o.TokenEndPointAuthMethod, o.IntrospectionEndPointAuthMethod = oauth.ClientSecretBasic, oauth.None
		})
		_, err := client.GetNewAccessTokenByRefreshToken(t.Context(), "RT")
		require.NoError(t, err)
		_, err = client.IntrospectToken(t.Context(), "AT")
		require.NoError(t, err)
		require.NoError(t, client.RevokeToken(t.Context(), "AT"))
		require.Len(t, w.sent, 3)
		assert.NotEmpty(t, w.sent[0].Header.Get("Authorization"))
		assert.Equal(t, "grant_type=refresh_token&refresh_token=RT", w.sent[0].body)
		assert.Equal(t, "client_id="+testApp+"&token=AT", w.sent[1].body, "security C4")
		assert.Equal(t, "client_id="+testApp+"&client_secret="+testSecret+"&token=AT", w.sent[2].body)
	}
}
