//go:build interop

package keycloak

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// document is a body in XML.
type document []byte

// console has the administrator's token, which all tests share: Keycloak takes long to compare a password.
var console struct {
	sync.Once
	source *oauth.TokenSource
}

func (k *keycloak) adminToken(t *testing.T) string {
	t.Helper()
	console.Do(func() {
		c, err := oauth.NewClient(oauth.Config{
			ClientID: "admin-cli", TokenAuth: oauth.None, HTTPClient: k.http,
			Endpoints: oauth.Endpoints{Token: k.base + "/realms/master/protocol/openid-connect/token"},
		})
		require.NoError(t, err)
		console.source = oauth.NewTokenSource(func(ctx context.Context) (*oauth.Token, error) {
			return c.GetAccessTokenByGrant(ctx, "password", url.Values{"username": {k.admin}, "password": {k.adminPassword}})
		}, nil)
	})
	token, err := console.source.Token(t.Context())
	require.NoError(t, err)
	return token.AccessToken
}

// call is one request to the administration's REST API; a body that is not nil is posted. It returns the body of the
// reply.
func (k *keycloak) call(t *testing.T, path string, body any) []byte {
	t.Helper()

	verb, content, media := http.MethodGet, []byte(nil), "application/json"
	var err error
	switch body := body.(type) {
	case nil:
	case document:
		verb, content, media = http.MethodPost, body, "application/xml"
	default:
		verb = http.MethodPost
		content, err = json.Marshal(body)
		require.NoError(t, err)
	}
	r, err := http.NewRequestWithContext(t.Context(), verb, k.base+"/admin/realms"+path, bytes.NewReader(content))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+k.adminToken(t))
	r.Header.Set("Content-Type", media)
	res, err := k.http.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	reply, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, 2, res.StatusCode/100, "%s: %s", path, reply)
	return reply
}

// rotateKeys gives the realm a new RSA key, which signs from now on.
func (k *keycloak) rotateKeys(t *testing.T, realm string) {
	t.Helper()
	var r struct {
		ID string `json:"id"`
	}
	require.NoError(t, json.Unmarshal(k.call(t, "/"+realm, nil), &r))
	priority := strconv.FormatInt(time.Now().Unix(), 10) // the highest signs, also when the test runs again
	k.call(t, "/"+realm+"/components", map[string]any{
		"name": "next-" + priority, "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider", "parentId": r.ID,
		"config": map[string][]string{
			"priority": {priority}, "algorithm": {"RS256"}, "keySize": {"2048"}, "enabled": {"true"}, "active": {"true"},
		},
	})
}
