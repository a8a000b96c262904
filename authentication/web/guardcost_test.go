package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
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

// reading is a handler that reads the user, who has the claims of a usual ID token.
func reading(t testing.TB) (http.Handler, *still, *http.Request) {
	g := newGuarded(t, func(g *guarded) { g.config.Store, g.config.OnEvent = nil, nil })
	id := alice(g.now())
	id.Claims = nil
	require.NoError(t, json.Unmarshal([]byte(usualClaims), &id.Claims))
	_, w, r := signedInRequest(g, g.site.SignIn(t, "", id))
	return g.site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if len(web.Identity(r.Context()).Claims) != 23 {
			panic("not the user")
		}
	})), w, r
}

const usualClaims = `{"email":"test3@123.com","email_verified":false,"sub":"5ff701d846b9203e2f6ac6f3","birthdate":null,"family_name":null,"gender":"U","given_name":null,` +
	`"locale":null,"middle_name":null,"name":null,"nickname":null,"picture":"https://files.authing.co/authing-console/default-user-avatar.png","preferred_username":null,` +
	`"profile":null,"updated_at":"2021-03-15T05:54:54.685Z","website":null,"zoneinfo":null,"phone_number":null,"phone_number_verified":false,"nonce":"n-0S6_WzA2Mj",` +
	`"iss":"https://op.example/oidc","aud":"5f17a529f64fb009b794a2ff","exp":1615870494}`

// A handler that reads the user costs 18 allocations more: half of them are for the texts and numbers in Claims.
func TestIdentityAllocations(t *testing.T) {
	h, w, r := reading(t)
	n := testing.AllocsPerRun(1000, func() {
		w.header["Cache-Control"], w.header["Vary"] = nil, nil
		h.ServeHTTP(w, r)
	})
	assert.LessOrEqual(t, n, 27.0)
}

func BenchmarkIdentity(b *testing.B) {
	h, w, r := reading(b)
	b.ReportAllocs()
	for b.Loop() {
		w.header["Cache-Control"], w.header["Vary"] = nil, nil
		h.ServeHTTP(w, r)
	}
}

func BenchmarkRequireLogin(b *testing.B) {
	g := newGuarded(b, func(g *guarded) { g.config.Store, g.config.OnEvent = nil, nil })
	h, w, r := signedInRequest(g, g.signIn())
	b.ReportAllocs()
	for b.Loop() {
		w.header["Cache-Control"], w.header["Vary"] = nil, nil
		h.ServeHTTP(w, r)
	}
}
