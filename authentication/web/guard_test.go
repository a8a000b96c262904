package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// guarded is a Site without servers, for what happens to requests between logins.
type guarded struct {
	t      testing.TB
	config web.Config
	site   *web.Site
	store  *faultyStore

	mu     sync.Mutex
	clock  time.Time
	events []web.Event
}

// deaf is a flow that cannot do anything.
type deaf struct{ authentication.LoginFlow }

func (deaf) LoginKey(*http.Request) string { return "" }
func (deaf) CompleteLogin(context.Context, *authentication.Login, *http.Request) (*authentication.Identity, error) {
	return nil, authentication.ErrRefused
}

func newGuarded(t testing.TB, change ...func(*guarded)) *guarded {
	t.Helper()
	g := &guarded{t: t, clock: time.Unix(1_800_000_000, 0)}
	g.store = &faultyStore{Store: web.NewMemory(g.now)}
	g.config = web.Config{
		BaseURL: appOrigin, Now: g.now, Flow: deaf{}, Store: g.store, Keys: web.Keys{keyA},
		OnEvent: func(_ context.Context, e web.Event) {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.events = append(g.events, e)
		},
	}
	for _, c := range change {
		c(g)
	}
	var err error
	g.site, err = web.New(g.config)
	require.NoError(t, err)
	return g
}

func (g *guarded) now() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.clock
}

func (g *guarded) advance(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.clock = g.clock.Add(d)
}

// kinds are the kinds of the events until now.
func (g *guarded) kinds() (kinds []web.EventKind) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, e := range g.events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

func (g *guarded) signIn() *http.Cookie { return g.site.SignIn(g.t, "", alice(g.now())) }

func alice(now time.Time) *authentication.Identity {
	return &authentication.Identity{
		Protocol: "oidc", Issuer: idOrigin, Subject: "alice", SessionID: "sid", IssuedAt: now, AuthTime: now, ACR: "silver",
		Claims: map[string]any{"name": "Alice", "groups": []any{"a"}}, Data: json.RawMessage(`{"secret":"data"}`),
		Token: &oauth.Token{AccessToken: "access-1", TokenType: "Bearer", RefreshToken: "refresh-1", ExpiresIn: 3600, Expiry: now.Add(time.Hour)},
	}
}

// faultyStore fails while fail is set, and counts.
type faultyStore struct {
	web.Store
	fail, failCommit atomic.Bool
	finds            atomic.Int32
	takes            atomic.Int64 // how long a Find takes
	commits          atomic.Int32
}

var errStore = errors.New("the store is down")

func (s *faultyStore) Find(token string) ([]byte, bool, error) {
	s.finds.Add(1)
	if takes := s.takes.Load(); takes > 0 {
		time.Sleep(time.Duration(takes))
	}
	if s.fail.Load() {
		return nil, false, errStore
	}
	return s.Store.Find(token)
}

func (s *faultyStore) Commit(token string, b []byte, expiry time.Time) error {
	s.commits.Add(1)
	if s.fail.Load() || s.failCommit.Load() {
		return errStore
	}
	return s.Store.Commit(token, b, expiry)
}

func (s *faultyStore) Delete(token string) error {
	if s.fail.Load() {
		return errStore
	}
	return s.Store.Delete(token)
}

// ask sends a request with these headers, a name and a value each; a cookie may be nil.
func ask(h http.Handler, method, address string, cookie *http.Cookie, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if cookie != nil {
		r.AddCookie(&http.Cookie{Name: cookie.Name, Value: cookie.Value})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var (
	navigating = []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Sec-Fetch-Site", "none"}
	fetching   = []string{"Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty", "Sec-Fetch-Site", "same-origin"}
)

// hello says who the user is.
var hello = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	if id := web.Identity(r.Context()); id != nil {
		fmt.Fprint(w, "hello ", id.Subject)
		return
	}
	fmt.Fprint(w, "hello nobody")
})

func problemOf(t testing.TB, w *httptest.ResponseRecorder) (p struct{ Code, Login string }) {
	t.Helper()
	require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
	return p
}
