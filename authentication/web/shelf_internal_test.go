package web

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// kept is a Site's keeping with a browser that keeps its cookies.
type kept struct {
	*testing.T
	site    *Site
	cookies map[string]string
	base    int

	at     time.Time
	events []Event
}

// stub is a flow that nobody logs in by.
type stub struct{ authentication.LoginFlow }

func newKept(t *testing.T, c Config) *kept {
	t.Helper()
	k := &kept{T: t, cookies: map[string]string{}, at: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	if c.BaseURL == "" {
		c.BaseURL = "https://app.test"
	}
	c.Flow = stub{}
	c.Now = func() time.Time { return k.at }
	c.OnEvent = func(_ context.Context, e Event) { k.events = append(k.events, e) }
	site, err := New(c)
	require.NoError(t, err)
	k.site = site
	return k
}

// visit does something with a request of the browser, which keeps the cookies of the answer.
func (k *kept) visit(do func(v *visit)) (set []*http.Cookie) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for _, name := range slices.Sorted(maps.Keys(k.cookies)) {
		r.Header.Add("Cookie", name+"="+k.cookies[name])
	}
	w := httptest.NewRecorder()
	do(&visit{site: k.site, base: k.site.bases[k.base], w: w, r: r})
	set = w.Result().Cookies()
	for _, c := range set {
		if k.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(k.cookies, c.Name)
		}
	}
	return set
}

func (k *kept) start(data string) (s *session.Session, set []*http.Cookie) {
	k.Helper()
	set = k.visit(func(v *visit) {
		var err error
		s, err = k.site.keeps.start(v, session.Head{Issuer: "i", Subject: "alice"}, []byte(data))
		require.NoError(k, err)
	})
	return s, set
}

func (k *kept) load() (s *session.Session) {
	k.Helper()
	k.visit(func(v *visit) {
		var err error
		s, err = k.site.keeps.load(v)
		require.NoError(k, err)
	})
	return s
}

// S5: Secure, HttpOnly, SameSite and the prefix are the default; plain http on loopback has neither prefix nor Secure.
func TestS5SessionCookie(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ base, name string }{
		{"https://app.test/below", "__Host-Http-session"}, {"http://localhost:3000", "session"}, {"http://127.0.0.1:3000", "session"},
	} {
		k := newKept(t, Config{BaseURL: test.base, Absolute: 10 * time.Hour})
		_, set := k.start("content")
		require.Len(t, set, 1)
		c := set[0]
		assert.Equal(t, test.name, c.Name)
		assert.Len(t, c.Value, 43)
		assert.Equal(t, strings.HasPrefix(test.base, "https"), c.Secure)
		assert.True(t, c.HttpOnly)
		assert.Equal(t, http.SameSiteLaxMode, c.SameSite)
		assert.Equal(t, "/", c.Path)
		assert.Empty(t, c.Domain)
		assert.Equal(t, 10*60*60, c.MaxAge)
		require.NotNil(t, k.load())

		// A cookie is deleted as it was set.
		set = k.visit(k.site.keeps.forget)
		require.Len(t, set, 1)
		assert.Equal(t, []any{c.Name, "", -1, c.Secure, c.HttpOnly, c.SameSite, c.Path, c.Domain},
			[]any{set[0].Name, set[0].Value, set[0].MaxAge, set[0].Secure, set[0].HttpOnly, set[0].SameSite, set[0].Path, set[0].Domain})
		assert.Nil(t, k.load())
	}
}

// A record that does not open is logged out, with an event, and never an error.
func TestS3SessionThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	memory := session.NewMemory(time.Now)
	for name, test := range map[string]struct {
		change func(b []byte) []byte
		want   error
	}{
		"as it was":       {func(b []byte) []byte { return b }, nil},
		"changed":         {func(b []byte) []byte { b[len(b)-1] ^= 1; return b }, session.ErrDamaged},
		"cut off":         {func(b []byte) []byte { return b[:len(b)-1] }, session.ErrDamaged},
		"a later version": {func(b []byte) []byte { b[0]++; return b }, session.ErrVersion},
	} {
		store := struct{ Store }{memory}
		k := newKept(t, Config{Store: store, Keys: Keys{make([]byte, 32)}})
		k.at = time.Now()
		s, _ := k.start("content")
		record, found, err := memory.Find(s.Key)
		require.NoError(t, err)
		require.True(t, found)
		require.NoError(t, memory.Commit(s.Key, test.change(slices.Clone(record)), k.at.Add(time.Hour)))
		got := k.load()
		if test.want == nil {
			assert.NotNil(t, got, name)
			assert.Empty(t, k.events, name)
			continue
		}
		assert.Nil(t, got, name)
		require.Len(t, k.events, 1, name)
		assert.Equal(t, EventEnded, k.events[0].Kind, name)
		require.ErrorIs(t, k.events[0].Err, test.want, name)
		assert.Equal(t, sessionTag(s.Key), k.events[0].Session, name)
		again, _ := k.start("content")
		assert.NotEqual(t, s.Key, again.Key)
		assert.NotNil(t, k.load(), "the next login is one")
	}
}

// A session is of the host where it began: a tenant's cookie is nothing at another tenant's host.
func TestSessionOfAnotherHost(t *testing.T) {
	t.Parallel()
	for name, store := range map[string]Store{"memory": nil, "cookies": InCookies} {
		k := newKept(t, Config{MoreBaseURLs: []string{"https://tenant.test"}, Store: store, Keys: Keys{make([]byte, 32)}})
		k.start("content")
		assert.NotNil(t, k.load(), name)
		k.base = 1
		assert.Nil(t, k.load(), name)
	}
}

// Two applications with one store do not accept each other's sessions, nor end them.
func TestSessionOfAnotherApplication(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config Config
		same   bool
	}{
		"another instance": {Config{}, true}, "another Name": {Config{Name: "other"}, false}, "another BaseURL": {Config{BaseURL: "https://other.test"}, false},
	} {
		store := session.NewMemory(func() time.Time { return time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC) })
		c.config.Store, c.config.Keys = store, Keys{make([]byte, 32)}
		k, other := newKept(t, Config{Store: store, Keys: c.config.Keys}), newKept(t, c.config)
		k.start("content")
		other.visit(func(v *visit) { other.cookies[v.cookieName()] = k.cookies[sessionPrefix+"session"] })
		assert.Equal(t, c.same, other.load() != nil, name)
		require.NoError(t, other.site.EndSessions(t.Context(), "i", "alice"))
		k.visit(func(v *visit) {
			now, err := v.load()
			require.NoError(t, err)
			assert.Equal(t, c.same, now == nil, name)
		})
	}
}

func TestCookieOf(t *testing.T) {
	t.Parallel()
	for want, lines := range map[string][]string{
		"1": {"a=1"}, "2": {"b=1; a=2"}, "3": {"b=1;a=3;c=2"}, "4": {"b=1", "c=5; a=4"}, "5=": {"a=5=; a=6"}, "": {"aa=1; b=a=1; A=2; a"},
		"6": {" \ta=6\t ;"}, "7": {"a; a=7"}, "8": {"a ; b=1", "a=8"},
	} {
		r := &http.Request{Header: http.Header{"Cookie": lines}}
		assert.Equal(t, want, cookieOf(r, "a"), lines)
	}
}
