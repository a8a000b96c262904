//go:build interop

package oidcprovider

import (
	"io"
	"net/http"
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

// sealedResponse pins how it is signed and encrypted, too.
func sealedResponse(signed, alg, enc string, keys ...oidc.DecryptionKey) func(*oidc.Config) {
	return func(c *oidc.Config) {
		c.AuthorizationSigningAlg, c.AuthorizationEncryptionAlg, c.AuthorizationEncryptionEnc, c.DecryptionKeys = signed, alg, enc, keys
	}
}

// jarmBegin walks to the callback; a fragment is posted, as the page of the application does it.
func jarmBegin(t *testing.T, c *oidc.Client, o oidc.AuthorizeOptions) (*oidc.Login, *http.Request) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	callback := visit(t, person(t), login.URL, login.RedirectURI)
	if callback.URL.Fragment != "" {
		callback = formlogin.PostFragment(callback)
	}
	return login, callback
}

// responseOf is the JWT of a callback, which has nothing else. The callback can still be read.
func responseOf(t *testing.T, r *http.Request) string {
	t.Helper()
	sent := r.URL.Query()
	if r.Method == http.MethodPost {
		sent = parameters(t, r)
		r.Body = io.NopCloser(strings.NewReader(sent.Encode()))
	}
	assert.Len(t, sent, 1)
	return sent.Get("response")
}

// The provider's clients have these settings, and no other mode of response.
func jarmClients(t *testing.T, p *op) map[string]func(*oidc.Config) {
	t.Helper()
	rs, ec := p.secret(t, "rp-enc-rsa"), p.secret(t, "rp-enc-ec")
	return map[string]func(*oidc.Config){
		"jarm-es256":  responseJWT("ES256"),
		"jarm-hs256":  responseJWT("HS256"),
		"jarm-enc":    sealedResponse("RS256", "RSA-OAEP", "A256GCM", rs),
		"jarm-enc-ec": sealedResponse("PS256", "ECDH-ES", "A128CBC-HS256", ec, rs),
	}
}

// Each mode, signed, and signed and encrypted. The callback has one parameter. The empty mode is jwt.
func TestJARM(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for id, change := range jarmClients(t, p) {
		for _, mode := range []oauth.ResponseMode{
			"", oauth.ResponseModeJWT, oauth.ResponseModeQueryJWT, oauth.ResponseModeFragmentJWT, oauth.ResponseModeFormPostJWT,
		} {
			t.Run(id+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				c := p.oidcClient(t, id, change)
				login, callback := jarmBegin(t, c, oidc.AuthorizeOptions{ResponseMode: mode})
				parts := 3
				if strings.HasPrefix(id, "jarm-enc") {
					parts = 5
				}
				assert.Len(t, strings.Split(responseOf(t, callback), "."), parts)
				assert.Equal(t, login.State, c.LoginKey(callback))
				result, err := c.CompleteLogin(t.Context(), login, callback)
				require.NoError(t, err)
				assert.Equal(t, "alice", result.IDToken.Subject)
			})
		}
	}
}

// The response types that put tokens into the response.
func TestJARMOfOtherResponseTypes(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oidcClient(t, "jarm-hybrid", responseJWT("ES256"), front)
	for _, kind := range endings()[1:] {
		for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeFragmentJWT, oauth.ResponseModeFormPostJWT} {
			login, callback := jarmBegin(t, c, oidc.AuthorizeOptions{ResponseType: kind, ResponseMode: mode})
			assert.NotEmpty(t, responseOf(t, callback))
			result, err := c.CompleteLogin(t.Context(), login, callback)
			require.NoError(t, err, "%s %s", kind, mode)
			assert.Equal(t, "alice", result.IDToken.Subject)
		}
	}
}

// Refusals of the server are in the JWT.
func TestJARMError(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for id, change := range jarmClients(t, p) {
		c := p.oidcClient(t, id, change)
		login, callback := jarmBegin(t, c, oidc.AuthorizeOptions{Prompt: "none"})
		assert.NotEmpty(t, responseOf(t, callback))
		_, err := c.CompleteLogin(t.Context(), login, callback)
		require.ErrorIs(t, err, oauth.LoginRequired, id)
	}
}
