package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/oauth2"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// sessionCases are a request of a user who is logged in, with the session in memory. The limit is the handler alone. The
// peer keeps the same content, without a login, a seal or a logout by the server.
func sessionCases() []benchCase {
	limit := visit(nil, func(reached *bool) http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { *reached = true })
	})
	return []benchCase{
		{name: "guarded request", limit: limit, works: []work{
			our("web.Site", guardedRequest(func(*http.Request) bool { return true })),
			peer("scs", scsRequest(func(b []byte) bool { return len(b) > 0 })),
		}},
		{name: "guarded request that reads the user", limit: limit, works: []work{
			our("web.Site", guardedRequest(func(r *http.Request) bool { return web.Identity(r.Context()).Subject != "" })),
			peer("scs + encoding/json", scsRequest(func(b []byte) bool {
				var id plainIdentity
				return json.Unmarshal(b, &id) == nil && id.Subject != ""
			})),
		}},
	}
}

// plainIdentity is what encoding/json reads without any check.
type plainIdentity struct {
	Protocol, Issuer, Subject string
	Claims                    map[string]any
	Token                     *oauth2.Token
}

func scsRequest(good func([]byte) bool) func() error {
	stored, err := json.Marshal(user())
	must(err)
	manager := scs.New()
	w := httptest.NewRecorder()
	manager.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		manager.Put(r.Context(), "identity", stored)
	})).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	return visit(w.Result().Cookies(), func(reached *bool) http.Handler {
		return manager.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			*reached = good(manager.GetBytes(r.Context(), "identity"))
		}))
	})
}

func guardedRequest(good func(*http.Request) bool) func() error {
	site, err := web.New(web.Config{BaseURL: "https://app.example", Flow: known{}, OnEvent: func(context.Context, web.Event) {}})
	must(err)
	return visit(signIn(site).Cookies(), func(reached *bool) http.Handler {
		return site.RequireLogin(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { *reached = good(r) }))
	})
}

// visit is the same request again and again.
func visit(cookies []*http.Cookie, handler func(reached *bool) http.Handler) func() error {
	r := httptest.NewRequest(http.MethodGet, "/page", nil)
	for _, c := range cookies {
		if c.MaxAge >= 0 && !strings.Contains(c.Name, "login") {
			r.AddCookie(c)
		}
	}
	reached := false
	h, w := handler(&reached), httptest.NewRecorder()
	return func() error {
		reached = false
		clear(w.Header())
		if h.ServeHTTP(w, r); !reached {
			return errors.New("the handler saw no session")
		}
		return nil
	}
}

// signIn is the answer to the callback of a login.
func signIn(site http.Handler) *http.Response {
	begun := answer(site, "/auth/login", nil)
	at, err := begun.Location()
	must(err)
	return answer(site, "/auth/callback?key="+at.Query().Get("key"), begun.Cookies())
}

func answer(h http.Handler, path string, cookies []*http.Cookie) *http.Response {
	r := httptest.NewRequest(http.MethodGet, "https://app.example"+path, nil)
	r.Header.Set("Accept", "text/html")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// known is a flow that logs in without a server, each time another user: the sessions of one user are limited.
type known struct{}

func (known) BuildAuthorizeUrl(context.Context, authentication.AuthorizeOptions) (string, error) {
	return "", errors.ErrUnsupported
}

func (known) BuildLogoutUrl(context.Context, authentication.LogoutOptions) (string, error) {
	return "", errors.ErrUnsupported
}

func (known) BeginLogin(context.Context, authentication.AuthorizeOptions) (*authentication.Login, error) {
	key := rand.Text()
	return &authentication.Login{Key: key, URL: issuer + "/auth?key=" + key}, nil
}

func (known) LoginKey(r *http.Request) string { return r.FormValue("key") }

func (known) CompleteLogin(context.Context, *authentication.Login, *http.Request) (*authentication.Identity, error) {
	id := user()
	id.Subject = rand.Text()
	return id, nil
}

func user() *authentication.Identity {
	var all map[string]any
	must(json.Unmarshal(claims(), &all))
	return &authentication.Identity{
		Protocol: "oidc", Issuer: issuer, Subject: "60f1d4b29c3e8a7756041bfe", Claims: all, IssuedAt: time.Now(),
		Token: &oauth.Token{AccessToken: strings.Repeat("a", 800), RefreshToken: strings.Repeat("r", 40), TokenType: "Bearer", Expiry: time.Now().Add(time.Hour)},
	}
}
