package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
)

// still is a ResponseWriter whose header map is there already, as in a server after its own header.
type still struct{ header http.Header }

func (s *still) Header() http.Header         { return s.header }
func (s *still) Write(b []byte) (int, error) { return len(b), nil }
func (s *still) WriteHeader(int)             {}

func signedInRequest(g *guarded, cookie *http.Cookie) (http.Handler, *still, *http.Request) {
	r := httptest.NewRequest(http.MethodGet, "/page?x=1", nil)
	r.Header.Set("Cookie", "theme=dark; "+cookie.Name+"="+cookie.Value+"; a=b")
	for i := 0; i < len(navigating); i += 2 {
		r.Header.Set(navigating[i], navigating[i+1])
	}
	h := g.site.RequireLogin(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	return h, &still{http.Header{"Cache-Control": nil, "Vary": nil}}, r
}

// A guarded request of a user who is logged in, with the sessions in memory, costs at most 12 allocations.
func TestGuardAllocations(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*guarded)
		most   float64 // exact: a change is a decision
	}{
		"no notices": {func(*guarded) {}, 9},
		"notices":    {func(g *guarded) { g.config.Flow = noticing{} }, 9},
	} {
		g := newGuarded(t, c.change, func(g *guarded) { g.config.Store, g.config.OnEvent = nil, nil })
		h, w, r := signedInRequest(g, g.signIn())
		n := testing.AllocsPerRun(1000, func() {
			w.header["Cache-Control"], w.header["Vary"] = nil, nil
			h.ServeHTTP(w, r)
		})
		assert.LessOrEqual(t, n, c.most, name)
	}
}

// noticing is a flow whose server tells of ended sessions.
type noticing struct{ deaf }

func (noticing) HasNotice(*http.Request) bool { return false }
func (noticing) UnsignedNotices() bool        { return false }

func BenchmarkRequireLogin(b *testing.B) {
	g := newGuarded(b, func(g *guarded) { g.config.Store, g.config.OnEvent = nil, nil })
	h, w, r := signedInRequest(g, g.signIn())
	b.ReportAllocs()
	for b.Loop() {
		w.header["Cache-Control"], w.header["Vary"] = nil, nil
		h.ServeHTTP(w, r)
	}
}
