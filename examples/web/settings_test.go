package main

import (
	"net"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
)

// A mistake in the settings is one line that names the variable; otherwise the embedded server would replace the real one
// unnoticed.
func TestSettingsRefused(t *testing.T) {
	t.Parallel()
	const id, secret, host = "AUTHING_APP_ID=6110c7a2f04e5b13d9a8e642", "AUTHING_APP_SECRET=9b1f4c7e02d85a63be90417fd3c6a258", "AUTHING_APP_HOST=https://a.authing.cn"
	_, missing := os.Open("x") // its text depends on the system
	for _, test := range []struct {
		want string
		env  []string
	}{
		{"AUTHING_APP_HOST is set, so AUTHING_APP_ID must be set too", []string{host, secret}},
		{"AUTHING_APP_HOST is set, so AUTHING_APP_SECRET must be set too", []string{host, id}},
		{"AUTHING_APP_ID is set, so AUTHING_APP_HOST, AUTHING_APP_SECRET must be set too", []string{id}},
		{"OIDC_ISSUER is set, so OIDC_CLIENT_ID, OIDC_CLIENT_SECRET must be set too", []string{"OIDC_ISSUER=https://op.example"}},
		{`AUTHING_PROTOCOL has "ldap", want oidc, oauth, saml or cas`, []string{"AUTHING_PROTOCOL=oidc ldap"}},
		{`AUTHING_LOGOUT is "x", want authing or expert`, []string{"AUTHING_LOGOUT=x"}},
		{"AUTHING_LOGOUT expert is for oidc, which AUTHING_PROTOCOL leaves out", []string{"AUTHING_LOGOUT=expert", "AUTHING_PROTOCOL=oauth"}},
		{`OIDC_RESPONSE_MODE is "fragment", want query or form_post`, []string{"OIDC_RESPONSE_MODE=fragment"}},
		{`CAS_ALLOW_SHARED_SERVICE is "yes", want false or true`, []string{"CAS_ALLOW_SHARED_SERVICE=yes"}},
		{"CAS_VERSION is set, so CAS_SERVER_URL must be set too", []string{"CAS_VERSION=3.0"}},
		{"SAML_CERT_FILE is set, so SAML_KEY_FILE must be set too", []string{"SAML_CERT_FILE=x"}},
		{"SAML_CERT_FILE, SAML_KEY_FILE: " + missing.Error(), []string{"SAML_CERT_FILE=x", "SAML_KEY_FILE=y"}},
		{"AUTHING_APP_HOST and another server both log in by cas: leave it out of AUTHING_PROTOCOL",
			[]string{id, secret, host, "AUTHING_PROTOCOL=oidc cas", "CAS_SERVER_URL=https://cas.example/cas"}},
	} {
		assert.EqualError(t, demotest.Fails(t, newApp, test.env...), test.want)
	}
	for part, env := range map[string][]string{
		"IDTokenSigningAlg":  {"AUTHING_ID_TOKEN_ALG=none"},
		"SAML_IDP_METADATA":  {"SAML_IDP_METADATA_URL=http://idp.example/"},
		"CAS_SERVER_URL":     {"CAS_SERVER_URL=http://cas.example/cas"},
		"OIDC_ISSUER":        {"OIDC_ISSUER=http://op.example", "OIDC_CLIENT_ID=a", "OIDC_CLIENT_SECRET=b"},
		"Config.BaseURL":     {"AUTHING_EXAMPLE_URL=http://app.example"},
		"127.0.0.1:99999999": {"AUTHING_EXAMPLE_ADDR=127.0.0.1:99999999"},
	} {
		assert.ErrorContains(t, demotest.Fails(t, newApp, env...), part)
	}
	require.NoError(t, demotest.Fails(t, newApp, id, secret, host))
	require.NoError(t, demotest.Fails(t, newApp))
}

func TestAddressInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	defer taken.Close()
	addr := taken.Addr().String()
	assert.EqualError(t, demotest.Fails(t, newApp, "AUTHING_EXAMPLE_ADDR="+addr), addr+" is used by another program: stop it, or set AUTHING_EXAMPLE_ADDR to another address")
}

// Behind a proxy the application has another address than where it listens; over https the cookie says so.
func TestExampleURL(t *testing.T) {
	t.Parallel()
	e := demotest.Start(t, newApp, "AUTHING_EXAMPLE_URL=https://app.example/", "CAS_SERVER_URL=https://cas.example/cas")
	assert.Equal(t, "https://app.example", e.Origin)
	assert.Contains(t, e.Greeting, "https://app.example/auth/callback/cas")
}
