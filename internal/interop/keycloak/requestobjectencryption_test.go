//go:build interop

package keycloak

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Request objects, signed and then encrypted to the key of the realm, which is for RSA-OAEP. Keycloak takes those that are
// not encrypted, too.
func TestRequestObjectEncrypted(t *testing.T) {
	t.Parallel()
	k := server(t)
	cfg, key := k.demandsObjects(t, attributes{"request.object.encryption.alg": "RSA-OAEP", "request.object.encryption.enc": "A256GCM"})
	sealed := func(alg, enc string) func(*oidc.Config) {
		return func(c *oidc.Config) { c.RequestObjectEncryptionAlg, c.RequestObjectEncryptionEnc = alg, enc }
	}
	c := newClient(t, cfg, requests(key), sealed("RSA-OAEP", "A256GCM"))
	pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
	address, err := url.Parse(pending.URL)
	require.NoError(t, err)
	object := address.Query().Get("request")
	assert.Equal(t, 4, strings.Count(object, "."))
	_, err = c.CompleteLogin(t.Context(), pending, back)
	require.NoError(t, err)
	login(t, newClient(t, cfg, requests(key), sealed("RSA-OAEP", "A256GCM"), pushing), k.alice(t))

	query := address.Query()
	query.Set("request", object[:len(object)-12]+"AAAAAAAAAAAA")
	address.RawQuery = query.Encode()
	var page *formlogin.PageError
	_, err = k.alice(t).Visit(t.Context(), address.String(), pending.RedirectURI)
	require.ErrorAs(t, err, &page, "changed on the way")
	for _, wrong := range []func(*oidc.Config){sealed("RSA-OAEP", "A128GCM"), sealed("RSA-OAEP-256", "A256GCM")} {
		pending, err := newClient(t, cfg, requests(key), wrong).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if err != nil { // no key of the realm is for it
			require.ErrorIs(t, err, oauth.DiscoveryAlgorithm)
			continue
		}
		_, err = k.alice(t).Visit(t.Context(), pending.URL, pending.RedirectURI)
		require.ErrorAs(t, err, &page, "another enc than the client's")
	}
}
