// Package scsfit shows that the session stores of github.com/alexedwards/scs/v2 fit web.Config.Store as they are.
package scsfit

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/goredisstore"
	"github.com/alexedwards/scs/mysqlstore"
	"github.com/alexedwards/scs/pgxstore"
	"github.com/alexedwards/scs/postgresstore"
	"github.com/alexedwards/scs/redisstore"
	"github.com/alexedwards/scs/sqlite3store"
	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

var (
	_ web.Store    = scs.Store(nil)
	_ web.Store    = (*goredisstore.RedisStore)(nil)
	_ web.Store    = (*memstore.MemStore)(nil)
	_ web.Store    = (*mysqlstore.MySQLStore)(nil)
	_ web.Store    = (*pgxstore.PostgresStore)(nil)
	_ web.Store    = (*postgresstore.PostgresStore)(nil)
	_ web.Store    = (*redisstore.RedisStore)(nil)
	_ web.Store    = (*sqlite3store.SQLite3Store)(nil)
	_ scs.CtxStore = (*goredisstore.RedisStore)(nil)
)

// contextStore is a store such as goredisstore, which has the methods without a context for the compiler alone.
type contextStore struct {
	scs.Store
	calls atomic.Int64
}

type key struct{}

func (s *contextStore) seen(ctx context.Context) {
	if ctx.Value(key{}) == "the request's" {
		s.calls.Add(1)
	}
}

func (s *contextStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	s.seen(ctx)
	return s.Store.Find(token)
}

func (s *contextStore) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	s.seen(ctx)
	return s.Store.Commit(token, b, expiry)
}

func (s *contextStore) DeleteCtx(ctx context.Context, token string) error {
	s.seen(ctx)
	return s.Store.Delete(token)
}

func (*contextStore) Find(string) ([]byte, bool, error)      { panic("Find without a context") }
func (*contextStore) Commit(string, []byte, time.Time) error { panic("Commit without a context") }
func (*contextStore) Delete(string) error                    { panic("Delete without a context") }

// Two instances share a store of scs: a user logs in at one and is logged in at the other, until the logout.
func TestSitesShareAStoreOfSCS(t *testing.T) {
	t.Parallel()
	withContext := &contextStore{Store: memstore.NewWithCleanupInterval(0)}
	for name, store := range map[string]web.Store{"plain": memstore.NewWithCleanupInterval(0), "with contexts": withContext} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shared(t, store)
		})
	}
	t.Cleanup(func() {
		if withContext.calls.Load() == 0 {
			t.Error("no call had the context of its request")
		}
	})
}

func shared(t *testing.T, store web.Store) {
	var instances [2]http.Handler
	var turn atomic.Int64
	balancer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(context.WithValue(r.Context(), key{}, "the request's"))
		instances[turn.Add(1)%2].ServeHTTP(w, r)
	}))
	t.Cleanup(balancer.Close)
	config := web.Config{BaseURL: balancer.URL, Store: store, Keys: web.Keys{make([]byte, 32)}, OnEvent: func(_ context.Context, e web.Event) {
		if e.Err != nil {
			t.Errorf("%s: %v", e.Kind, e.Err)
		}
	}}
	at, err := config.Addresses("")
	must(t, err)
	server := &oidctest.Server{RedirectURIs: []string{at.Callback}, LogoutURIs: []string{at.LoggedOut}}
	issuer := httptest.NewServer(server)
	t.Cleanup(issuer.Close)
	for i := range instances {
		client, err := oidc.NewClient(oidc.Config{
			Issuer: issuer.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret,
		})
		must(t, err)
		config.Flow = authentication.FromOIDC(client)
		site, err := web.New(config)
		must(t, err)
		instances[i] = site.RequireLogin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "hello "+web.Identity(r.Context()).Subject)
		}))
	}
	jar, err := cookiejar.New(nil)
	must(t, err)
	browser := &http.Client{Jar: jar, Transport: balancer.Client().Transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), balancer.URL) {
			return nil
		}
		return http.ErrUseLastResponse
	}}

	answer, _ := get(t, browser, balancer.URL+"/page")
	back, err := server.Login(t.Context(), answer.Header.Get("Location"), idptest.Username)
	must(t, err)
	for range 3 {
		answer, text := get(t, browser, back.URL.String())
		if answer.StatusCode != http.StatusOK || text != "hello "+idptest.Subject || answer.Request.URL.Path != "/page" {
			t.Fatalf("%s at %s: %s", answer.Status, answer.Request.URL.Path, text)
		}
		back.URL, err = back.URL.Parse(balancer.URL + "/page")
		must(t, err)
	}
	answer, _ = get(t, browser, balancer.URL+"/auth/logout", "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document")
	if answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("logout: %s", answer.Status)
	}
	for range 2 {
		if answer, _ := get(t, browser, balancer.URL+"/page"); answer.StatusCode != http.StatusSeeOther {
			t.Fatalf("after the logout: %s", answer.Status)
		}
	}
}

func get(t *testing.T, browser *http.Client, address string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	must(t, err)
	r.Header.Set("Accept", "text/html")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := browser.Do(r)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, string(text)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
