//go:build interop

package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
)

// realm is the running Keycloak's, with its administrator.
type realm struct {
	t     *testing.T
	facts map[string]string
	token string
	pages *loginPages
}

func newRealm(t *testing.T) *realm {
	t.Helper()
	facts, err := interop.Facts("keycloak")
	require.NoError(t, err)
	k := &realm{t: t, facts: facts, pages: &loginPages{user: "#username", password: "#password", submit: "#kc-login", follows: true, name: "alice", secret: "wonderland"}}
	var answer struct {
		Token string `json:"access_token"`
	}
	form := url.Values{"client_id": {"admin-cli"}, "grant_type": {"password"}, "username": {facts["ADMIN"]}, "password": {facts["ADMIN_PASSWORD"]}}
	body := k.call("/realms/master/protocol/openid-connect/token", "application/x-www-form-urlencoded", []byte(form.Encode()))
	require.NoError(t, json.Unmarshal(body, &answer))
	k.token = answer.Token
	return k
}

// call is a POST, or a GET where there is no body.
func (k *realm) call(path, media string, body []byte) []byte {
	k.t.Helper()
	verb := http.MethodPost
	if body == nil {
		verb = http.MethodGet
	}
	r, err := http.NewRequestWithContext(k.t.Context(), verb, k.facts["BASE_URL"]+path, bytes.NewReader(body))
	require.NoError(k.t, err)
	r.Header.Set("Content-Type", media)
	if k.token != "" {
		r.Header.Set("Authorization", "Bearer "+k.token)
	}
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	require.NoError(k.t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	require.NoError(k.t, err)
	require.Equal(k.t, 2, res.StatusCode/100, "%s: %s", path, answer)
	return answer
}

// register makes a client. The fields are those of its JSON in the administrator's REST API.
func (k *realm) register(client, fields map[string]any, attributes map[string]string) {
	k.t.Helper()
	known, ok := client["attributes"].(map[string]any)
	require.True(k.t, ok)
	for name, value := range attributes {
		known[name] = value
	}
	maps.Copy(client, fields)
	body, err := json.Marshal(client)
	require.NoError(k.t, err)
	k.call("/admin/realms/interop/clients", "application/json", body)
}

// oidc is examples/web with this server. It leaves out offline_access: Keycloak gives a refresh token without, and with it
// keeps no session that other applications could join.
func (k *realm) oidc(binary, mode string, fields map[string]any, attributes func(origin string) map[string]string) *site {
	k.t.Helper()
	var users []struct {
		ID string `json:"id"`
	}
	require.NoError(k.t, json.Unmarshal(k.call("/admin/realms/interop/users?exact=true&username=alice", "application/json", nil), &users))
	require.Len(k.t, users, 1)
	f, id, secret := newFront(k.t), "web-"+strings.ToLower(rand.Text()), rand.Text()
	k.register(map[string]any{
		"clientId": id, "secret": secret, "protocol": "openid-connect", "redirectUris": []string{f.origin + "/*"}, "frontchannelLogout": false,
		"attributes": map[string]any{"post.logout.redirect.uris": "+", "pkce.code.challenge.method": "S256"},
	}, fields, attributes(f.origin))
	f.run(k.t, binary, "OIDC_ISSUER="+k.facts["BASE_URL"]+"/realms/interop", "OIDC_CLIENT_ID="+id, "OIDC_CLIENT_SECRET="+secret, "OIDC_RESPONSE_MODE="+mode, "OIDC_SCOPE=openid profile email")
	return &site{front: f, callback: f.origin + "/auth/callback/oidc", protocol: "oidc", subject: users[0].ID, server: k.pages}
}

// saml is examples/web with this identity provider, registered by its metadata.
func (k *realm) saml(binary string, fields map[string]any) *site {
	k.t.Helper()
	f := newFront(k.t)
	f.run(k.t, binary, append(keyFiles(k.t), "SAML_IDP_METADATA_URL="+k.facts["BASE_URL"]+"/realms/interop/protocol/saml/descriptor")...)
	var client map[string]any
	ours := k.call("/admin/realms/interop/client-description-converter", "application/xml", f.metadata(k.t))
	require.NoError(k.t, json.Unmarshal(ours, &client))
	k.register(client, fields, map[string]string{"saml_name_id_format": "username", "saml_force_name_id_format": "true"})
	return &site{front: f, callback: f.origin + "/auth/callback/saml", protocol: "saml", subject: "alice", claim: "admin & co", server: k.pages}
}
