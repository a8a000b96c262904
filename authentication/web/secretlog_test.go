package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// secrets are the values that passed by and that nobody may read later.
type secrets struct {
	mu    sync.Mutex
	known map[string]string // by value: what it is
}

func (s *secrets) add(what string, values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range values {
		if len(v) > 10 {
			s.known[v] = what
		}
	}
}

// watch is next, whose parameters, cookies and tokens become known.
func (s *secrets) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body))
		for _, values := range []url.Values{r.URL.Query(), form} {
			for _, name := range []string{"code", "state", "ticket", "SAMLResponse", "RelayState", "id_token_hint", "logout_token", "refresh_token", "client_secret", "code_verifier"} {
				s.add(name, values[name]...)
			}
		}
		for _, c := range r.Cookies() {
			s.add("cookie "+c.Name, c.Value)
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		var reply map[string]any
		_ = json.Unmarshal(answer.Body.Bytes(), &reply)
		for _, name := range []string{"access_token", "refresh_token", "id_token"} {
			text, _ := reply[name].(string)
			s.add(name, text)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// S12: logins, failures and logouts of each protocol leave no secret in the log. It is not parallel: the logger is one.
func TestS12LogHasNoSecret(t *testing.T) {
	before := slog.Default()
	defer slog.SetDefault(before)
	var log strings.Builder
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))

	passed := &secrets{known: map[string]string{}}
	w := newWorld(t)
	store := &faultyStore{Store: web.NewMemory(w.now)}
	w.config.Store, w.config.OnEvent = store, nil
	w.open()
	w.network[idOrigin], w.network[appOrigin] = server{passed.watch(w.network[idOrigin])}, passed.watch(w.network[appOrigin])
	for _, flow := range []string{"oidc", "oauth", "saml", "cas"} {
		u := w.person("")
		r := w.callbackOf(u, flow, "/private/a")
		again := copyOf(t, r)
		assertAt(t, u.navigate(r), appOrigin+"/private/a")
		store.fail.Store(true)
		assert.Equal(t, http.StatusServiceUnavailable, u.open(appOrigin+"/private/b").StatusCode)
		store.fail.Store(false)
		u.jar.drop("")
		u.at = idOrigin
		assert.Equal(t, http.StatusUnauthorized, u.navigate(again).StatusCode, "a callback that came before")
		for _, fault := range []idptest.Fault{oidctest.RefusedLogin, oidctest.BadSignature, idptest.Unavailable} {
			w.realm.Break(fault)
			u.open(appOrigin + "/auth/login/" + flow + "?return=/private/c")
		}
		w.realm.Break()
		w.loggedIn(u, flow, "/private/d")
		store.fail.Store(true)
		u.submit(appOrigin+"/auth/logout", nil)
		store.fail.Store(false)
		w.loggedIn(u, flow, "/private/e")
		u.submit(appOrigin+"/auth/logout", nil)
	}
	for _, kind := range []string{"login", "login_failed", "logout", "store_failed"} {
		require.Contains(t, log.String(), `"msg":"web: `+kind+`"`)
	}
	found := map[string]bool{}
	for secret, what := range passed.known {
		found[what] = true
		assert.False(t, strings.Contains(log.String(), secret) || strings.Contains(log.String(), url.QueryEscape(secret)), what)
	}
	for _, what := range []string{"code", "state", "ticket", "SAMLResponse", "access_token", "id_token", "refresh_token", "cookie " + sessionCookie} {
		assert.True(t, found[what], "no %s has passed by", what)
	}
}
