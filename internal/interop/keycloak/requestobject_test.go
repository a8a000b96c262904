//go:build interop

package keycloak

import (
	"crypto/elliptic"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func requests(key oauth.SigningKey) func(*oidc.Config) {
	return func(c *oidc.Config) { c.RequestObject = &oauth.RequestObject{Keys: []oauth.SigningKey{key}} }
}

// demandsObjects makes a client of which Keycloak demands requests signed with ES256.
func (k *keycloak) demandsObjects(t *testing.T, more attributes) (oidc.Config, oauth.SigningKey) {
	t.Helper()
	key := oauth.SigningKey{Signer: ecKey(t, elliptic.P256())}
	public, err := key.JWK()
	require.NoError(t, err)
	key.ID = public.ID
	a := attributes{"request.object.signature.alg": "ES256", "request.object.required": "request or request_uri"}
	maps.Copy(a, more)
	maps.Copy(a, jwks(t, public))
	return k.create(t, a, nil), key
}

// Signed requests, which Keycloak demands of this client. It shows the user a page when it refuses one.
func TestRequestObject(t *testing.T) {
	t.Parallel()
	k := server(t)
	cfg, key := k.demandsObjects(t, nil)
	login(t, newClient(t, cfg, requests(key)), k.alice(t))
	another := oauth.SigningKey{ID: key.ID, Signer: ecKey(t, elliptic.P256())}
	for name, change := range map[string]func(*oidc.Config){"another key": requests(another), "no signature": func(*oidc.Config) {}} {
		pending, err := newClient(t, cfg, change).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		_, err = k.alice(t).Visit(t.Context(), pending.URL, pending.RedirectURI)
		var page *formlogin.PageError
		require.ErrorAs(t, err, &page, name)
		assert.Equal(t, 400, page.Status, name)
	}
}

func TestRequestObjectPushed(t *testing.T) {
	t.Parallel()
	k := server(t)
	cfg, key := k.demandsObjects(t, attributes{"require.pushed.authorization.requests": "true"})
	login(t, newClient(t, cfg, requests(key), pushing), k.alice(t))
	another := oauth.SigningKey{ID: key.ID, Signer: ecKey(t, elliptic.P256())}
	_, err := newClient(t, cfg, requests(another), pushing).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.ErrorCode("invalid_request_object"), "another key")
	_, err = newClient(t, cfg, pushing).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidRequest, "no signature")
}
