package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// routerWriter begins with the status 404, as gin does where no route fits.
type routerWriter struct {
	http.ResponseWriter
	said bool
}

func (w *routerWriter) WriteHeader(status int) {
	w.said = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *routerWriter) Write(b []byte) (int, error) {
	if !w.said {
		w.WriteHeader(http.StatusNotFound)
	}
	return w.ResponseWriter.Write(b)
}

// Each answer says its status, also 200.
func TestSiteSaysItsStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	resource, err := web.NewResource(web.ResourceMetadata{Resource: appOrigin + "/api", AuthorizationServers: []string{idOrigin}})
	assert.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/auth/", w.site)
	mux.Handle("/", w.site.LoadLogin(w.app))
	mux.Handle(resource.Path(), resource)
	w.network[appOrigin] = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(&routerWriter{ResponseWriter: out}, r)
	})
	u := w.person("")
	assert.Equal(t, http.StatusNotFound, u.open(appOrigin+"/").StatusCode, "a handler that says nothing")
	for _, path := range []string{"/auth/login", "/auth/metadata/saml", "/auth/loggedout", "/auth/logout", "/auth/callback/oidc", resource.Path()} {
		assert.Equal(t, http.StatusOK, u.open(appOrigin+path).StatusCode, path)
	}
	u.open(appOrigin + "/auth/login/saml") // a page that posts the request
	assert.NotNil(t, u.jar.find(sessionCookie))
	assert.Equal(t, http.StatusOK, u.fetch("GET", appOrigin+"/auth/session", "", "X-Requested-With", "script").StatusCode)
}
