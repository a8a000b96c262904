package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// gate holds the first that comes after arm, until open.
type gate struct {
	mu      sync.Mutex
	armed   bool
	entered chan struct{}
	release chan struct{}
}

func newGate() *gate { return &gate{entered: make(chan struct{}), release: make(chan struct{})} }

func (g *gate) arm() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.armed = true
}

func (g *gate) pass() {
	g.mu.Lock()
	held := g.armed
	g.armed = false
	g.mu.Unlock()
	if held {
		close(g.entered)
		<-g.release
	}
}

func (g *gate) open() { close(g.release) }

type heldStore struct {
	web.Store
	commits *gate
}

func (h *heldStore) Commit(token string, b []byte, expiry time.Time) error {
	h.commits.pass()
	return h.Store.Commit(token, b, expiry)
}

// What was on its way when the user logged out brings no session back: a refresh that hangs at the token endpoint, and a
// write of another instance that a request came.
func TestSite3LateWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	commits, tokens := newGate(), newGate()
	w.config.Store = &heldStore{newBrittle(w.now), commits}
	w.oidc.ExpiresIn = time.Minute
	w.config.Options = func(*http.Request, string) (authentication.AuthorizeOptions, error) {
		return authentication.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"}, nil
	}
	refreshed := make(chan error, 2)
	w.app = http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/private/token" {
			_, err := web.Token(r.Context())
			refreshed <- err
		}
		_, _ = out.Write([]byte(r.URL.String() + ": hello"))
	})
	w.open()
	servers := w.network[idOrigin]
	w.network[idOrigin] = server{http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/oidc/token" {
			tokens.pass()
		}
		servers.ServeHTTP(out, r)
	})}
	second, err := web.New(w.config)
	require.NoError(t, err)
	u := w.signedIn("", "oidc")
	cookie := u.jar.find("__Host-Http-")
	require.NotNil(t, cookie)
	ask := func(s *web.Site, path string) int {
		r := httptest.NewRequest(http.MethodGet, appOrigin+path, nil)
		r.Header.Set("Cookie", cookie.Name+"="+cookie.Value)
		out := httptest.NewRecorder()
		s.RequireLogin(w.app).ServeHTTP(out, r)
		return out.Code
	}
	require.Equal(t, http.StatusOK, ask(w.site, "/private/"))
	w.advance(2 * time.Minute) // the token has ended, and the last request was long ago

	var late sync.WaitGroup
	commits.arm()
	late.Go(func() { ask(second, "/private/") })
	<-commits.entered
	tokens.arm()
	late.Go(func() { ask(w.site, "/private/token") })
	<-tokens.entered

	u.at = appOrigin
	assert.Contains(t, u.submit("/auth/logout", url.Values{}).body, confirmedOut)
	assert.Equal(t, http.StatusUnauthorized, ask(w.site, "/private/"), "at once")
	tokens.open()
	<-refreshed
	commits.open()
	late.Wait()
	for _, s := range []*web.Site{w.site, second} {
		assert.Equal(t, http.StatusUnauthorized, ask(s, "/private/"))
		assert.Equal(t, http.StatusUnauthorized, ask(s, "/private/token"))
	}
	assert.Empty(t, refreshed)
}
