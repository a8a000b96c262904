package authtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

const authQuery = "/oidc/auth?client_id=" + authtest.AppID + "&response_type=code&scope=openid&state=s&redirect_uri="

func TestLoginUsers(t *testing.T) {
	t.Parallel()
	idp := &authtest.Server{Users: []idptest.User{
		{Username: "ada", Password: "1"},
		{Username: "bob", Password: "2", Email: "bob@example.com", Phone: "+15555550101", Subject: "sub-bob"},
		{Email: "only@example.com", Password: "3", Subject: "sub-only"},
	}}
	j := start(t, idp)
	for user, want := range map[string]string{"": "ada", "ada": "ada", "bob": "bob", "bob@example.com": "bob", "+15555550101": "bob", "sub-bob": "bob"} {
		callback, err := idp.Login(t.Context(), j.url+casPath+"/login?"+form("service", service).Encode(), user)
		require.NoError(t, err)
		assert.Equal(t, "yes\n"+want+"\n", j.validate("validate", callback.URL.Query().Get("ticket")))
	}
	_, err := idp.Login(t.Context(), j.authURL("/oidc/auth"), "only@example.com")
	assert.NoError(t, err)
	_, err = idp.Login(t.Context(), j.authURL("/oidc/auth"), "nobody")
	assert.EqualError(t, err, `idptest: there is no user "nobody"`)
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	idp := &authtest.Server{BaseURL: "https://id.example.com/tenant/"}
	j := start(t, idp)
	for _, prefix := range []string{"/tenant", ""} {
		_, document := j.get(prefix+"/oidc/.well-known/openid-configuration", nil)
		assert.Equal(t, "https://id.example.com/tenant/oidc", document["issuer"])
		assert.Equal(t, "https://id.example.com/tenant/oidc/auth", document["authorization_endpoint"])
	}
	callback, err := idp.Login(t.Context(), "https://id.example.com/tenant"+authQuery+"http%3A%2F%2Flocalhost%2Fcb", "")
	require.NoError(t, err)
	status, reply := j.redeem("/tenant/oidc/token", callback.URL.Query().Get("code"), "redirect_uri", "http://localhost/cb")
	granted(t, status, reply)
	assert.Equal(t, "https://id.example.com/tenant/oidc", j.claims(text(reply, "id_token"), "HS256")["iss"])
	assert.Equal(t, 2, idp.Requests("/oidc/.well-known/openid-configuration"))
}
