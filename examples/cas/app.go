package main

import (
	"log"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

type app struct {
	settings
	flow     flow
	pending  web.Pending
	sessions *sessions
	pages    map[string]*page
}

func newApp(s settings) (*app, error) {
	flow, err := newFlow(s)
	if err != nil {
		return nil, err
	}
	pages, err := newPages()
	if err != nil {
		return nil, err
	}
	return &app{settings: s, flow: flow, sessions: newSessions(s.homeURL), pages: pages}, nil
}

func (a *app) routes() http.Handler {
	callback := a.callbackPattern()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /login", a.login)
	mux.HandleFunc("GET "+callback, a.callback)
	mux.HandleFunc("POST "+callback, a.loggedOut)
	mux.HandleFunc("GET /user", a.user)
	mux.HandleFunc("POST /logout", a.logout)
	mux.HandleFunc("GET /static/{file}", staticFile)
	// Another site's page may not log out in the user's name. A server's own POST has no origin and passes.
	return http.NewCrossOriginProtection().Handler(mux)
}

// callbackPattern matches the callback's path as it is written.
func (a *app) callbackPattern() string {
	u, err := url.Parse(a.callbackURL)
	if err != nil {
		return callbackPath
	}
	return u.Path
}

// login sends the browser to the server, which with ?renew=true asks for the password again.
func (a *app) login(w http.ResponseWriter, r *http.Request) {
	login, err := a.flow.BeginLogin(r.Context(), authentication.AuthorizeOptions{Renew: r.URL.Query().Get("renew") == "true"})
	if err == nil {
		err = a.pending.Send(w, r, login)
	}
	a.fail(w, r, err)
}

// callback takes the ticket, and leads to an address without it.
func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	login := a.pending.Take(w, r, a.flow.LoginKey(r))
	id, err := a.flow.CompleteLogin(r.Context(), login, r) // a nil login is refused
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.sessions.start(w, r, id)
	http.Redirect(w, r, "/user", http.StatusSeeOther)
}

func (a *app) home(w http.ResponseWriter, r *http.Request) {
	a.pages["home"].show(w, view{"Home", a.sessions.find(r)})
}

func (a *app) user(w http.ResponseWriter, r *http.Request) {
	s := a.sessions.find(r)
	if s == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	a.pages["user"].show(w, view{"Your account", s})
}

func (a *app) fail(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		log.Printf("%s %s: %v", r.Method, r.URL.Path, err) // holds no ticket, and the page does not show it
	}
	web.Error(w, r, err)
}
