//go:build interop

package keycloak

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// create makes an application as an administrator does, with these attributes and fields of a client, and returns its
// configuration.
func (k *keycloak) create(t *testing.T, a attributes, fields map[string]any) oidc.Config {
	t.Helper()
	cfg := k.config("made-" + rand.Text())
	known := attributes{"post.logout.redirect.uris": "+", "pkce.code.challenge.method": "S256"}
	maps.Copy(known, a)
	client := map[string]any{
		"clientId": cfg.ClientID, "secret": cfg.ClientSecret, "protocol": "openid-connect", "attributes": known,
		"redirectUris": []string{"http://127.0.0.1/*"}, "publicClient": false, "frontchannelLogout": false,
	}
	maps.Copy(client, fields)
	k.call(t, "/interop/clients", client)
	return cfg
}

func newClient(t *testing.T, cfg oidc.Config, change ...func(*oidc.Config)) *oidc.Client {
	t.Helper()
	for _, f := range change {
		f(&cfg)
	}
	c, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	return c
}

// jwks is the attributes of a client that has these public keys.
func jwks(t *testing.T, keys ...oauth.JWK) attributes {
	t.Helper()
	public, err := json.Marshal(oauth.JWKSet(keys))
	require.NoError(t, err)
	return attributes{"use.jwks.string": "true", "jwks.string": string(public)}
}

// application is one that Keycloak itself tells of logouts. The browser's walk ends before it.
type application struct {
	*oidc.Client
	config oidc.Config

	mu       sync.Mutex
	requests []*oidc.LogoutRequest
	bodies   []string
}

// application registers one with these attributes for its address.
func (k *keycloak) application(t *testing.T, a func(home string) attributes) *application {
	t.Helper()
	app := &application{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.told(t, w, r) }))
	t.Cleanup(server.Close)
	app.config = k.create(t, a(server.URL), nil)
	app.Client = newClient(t, app.config)
	return app
}

func (a *application) told(t *testing.T, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	r.Body = io.NopCloser(bytes.NewReader(body))
	q, err := a.ReceiveLogout(r.Context(), r)
	if assert.NoError(t, oidc.AnswerLogout(r.Context(), w, q, err)) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.requests, a.bodies = append(a.requests, q), append(a.bodies, string(body))
	}
}

// notice is the only one that came.
func (a *application) notice(t *testing.T) (*oidc.LogoutRequest, string) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	require.Len(t, a.requests, 1)
	return a.requests[0], a.bodies[0]
}
