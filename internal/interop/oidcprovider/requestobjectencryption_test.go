//go:build interop

package oidcprovider

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func sealedRequest(alg, enc string) func(*oidc.Config) {
	return func(c *oidc.Config) { c.RequestObjectEncryptionAlg, c.RequestObjectEncryptionEnc = alg, enc }
}

// Request objects, signed and then encrypted to the provider's keys. The provider takes those that are not encrypted, too.
func TestRequestObjectEncrypted(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, row := range []struct{ alg, enc string }{
		{"ECDH-ES", "A256GCM"}, {"ECDH-ES+A128KW", "A128CBC-HS256"}, {"ECDH-ES+A256KW", "A256CBC-HS512"},
		{"RSA-OAEP", "A128GCM"}, {"RSA-OAEP-256", "A192CBC-HS384"},
	} {
		t.Run(row.alg, func(t *testing.T) {
			t.Parallel()
			c := p.oidcClient(t, "jar-enc", p.signing, sealedRequest(row.alg, row.enc))
			login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid email"})
			require.NoError(t, err)
			address, err := url.Parse(login.URL)
			require.NoError(t, err)
			object := address.Query().Get("request")
			assert.Equal(t, 4, strings.Count(object, "."))
			assert.Equal(t, []any{row.alg, row.enc}, []any{header(t, object)["alg"], header(t, object)["enc"]})
			result, err := c.CompleteLogin(t.Context(), login, visit(t, person(t), login.URL, login.RedirectURI))
			require.NoError(t, err)
			assert.True(t, result.Token.HasScope("email"))

			query := address.Query()
			query.Set("request", flipped(object))
			address.RawQuery = query.Encode()
			assert.Equal(t, "invalid_request_object", visit(t, person(t), address.String(), login.RedirectURI).URL.Query().Get("error"), "changed on the way")

			pushed := p.oidcClient(t, "jar-enc", p.signing, sealedRequest(row.alg, row.enc), pushing)
			login, callback := oidcBegin(t, pushed, person(t), oidc.AuthorizeOptions{})
			pushedOnly(t, login.URL, "jar-enc")
			_, err = pushed.CompleteLogin(t.Context(), login, callback)
			require.NoError(t, err)
		})
	}
}

func TestRequestObjectEncryptionThatIsMissing(t *testing.T) {
	t.Parallel()
	p := provider(t) // TestRequestObjectEncrypted has the accepted twins
	_, err := p.oidcClient(t, "jar-enc", p.signing, sealedRequest("ECDH-ES+A192KW", "A256GCM")).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorContains(t, err, "request_object_encryption_alg_values_supported")
}
