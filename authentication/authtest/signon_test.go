package authtest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

// goes opens an address and says where the browser is sent: "login" or a parameter of the callback.
func (j *journey) goes(address string) string {
	j.t.Helper()
	response, _ := j.visit(address)
	to, err := response.Location()
	require.NoError(j.t, err)
	if strings.HasPrefix(to.Path, "/interaction/") {
		return "login"
	}
	if code := to.Query().Get("error"); code != "" {
		return code
	}
	require.NotEmpty(j.t, to.Query().Get("code"))
	return "code"
}

// One session serves every protocol.
func TestSingleSignOn(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	assert.Equal(t, "login_required", j.goes(j.authURL("/oidc/auth", "prompt", "none")))
	assert.NotEmpty(t, j.signIn(j.authURL("/oidc/auth")).Query().Get("code"))
	assert.Equal(t, "code", j.goes(j.authURL("/oidc/auth", "prompt", "none")))
	assert.Equal(t, "code", j.goes(j.authURL("/oauth/auth")))
	for _, path := range []string{"/cas-idp/" + authtest.AppID, "/cas"} {
		response, _ := j.visit(j.url + path + "/login?" + form("service", homeURI).Encode())
		assert.Contains(t, response.Header.Get("Location"), homeURI+"?ticket=ST-", path)
	}

	j = start(t, &authtest.Server{SAMLApps: []samltest.App{{ACSURLs: []string{acsURL}}}})
	person := j.person()
	prompted, err := person.Open(t.Context(), j.authURL("/oidc/auth", "prompt", "none"), nil)
	require.NoError(t, err)
	assert.Equal(t, "login_required", prompted.URL.Query().Get("error"))
	_, response := j.samlLogin(person, authtest.AppID)
	assert.NotEmpty(t, response.Assertion.Attributes)
	callback, err := person.Open(t.Context(), j.authURL("/oidc/auth", "prompt", "none"), nil)
	require.NoError(t, err)
	assert.NotEmpty(t, callback.URL.Query().Get("code"))
}
