//go:build interop

package keycloak

import (
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// responseJWT pins how the authorization response is signed.
func responseJWT(alg string) func(*oidc.Config) {
	return func(c *oidc.Config) { c.AuthorizationSigningAlg = alg }
}

// jarmModes are all modes; the empty one is jwt.
func jarmModes() []oauth.ResponseMode {
	return []oauth.ResponseMode{"", oauth.ResponseModeJWT, oauth.ResponseModeQueryJWT, oauth.ResponseModeFragmentJWT, oauth.ResponseModeFormPostJWT}
}

// jarmBegin walks to the callback; a fragment is posted, as the page of the application does it. It returns the JWT.
func (k *keycloak) jarmBegin(t *testing.T, c *oidc.Client, o oidc.AuthorizeOptions) (*oidc.Login, *http.Request, string) {
	t.Helper()
	pending, back := begin(t, c, k.alice(t), o)
	if back.URL.Fragment != "" {
		back = formlogin.PostFragment(back)
	}
	sent := back.URL.Query()
	if back.Method == http.MethodPost {
		body, err := io.ReadAll(back.Body)
		require.NoError(t, err)
		back.Body = io.NopCloser(strings.NewReader(string(body)))
		sent, err = url.ParseQuery(string(body))
		require.NoError(t, err)
	}
	assert.Empty(t, sent.Get("code")+sent.Get("state"))
	return pending, back, sent.Get("response")
}

// jarm makes a client whose responses are signed with alg. Without the first attribute the JWT has iss twice.
func (k *keycloak) jarm(t *testing.T, alg string, more attributes) oidc.Config {
	t.Helper()
	a := attributes{"exclude.issuer.from.auth.response": "true", "authorization.signed.response.alg": alg}
	maps.Copy(a, more)
	return k.create(t, a, nil)
}

// A signed response in each mode. Keycloak demands none of a client: whoever asks for a JWT gets one.
func TestJARM(t *testing.T) {
	t.Parallel()
	k := server(t)
	cfg := k.jarm(t, "ES256", nil)
	c := newClient(t, cfg, responseJWT("ES256"))
	for _, mode := range jarmModes() {
		pending, back, response := k.jarmBegin(t, c, oidc.AuthorizeOptions{ResponseMode: mode})
		assert.Len(t, strings.Split(response, "."), 3)
		result, err := c.CompleteLogin(t.Context(), pending, back)
		require.NoError(t, err, mode)
		assert.Equal(t, []string{cfg.ClientID}, result.IDToken.Audience)
	}

	pending, back, _ := k.jarmBegin(t, c, oidc.AuthorizeOptions{Prompt: "none"})
	_, err := c.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oauth.LoginRequired)

	pending, back, _ = k.jarmBegin(t, c, oidc.AuthorizeOptions{})
	_, err = newClient(t, cfg, responseJWT("PS256")).CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oidc.CheckAlgorithm)
	_, other, _ := k.jarmBegin(t, newClient(t, k.jarm(t, "ES256", nil), responseJWT("ES256")), oidc.AuthorizeOptions{})
	_, err = c.CompleteLogin(t.Context(), pending, other)
	require.ErrorIs(t, err, oidc.CheckAudience, "the response to another client")
	_, err = c.CompleteLogin(t.Context(), pending, back)
	require.NoError(t, err)
}

// Keycloak puts iss into the JWT twice (its issue 44563), and one of the two could be anything (RFC 7519 §4). TestJARM has
// the accepted twin.
func TestJARMWithTwoIssuers(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := newClient(t, k.jarm(t, "ES256", attributes{"exclude.issuer.from.auth.response": "false"}), responseJWT("ES256"))
	pending, back, _ := k.jarmBegin(t, c, oidc.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oidc.CheckFormat)
	require.ErrorContains(t, err, "twice")
}

// A response that is signed, and encrypted to a key that Keycloak has from the client.
func TestJARMEncrypted(t *testing.T) {
	t.Parallel()
	k := server(t)
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for alg, row := range map[string]struct {
		enc     string
		private any
	}{
		"RSA-OAEP-256": {"A256GCM", rs}, "ECDH-ES": {"A128CBC-HS256", ecKey(t, elliptic.P256())},
	} {
		key := oidc.DecryptionKey{Alg: alg, Private: row.private}
		public, err := key.JWK()
		require.NoError(t, err)
		a := attributes{
			"authorization.encrypted.response.alg": alg, "authorization.encrypted.response.enc": row.enc,
		}
		maps.Copy(a, jwks(t, public))
		cfg := k.jarm(t, "PS256", a)
		c := newClient(t, cfg, func(c *oidc.Config) {
			c.AuthorizationSigningAlg, c.AuthorizationEncryptionAlg, c.AuthorizationEncryptionEnc = "PS256", alg, row.enc
			c.DecryptionKeys = []oidc.DecryptionKey{key}
		})
		for _, mode := range jarmModes() {
			pending, back, response := k.jarmBegin(t, c, oidc.AuthorizeOptions{ResponseMode: mode})
			assert.Len(t, strings.Split(response, "."), 5)
			_, err := c.CompleteLogin(t.Context(), pending, back)
			require.NoError(t, err, "%s %s", alg, mode)
		}
		pending, back, _ := k.jarmBegin(t, c, oidc.AuthorizeOptions{})
		_, err = newClient(t, cfg, responseJWT("PS256")).CompleteLogin(t.Context(), pending, back)
		require.ErrorIs(t, err, oidc.CheckEncrypted)
	}
}
