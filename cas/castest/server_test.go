package castest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

func TestOtherMount(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{Path: "/cas"})
	require.True(t, strings.HasSuffix(j.url, "/cas"))
	for _, endpoint := range []string{"serviceValidate", "proxyValidate", "p3/serviceValidate", "p3/proxyValidate", "validate"} {
		ticket := j.ticket()
		assert.Contains(t, j.validate(endpoint, ticket), idptest.Username)
		assert.NotContains(t, j.validate(endpoint, ticket), idptest.Username, "used twice")
		assert.Equal(t, 2, j.idp.Requests("/cas/"+endpoint))
	}
	response, _ := j.visit(j.url + "/logout?" + form("url", homeURI).Encode())
	assert.Equal(t, http.StatusOK, response.StatusCode, "CAS 3.0 ignores url")
	response, _ = j.visit(j.url + "/logout?" + form("service", homeURI).Encode())
	assert.Equal(t, homeURI, response.Header.Get("Location"))
	for _, path := range []string{"/cas", "/cas/another", "/login", "/"} {
		response, _ = j.visit(strings.TrimSuffix(j.url, "/cas") + path)
		assert.Equal(t, http.StatusNotFound, response.StatusCode, path)
	}
}

// Two servers with one Realm are single sign-on; the tickets of one are not those of the other.
func TestOneRealm(t *testing.T) {
	t.Parallel()
	realm := &idptest.Realm{}
	one, two := &castest.Server{Realm: realm, Path: "/one"}, &castest.Server{Realm: realm, Path: "/two"}
	handler := realm.Handler(one, two)
	browser, err := realm.Browser("", one, two)
	require.NoError(t, err)
	visit := func(path string) *http.Request {
		callback, err := browser.Open(t.Context(), "http://cas.test"+path+"?"+form("service", service, "gateway", "true").Encode(), nil)
		require.NoError(t, err)
		require.NotNil(t, callback)
		return callback
	}
	assert.Empty(t, visit("/two/login").FormValue("ticket"))
	_, err = browser.Open(t.Context(), "http://cas.test/one/login?"+form("service", service).Encode(), nil)
	require.NoError(t, err)
	ticket := visit("/two/login").FormValue("ticket")
	assert.NotEmpty(t, ticket, "no password was asked for")
	for path, want := range map[string]string{"/one": "no\n\n", "/two": "yes\nalice\n"} {
		assert.Equal(t, want, get(t, handler, path+"/validate?"+form("service", service, "ticket", ticket).Encode()))
	}
}

func TestMisconfigured(t *testing.T) {
	t.Parallel()
	for server, problem := range map[*castest.Server]string{
		{Attributes: "x"}: "unknown Attributes", {SingleLogout: "x"}: "unknown SingleLogout",
		{Path: "cas"}: "Path is not a path", {Path: "/cas/"}: "Path is not a path", {Path: "/"}: "Path is not a path",
		{Path: "/{app}"}: "Path is not a path", {Path: "/c s"}: "Path is not a path",
	} {
		response, body := start(t, server).visit(strings.TrimSuffix(start(t, server).url, server.Path) + "/login")
		assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
		assert.Contains(t, body, problem)
	}
}

func TestUnknownFault(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	for _, fault := range []idptest.Fault{"castest.None", castest.NoUser.At("/login")} {
		j.idp.Break(fault)
		response, body := j.visit(j.url + "/login")
		assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
		assert.Contains(t, body, "unknown fault "+string(fault))
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{})
	response, body := j.visit(j.url)
	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.Contains(t, body, "Its address is "+j.url+".")
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	j := start(t, &castest.Server{Describe: func(code, text string) string { return "[" + code + "] " + text }})
	for _, format := range []string{"XML", "JSON"} {
		assert.Contains(t, j.validate("serviceValidate", "ST-none", "format", format), "[INVALID_TICKET] the ticket is not valid")
		assert.Contains(t, j.proxied("PGT-none", backend, "format", format), "[BAD_PGT] the proxy-granting ticket is not valid")
	}
}
