package oidc_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const httpsOnly = "must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)"

// configMistakes are refused by NewClient with this text, and their twins are accepted.
var configMistakes = map[string]struct {
	bad     func(c *oidc.Config)
	message string
	twin    func(c *oidc.Config)
}{
	"issuer absent": {
		func(c *oidc.Config) { c.Issuer = "" }, "oidc: Issuer is not set",
		func(c *oidc.Config) { c.Issuer, c.Metadata = "", given() },
	},
	"D2 issuer with a query": {
		func(c *oidc.Config) { c.Issuer += "?tenant=1" }, "oidc: Issuer must not have a query (OpenID Connect Discovery §3)",
		func(c *oidc.Config) { c.Issuer += "/tenant/1" },
	},
	"D2 issuer with an empty query": {
		func(c *oidc.Config) { c.Issuer += "?" }, "oidc: Issuer must not have a query (OpenID Connect Discovery §3)",
		func(c *oidc.Config) { c.Issuer += "/" },
	},
	"D2 issuer with a fragment": {
		func(c *oidc.Config) { c.Issuer += "#x" }, "oidc: Issuer must not have a fragment",
		func(c *oidc.Config) { c.Issuer += "/x" },
	},
	"D3 issuer over http": {
		func(c *oidc.Config) { c.Issuer = "http://op.example" }, "oidc: Issuer " + httpsOnly,
		func(c *oidc.Config) { c.Issuer = "http://localhost:8080/realm" },
	},
	"D3 issuer that only begins with localhost": {
		func(c *oidc.Config) { c.Issuer = "http://localhost.op.example" }, "oidc: Issuer " + httpsOnly,
		func(c *oidc.Config) { c.Issuer, c.InsecureAllowHTTP = "http://localhost.op.example", true },
	},
	"K3 Timeout of the keys is negative": {
		func(c *oidc.Config) { c.KeyFetch.Timeout = -1 }, "oidc: KeyFetch.Timeout is negative",
		func(c *oidc.Config) { c.KeyFetch.Timeout = 1 },
	},
	"K3 MinFresh of the keys is negative": {
		func(c *oidc.Config) { c.KeyFetch.MinFresh = -1 }, "oidc: KeyFetch.MinFresh is negative",
		func(c *oidc.Config) { c.KeyFetch.MinFresh = 1 },
	},
	"K3 Fresh of the keys is negative": {
		func(c *oidc.Config) { c.KeyFetch.Fresh = -1 }, "oidc: KeyFetch.Fresh is negative",
		func(c *oidc.Config) { c.KeyFetch.Fresh, c.KeyFetch.MinFresh = 1, 1 },
	},
	"K3 MaxFresh of the keys is negative": {
		func(c *oidc.Config) { c.KeyFetch.MaxFresh = -1 }, "oidc: KeyFetch.MaxFresh is negative",
		func(c *oidc.Config) { c.KeyFetch.MaxFresh, c.KeyFetch.MinFresh = 1, 1 },
	},
	"K3 MaxStale of the keys is negative": {
		func(c *oidc.Config) { c.KeyFetch.MaxStale = -1 }, "oidc: KeyFetch.MaxStale is negative",
		func(c *oidc.Config) { c.KeyFetch.MaxStale = 1 },
	},
	"K3 CoolDown of the keys is negative": {
		func(c *oidc.Config) { c.KeyFetch.CoolDown = -1 }, "oidc: KeyFetch.CoolDown is negative",
		func(c *oidc.Config) { c.KeyFetch.CoolDown = 1 },
	},
	"keys are fresh for less than the least": {
		func(c *oidc.Config) { c.KeyFetch.MaxFresh = time.Minute }, "oidc: KeyFetch.MaxFresh is shorter than KeyFetch.MinFresh",
		func(c *oidc.Config) { c.KeyFetch.MinFresh, c.KeyFetch.MaxFresh = time.Minute, time.Minute },
	},
	"K3 keys without Cache-Control are fresh for less than the least": {
		func(c *oidc.Config) { c.KeyFetch.Fresh = 5*time.Minute - 1 }, "oidc: KeyFetch.Fresh is shorter than KeyFetch.MinFresh",
		func(c *oidc.Config) { c.KeyFetch.Fresh = 5 * time.Minute },
	},
	"K3 keys without Cache-Control are fresh for more than the most": {
		func(c *oidc.Config) { c.KeyFetch.Fresh = 24*time.Hour + 1 }, "oidc: KeyFetch.Fresh is longer than KeyFetch.MaxFresh",
		func(c *oidc.Config) { c.KeyFetch.Fresh = 24 * time.Hour },
	},
	"issuer relative": {
		func(c *oidc.Config) { c.Issuer = "op.example" }, "oidc: Issuer must be an absolute URL such as https://example.com",
		func(c *oidc.Config) { c.Issuer = "https://op.example:8443" },
	},
	"issuer with a password": {
		func(c *oidc.Config) { c.Issuer = "https://user:pw@op.example" }, "oidc: Issuer must not carry a user name or password",
		func(c *oidc.Config) { c.Issuer = "https://op.example/@user" },
	},
	"issuer and metadata differ": {
		func(c *oidc.Config) { c.Metadata = given(); c.Issuer += "/" },
		`oidc: Issuer is "https://op.example/" and Metadata.Issuer is "https://op.example": they must be equal`,
		func(c *oidc.Config) { c.Metadata = given() },
	},
	"metadata with an endpoint over http": {
		func(c *oidc.Config) { c.Metadata = given(); c.Metadata.TokenEndpoint = "http://op.example/token" },
		"oauth: discovery refused (endpoint): token_endpoint " + httpsOnly,
		func(c *oidc.Config) { c.Metadata = given(); c.Metadata.TokenEndpoint = "http://127.0.0.1/token" },
	},
	"an endpoint of the user's over http": {
		func(c *oidc.Config) { c.Endpoints.JWKS = "http://op.example/jwks" }, "oidc: Endpoints.JWKS " + httpsOnly,
		func(c *oidc.Config) { c.Endpoints.JWKS = "http://127.0.0.1/jwks" },
	},
	"an endpoint of the user's without a host": {
		func(c *oidc.Config) { c.Endpoints.Revocation = "/revoke" }, "oidc: Endpoints.Revocation must be an absolute URL such as https://example.com",
		func(c *oidc.Config) { c.Endpoints.Revocation = "https://op.example/revoke" },
	},
	"I3 alg none": {
		func(c *oidc.Config) { c.IDTokenSigningAlg = "none" },
		`oidc: IDTokenSigningAlg "none" is not supported, want RS256, PS256, ES256, EdDSA, HS256 or another of their families`,
		func(c *oidc.Config) { c.IDTokenSigningAlg = "ES512" },
	},
	"access token alg in small letters": {
		func(c *oidc.Config) { c.AccessTokenSigningAlg = "rs256" },
		`oidc: AccessTokenSigningAlg "rs256" is not supported, want RS256, PS256, ES256, EdDSA, HS256 or another of their families`,
		func(c *oidc.Config) { c.AccessTokenSigningAlg = "RS256" },
	},
	"unknown auth method": {
		func(c *oidc.Config) { c.TokenAuth = oauth.AuthMethod("post") },
		`oauth: TokenAuth: unknown auth method "post", want client_secret_basic, client_secret_post, none, tls_client_auth or self_signed_tls_client_auth`,
		func(c *oidc.Config) { c.TokenAuth = oauth.AuthMethod("") },
	},
	"none with a secret": {
		func(c *oidc.Config) { c.RevocationAuth = oauth.None },
		"oauth: RevocationAuth: none never sends a secret, but ClientSecret is set: remove one of them",
		func(c *oidc.Config) { c.RevocationAuth, c.ClientSecret = oauth.None, "" },
	},
	"redirect URI relative": {
		func(c *oidc.Config) { c.RedirectURI = "/callback" }, "oauth: RedirectURI must be an absolute URI without a fragment (RFC 6749 §3.1.2)",
		func(c *oidc.Config) { c.RedirectURI = "com.example.app:/callback" },
	},
	"redirect URI http": {
		func(c *oidc.Config) { c.RedirectURI = "http://app.example/callback" }, "oauth: RedirectURI must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)",
		func(c *oidc.Config) { c.RedirectURI, c.InsecureAllowHTTP = "http://app.example/callback", true },
	},
	"skew negative": {
		func(c *oidc.Config) { c.Skew = -time.Second }, "oidc: Skew is negative: use NoSkew for none",
		func(c *oidc.Config) { c.Skew = oidc.NoSkew },
	},
	"login lifetime negative": {
		func(c *oidc.Config) { c.LoginLifetime = -1 }, "oauth: LoginLifetime is negative",
		func(c *oidc.Config) { c.LoginLifetime = 1 },
	},
	"reply limit negative": {
		func(c *oidc.Config) { c.MaxReply = -1 }, "oidc: MaxReply is negative: -1",
		func(c *oidc.Config) { c.MaxReply = 1 },
	},
	"header of its own": {
		func(c *oidc.Config) { c.Header = http.Header{"authorization": {"Basic x"}} }, "oidc: Authorization in Header is not allowed: each call sets its own",
		func(c *oidc.Config) { c.Header = http.Header{"X-Tenant": {"1"}} },
	},
}

func TestNewClientRefuses(t *testing.T) {
	t.Parallel()
	for name, m := range configMistakes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad, twin := newTrial().config, newTrial().config
			m.bad(&bad)
			client, err := oidc.NewClient(bad)
			require.EqualError(t, err, m.message)
			assert.Nil(t, client)
			m.twin(&twin)
			client, err = oidc.NewClient(twin)
			require.NoError(t, err)
			assert.NotNil(t, client)
		})
	}
}

func TestConfigHeaderIsSentEverywhere(t *testing.T) {
	t.Parallel()
	tr, p := newTrial(), newProvider(t)
	tr.config.Header = http.Header{"X-Tenant": {"t1"}}
	_, err := p.login(p.client(tr.config), tr, "")
	require.NoError(t, err)
	for _, path := range []string{wellKnown, "/jwks", "/token"} {
		assert.Equal(t, "t1", p.request(path).Header.Get("X-Tenant"), path)
	}
	assert.Empty(t, p.request("/jwks").Header.Get("Authorization"))
	assert.Empty(t, p.request(wellKnown).Header.Get("Authorization"))
}

func TestNilContextIsAnError(t *testing.T) {
	t.Parallel()
	tr, p := newTrial(), newProvider(t)
	client := p.client(tr.config)
	var none context.Context
	_, err := client.Metadata(none)
	require.EqualError(t, err, "oidc: the context is nil")
	_, err = client.VerifyIDToken(none, tr.token(t), tr.expect)
	require.EqualError(t, err, "oidc: the context is nil")
	tr.config.Metadata = given()
	_, err = p.client(tr.config).VerifyIDToken(none, tr.token(t), tr.expect)
	require.EqualError(t, err, "oidc: the context is nil")
	assert.Zero(t, p.total())
}
