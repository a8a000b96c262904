//go:build interop

package e2e

import (
	"crypto/rand"
	"encoding/json"
	"html/template"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// sp is a service provider on localhost with the options of a test, made of package saml and web.Pending.
type sp struct {
	*saml.Client
	origin string
	server *loginPages
	// asks are the options of its next login, leaves the binding of its logouts, answers its response to a logout
	// request.
	asks    saml.AuthorizeOptions
	leaves  saml.Binding
	answers saml.StatusCode

	pending  web.Pending
	mu       sync.Mutex
	sessions map[string]*saml.Assertion // by the value of the cookie
	logouts  map[string]*saml.Logout    // by their Key
}

var spPage = template.Must(template.New("").Parse(`<!DOCTYPE html><title>sp</title>
{{with .Failure}}<p id="failure">{{.}}</p>{{end}}{{with .Notice}}<p id="notice">{{.}}</p>{{end}}
{{with .User}}<p id="subject">{{.NameID.Value}}</p><p id="format">{{.NameID.Format}}</p>
<pre id="attributes">{{range .Attributes}}{{$n := .Name}}{{range .Values}}{{$n}}={{.Text}}
{{end}}{{end}}</pre><a id="logout" href="/logout">Log out</a>{{else}}<a id="login" href="/login">Log in</a>{{end}}`))

// newSP starts a service provider.
func newSP(t *testing.T, change func(*saml.Config)) *sp {
	t.Helper()
	s := &sp{leaves: saml.BindingRedirect, answers: saml.Success, sessions: map[string]*saml.Assertion{}, logouts: map[string]*saml.Logout{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, "", nil) })
	mux.HandleFunc("GET /login", s.login)
	mux.HandleFunc("POST /acs", s.acs)
	mux.HandleFunc("GET /logout", s.logout)
	mux.HandleFunc("/slo", s.slo)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	s.origin = "http://localhost:" + port
	config := saml.Config{EntityID: s.origin + "/metadata", ACSURL: s.origin + "/acs", SLOURL: s.origin + "/slo"}
	change(&config)
	s.Client, err = saml.NewClient(config)
	require.NoError(t, err)
	server := &httptest.Server{Listener: l, Config: &http.Server{Handler: mux}}
	server.Start()
	t.Cleanup(server.Close)
	return s
}

func (s *sp) show(w http.ResponseWriter, r *http.Request, notice string, err error) {
	view := struct {
		Failure, Notice string
		User            *saml.Assertion
	}{Notice: notice}
	if err != nil {
		view.Failure = err.Error()
		w.WriteHeader(http.StatusUnauthorized)
	} else if c, _ := r.Cookie(s.cookie()); c != nil {
		s.mu.Lock()
		view.User = s.sessions[c.Value]
		s.mu.Unlock()
	}
	_ = spPage.Execute(w, view)
}

// cookie is the session's name: browsers do not separate cookies by port.
func (s *sp) cookie() string { return "session-" + s.origin[strings.LastIndex(s.origin, ":")+1:] }

func (s *sp) login(w http.ResponseWriter, r *http.Request) {
	login, err := s.BeginLogin(r.Context(), s.asks)
	if err == nil {
		sent := authentication.Login{
			Protocol: "saml", Key: login.Key, URL: login.URL, Form: login.Form, FormPost: true, CreatedAt: login.CreatedAt,
		}
		login.URL, login.Form = "", nil // they are not needed when the browser comes back
		if sent.Data, err = json.Marshal(login); err == nil {
			err = s.pending.Send(w, r, &sent)
		}
	}
	if err != nil {
		s.show(w, r, "", err)
	}
}

func (s *sp) acs(w http.ResponseWriter, r *http.Request) {
	var login *saml.Login
	var err error
	if stored := s.pending.Take(w, r, saml.LoginKey(r)); stored != nil {
		login = new(saml.Login)
		err = json.Unmarshal(stored.Data, login)
	}
	if err == nil {
		var user *saml.Assertion
		if user, err = s.CompleteLogin(r.Context(), login, r); err == nil {
			value := rand.Text()
			s.mu.Lock()
			s.sessions[value] = user
			s.mu.Unlock()
			http.SetCookie(w, &http.Cookie{Name: s.cookie(), Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
	}
	s.show(w, r, "", err)
}

func (s *sp) logout(w http.ResponseWriter, r *http.Request) {
	c, err := r.Cookie(s.cookie())
	if err == nil {
		s.mu.Lock()
		user := s.sessions[c.Value]
		delete(s.sessions, c.Value)
		s.mu.Unlock()
		if user != nil {
			var logout *saml.Logout
			logout, err = s.BeginLogout(r.Context(), saml.LogoutOptions{
				NameID: user.NameID, SessionIndexes: []string{user.SessionIndex}, Binding: s.leaves,
			})
			if err == nil {
				s.mu.Lock()
				s.logouts[logout.Key] = logout
				s.mu.Unlock()
				err = saml.Send(w, logout.URL, logout.Form)
			}
		}
	}
	if err != nil {
		s.show(w, r, "", err)
	}
}

func (s *sp) slo(w http.ResponseWriter, r *http.Request) {
	if key := saml.LogoutKey(r); key != "" {
		s.mu.Lock()
		logout := s.logouts[key]
		delete(s.logouts, key)
		s.mu.Unlock()
		err := s.CompleteLogout(r.Context(), logout, r)
		s.show(w, r, "you have logged out", err)
		return
	}
	request, err := s.ReceiveLogout(r.Context(), r)
	if err != nil {
		s.show(w, r, "", err)
		return
	}
	s.end(request)
	reply, err := s.RespondLogout(r.Context(), request, s.answers)
	if err == nil {
		err = saml.Send(w, reply.URL, reply.Form)
	}
	if err != nil {
		s.show(w, r, "", err)
	}
}

func (s *sp) end(request *saml.LogoutRequest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for value, user := range s.sessions {
		for _, index := range request.SessionIndexes {
			if user.NameID == request.NameID && user.SessionIndex == index {
				delete(s.sessions, value)
			}
		}
	}
}

// signIn is a login of a user without a session at the server.
func (s *sp) signIn(who *tab) {
	who.t.Helper()
	who.open(s.origin + "/")
	who.click("#login")
	s.server.signIn(who)
}

func (s *sp) loggedIn(who *tab) bool {
	who.t.Helper()
	who.open(s.origin + "/")
	return who.has("#subject")
}

func (s *sp) hasUser(who *tab) {
	who.t.Helper()
	who.see("#subject")
	assert.NotEmpty(who.t, who.text("#subject"))
	assert.Contains(who.t, who.text("#attributes"), "=alice@example.test")
	assert.Contains(who.t, who.text("#attributes"), "=Alice <&> Example")
	assert.Contains(who.t, who.text("#attributes"), "=爱丽丝")
	assert.Equal(who.t, s.origin+"/", who.location())
}
