//go:build interop

package oidcprovider

import (
	"crypto"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// fapiClient is a client of the issuer that demands what FAPI 2.0 does.
type fapiClient struct {
	*oidc.Client
	id        string
	transport http.RoundTripper
}

// fapi makes one with the least settings: the profile, how it authenticates, and what binds the tokens.
func (p *op) fapi(t *testing.T, id, certificate string, change ...func(*oidc.Config)) fapiClient {
	t.Helper()
	right, transport := p.overTLS(t, certificate)
	cfg := oidc.Config{Profile: oidc.FAPI2, ClientID: id, RedirectURI: "https" + p.callback[len("http"):], IDTokenSigningAlg: "PS256"}
	right(&cfg)
	cfg.Issuer = p.fapiBase
	if certificate != "" {
		authBy(oauth.TLSClientAuth)(&cfg)
		cfg.CertificateBoundTokens = true
	} else {
		authBy(oauth.PrivateKeyJWT{Keys: p.signer()})(&cfg)
		cfg.DPoP = newDPoP(t)
	}
	return fapiClient{newClient(t, cfg, change...), id, transport}
}

func (p *op) signer() []oauth.SigningKey {
	return []oauth.SigningKey{{ID: "rp-es256", Signer: p.keys["rp-es256"].(crypto.Signer)}}
}

// begin walks to the callback.
func (c fapiClient) begin(t *testing.T, o oidc.AuthorizeOptions) (*oidc.Login, *http.Request) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	pushedOnly(t, login.URL, c.id)
	who, err := formlogin.New("alice", "wonderland", c.transport)
	require.NoError(t, err)
	callback, err := who.Visit(t.Context(), login.URL, login.RedirectURI)
	require.NoError(t, err)
	return login, callback
}

// login is a whole login, and what comes after it.
func (c fapiClient) login(t *testing.T) *oidc.Result {
	t.Helper()
	login, callback := c.begin(t, oidc.AuthorizeOptions{Scope: "openid email offline_access", Prompt: "consent"})
	result, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	require.NotZero(t, result.Token.Binding)
	user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: "alice", Binding: result.Token.Binding})
	require.NoError(t, err)
	assert.Equal(t, "alice@example.test", user.Email)
	next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken, Binding: result.Token.Binding})
	require.NoError(t, err)
	assert.Equal(t, result.Token.Binding, next.Token.Binding)
	return next
}

// A login with each of the ways that the profile permits. The provider demands them.
func TestFAPI2(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for id, certificate := range map[string]string{"fapi-dpop": "", "fapi-dpop-nonce": "", "fapi-mtls": "mtls-ca"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := p.fapi(t, id, certificate)
			result := c.login(t)
			seen, err := c.IntrospectToken(t.Context(), result.Token.AccessToken)
			require.NoError(t, err)
			assert.Equal(t, result.Token.Binding, seen.Binding)
		})
	}
}

// What the profile turns on is demanded: a client that lacks one part is refused by the provider.
func TestFAPI2Demanded(t *testing.T) {
	t.Parallel()
	p := provider(t)
	plain := func(c *oidc.Config) { c.Profile = "" }
	_, err := p.fapi(t, "fapi-dpop", "", plain, func(c *oidc.Config) {
		c.TokenAuth = oauth.PrivateKeyJWT{Keys: p.signer(), Audience: p.fapiBase + "/token"}
	}).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidClient, "an assertion for another audience than the issuer")
	_, err = p.fapi(t, "fapi-mtls", "mtls-self", plain).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidClient, "another certificate")
	_, err = p.fapi(t, "fapi-dpop", "", plain, func(c *oidc.Config) { c.AllowNoPKCE = true }).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidRequest, "no PKCE")

	c := p.fapi(t, "fapi-dpop", "", plain, func(c *oidc.Config) { c.DPoP = nil })
	login, callback := c.begin(t, oidc.AuthorizeOptions{})
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.InvalidGrant, "no key")
}

func (p *op) messageSigning(c *oidc.Config) {
	c.Profile, c.RequestObject = oidc.FAPI2MessageSigning, &oauth.RequestObject{Keys: p.signer()}
	c.AuthorizationSigningAlg, c.IntrospectionSigningAlg = "PS256", "PS256"
}

// Requests, responses and introspections are signed.
func TestFAPI2MessageSigning(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.fapi(t, "fapi-signed", "", p.messageSigning)
	result := c.login(t)
	seen, err := c.IntrospectToken(t.Context(), result.Token.AccessToken)
	require.NoError(t, err)
	assert.True(t, seen.Active)
	login, callback := c.begin(t, oidc.AuthorizeOptions{
		Resource: resource, AuthorizationDetails: details(t, payment{Type: "payment_initiation", Actions: []string{"initiate"}, Amount: "12.30"}),
	})
	assert.NotEmpty(t, responseOf(t, callback))
	paid, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	granted(t, paid.Token.AuthorizationDetails)

	for name, change := range map[string]func(*oidc.Config){
		"no request object": func(c *oidc.Config) { c.RequestObject = nil },
		"a plain response":  func(c *oidc.Config) { c.AuthorizationSigningAlg = "" },
	} {
		_, err := p.fapi(t, "fapi-signed", "", p.messageSigning, func(c *oidc.Config) { c.Profile = "" }, change).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.ErrorIs(t, err, oauth.InvalidRequest, name)
	}
}

// The same through package authentication, as an application with authentication/web has it.
func TestFAPI2OfTheFacade(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.fapi(t, "fapi-signed", "", p.messageSigning)
	flow := authentication.FromOIDC(c.Client)
	login, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"})
	require.NoError(t, err)
	who, err := formlogin.New("alice", "wonderland", c.transport)
	require.NoError(t, err)
	callback, err := who.Visit(t.Context(), login.URL, "https://127.0.0.1:")
	require.NoError(t, err)
	require.Equal(t, login.Key, flow.LoginKey(callback))
	identity, err := flow.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	assert.Equal(t, p.fapiBase+" alice", identity.Issuer+" "+identity.Subject)
	next, err := flow.(authentication.RefreshFlow).Refresh(t.Context(), identity)
	require.NoError(t, err)
	assert.Equal(t, identity.Token.Binding, next.Token.Binding)
}
