package idptest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// What is wrong is said to a caller and to a Login alike.
func TestMisconfiguredRealmSaysSo(t *testing.T) {
	t.Parallel()
	const address, name = "BaseURL is not an http or https address without a query", "Users[1] has no name to log in with"
	named := idptest.User{Username: "ada"}
	tests := map[string]struct {
		realm *idptest.Realm
		fault idptest.Fault
		want  string
	}{
		"nothing is wrong":       {&idptest.Realm{}, idptest.Unavailable, ""},
		"a BaseURL":              {&idptest.Realm{BaseURL: "https://id.example.com/tenant/"}, "", ""},
		"no scheme":              {&idptest.Realm{BaseURL: "id.example.com"}, "", address},
		"another scheme":         {&idptest.Realm{BaseURL: "ftp://id.example.com"}, "", address},
		"a query":                {&idptest.Realm{BaseURL: "https://id.example.com?a=b"}, "", address},
		"users":                  {&idptest.Realm{Users: []idptest.User{{Email: "a@example.com"}, {Phone: "1"}}}, "", ""},
		"a user without a name":  {&idptest.Realm{Users: []idptest.User{named, {Subject: "1"}}}, "", name},
		"another server's fault": {&idptest.Realm{}, "Typo", "unknown fault Typo"},
		"at a path":              {&idptest.Realm{}, idptest.HTML.At("/check"), ""},
		"at no path":             {&idptest.Realm{}, idptest.HTML.At("check"), "unknown fault HTML@check"},
		"not of an application":  {&idptest.Realm{}, TornBadge.For("door"), "unknown fault TornBadge#door"},
		"not to be placed":       {&idptest.Realm{}, TornBadge.At("/check"), "unknown fault TornBadge@/check"},
	}
	for what, test := range tests {
		server := &BadgeServer{Realm: test.realm}
		if test.fault != "" {
			test.realm.Break(test.fault)
		}
		body := get(server, "/nothing").Body.String()
		link := "http://localhost"
		if test.realm.BaseURL != "" && test.want == "" {
			link = test.realm.BaseURL
		}
		_, err := test.realm.Login(t.Context(), server, link+"/login?return=http://localhost:3000/", nil, "")
		if test.want == "" {
			assert.Equal(t, "404 page not found\n", body, what)
			assert.NoError(t, err, what)
			continue
		}
		assert.Equal(t, "idptest: "+test.want+"\n", body, what)
		assert.EqualError(t, err, "idptest: "+test.want, what)
	}
}

func TestBrowserWithoutServers(t *testing.T) {
	t.Parallel()
	_, err := new(idptest.Browser).Open(t.Context(), "http://localhost/login", nil)
	assert.EqualError(t, err, "idptest: /login is not a page of this server")
}

func TestFaultOfOneApplication(t *testing.T) {
	t.Parallel()
	realm := &idptest.Realm{}
	server := &BadgeServer{Realm: realm}
	realm.RegisterFaults(TornBadge.For(""))
	for application, want := range map[string]string{"door": "404 page not found\n", "": "idptest: unknown fault TornBadge#\n"} {
		realm.Break(TornBadge.For(application))
		assert.Equal(t, want, get(server, "/nothing").Body.String())
	}
	realm.Break(TornBadge.For("door"))
	assert.Equal(t, []bool{true, false, false}, []bool{realm.Broken(TornBadge.For("door")), realm.Broken(TornBadge.For("gate")), realm.Broken(TornBadge)})
}

// A server with another Realm, a forgotten field most often, would be no single sign-on.
func TestServerOfAnotherRealm(t *testing.T) {
	t.Parallel()
	const problem = "the server has another Realm than the handler or browser it is used by"
	const link = "http://localhost/login?return=http://localhost:3000/"
	realm := &idptest.Realm{}
	for _, server := range []*BadgeServer{{Realm: realm}, {}} {
		answer := httptest.NewRecorder()
		realm.Handler(server).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, link, nil))
		browser, err := realm.Browser("", server)
		require.NoError(t, err)
		_, err = browser.Open(t.Context(), link, nil)
		if server.Realm == realm {
			assert.Equal(t, http.StatusFound, answer.Code)
			assert.NoError(t, err)
			continue
		}
		assert.Equal(t, http.StatusInternalServerError, answer.Code)
		assert.Equal(t, "idptest: "+problem+"\n", answer.Body.String())
		assert.EqualError(t, err, "idptest: after /login: "+problem)
		_, err = server.Realm.Login(t.Context(), server, link, nil, "")
		assert.NoError(t, err, "alone it works")
	}
}
