//go:build interop

package e2e

import (
	"crypto/rand"
	"html/template"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// rp is an application on localhost for any OpenID Provider, made of package oidc and web.Pending.
type rp struct {
	authentication.LoginFlow
	origin string
	server *loginPages
	mode   oauth.ResponseMode // of its next login, as are prompt and responseType
	prompt string

	responseType oauth.ResponseType

	pending  web.Pending
	mu       sync.Mutex
	sessions map[string]*authentication.Identity // by the value of the cookie
}

var rpPage = template.Must(template.New("").Parse(`<!DOCTYPE html><title>rp</title>
{{with .Failure}}<p id="failure">{{.}}</p>{{end}}
{{with .User}}<p id="subject">{{.Subject}}</p><p id="name">{{.Claims.name}}</p><a id="logout" href="/logout">Log out</a>
{{else}}<a id="login" href="/login">Log in</a>{{end}}`))

// newRP starts an application; it adds its own address to the configuration.
func newRP(t *testing.T, configure func(origin string) oidc.Config) *rp {
	t.Helper()
	s := &rp{sessions: map[string]*authentication.Identity{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, nil) })
	mux.HandleFunc("GET /login", s.login)
	mux.Handle("/callback", web.FragmentPage(http.HandlerFunc(s.callback)))
	mux.HandleFunc("GET /logout", s.logout)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	s.origin = "http://localhost:" + port
	config := configure(s.origin)
	config.RedirectURI = s.origin + "/callback"
	client, err := oidc.NewClient(config)
	require.NoError(t, err)
	s.LoginFlow = authentication.FromOIDC(client)
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: mux}}
	server.Start()
	t.Cleanup(server.Close)
	return s
}

// cookie is the session's name: browsers do not separate cookies by port.
func (s *rp) cookie() string { return "session-" + s.origin[strings.LastIndex(s.origin, ":")+1:] }

func (s *rp) user(r *http.Request) *authentication.Identity {
	c, err := r.Cookie(s.cookie())
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sessions[c.Value]
}

func (s *rp) show(w http.ResponseWriter, r *http.Request, err error) {
	view := struct {
		Failure string
		User    *authentication.Identity
	}{}
	if err != nil {
		view.Failure = err.Error()
		w.WriteHeader(http.StatusUnauthorized)
	} else {
		view.User = s.user(r)
	}
	_ = rpPage.Execute(w, view)
}

func (s *rp) login(w http.ResponseWriter, r *http.Request) {
	login, err := s.BeginLogin(r.Context(), authentication.AuthorizeOptions{ResponseType: s.responseType, ResponseMode: s.mode, Prompt: s.prompt})
	if err == nil {
		err = s.pending.Send(w, r, login)
	}
	if err != nil {
		s.show(w, r, err)
	}
}

func (s *rp) callback(w http.ResponseWriter, r *http.Request) {
	login := s.pending.Take(w, r, s.LoginKey(r))
	user, err := s.CompleteLogin(r.Context(), login, r)
	if err != nil {
		s.show(w, r, err)
		return
	}
	value := rand.Text()
	s.mu.Lock()
	s.sessions[value] = user
	s.mu.Unlock()
	http.SetCookie(w, &http.Cookie{Name: s.cookie(), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *rp) logout(w http.ResponseWriter, r *http.Request) {
	user := s.user(r)
	if user == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	c, _ := r.Cookie(s.cookie())
	s.mu.Lock()
	delete(s.sessions, c.Value)
	s.mu.Unlock()
	address, err := s.BuildLogoutUrl(r.Context(), authentication.LogoutOptions{RedirectURI: s.origin + "/", IDToken: user.Token.IDToken})
	if err != nil {
		s.show(w, r, err)
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// signIn is a login of a user without a session at the server.
func (s *rp) signIn(who *tab) {
	who.t.Helper()
	who.open(s.origin + "/")
	who.click("#login")
	s.server.signIn(who)
}

func (s *rp) loggedIn(who *tab) bool {
	who.t.Helper()
	who.open(s.origin + "/")
	return who.has("#subject")
}
