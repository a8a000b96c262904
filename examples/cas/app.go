package main

import (
	"cmp"
	"log"
	"net/http"
	"net/url"
	"strings"

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
	return &app{
		settings: s, flow: flow, sessions: newSessions(s.homeURL), pages: pages,
		pending: web.Pending{OnLost: func(r *http.Request, err error) { log.Printf("%s %s: %v", r.Method, r.URL.Path, err) }},
	}, nil
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
	mux.HandleFunc("/logout", a.onlyPost)
	mux.HandleFunc("/", a.notFound)
	// A page of another site must not log the user out. A server's own POST has no origin and passes.
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(a.foreign))
	return guard.Handler(mux)
}

// callbackPattern matches only the exact path of the callback, because fail logs the path.
func (a *app) callbackPattern() string {
	u, err := url.Parse(a.callbackURL)
	if err != nil {
		return callbackPath
	}
	if strings.HasSuffix(u.Path, "/") {
		return u.Path + "{$}"
	}
	return u.Path
}

// login sends the browser to the server, which with ?renew=true asks for the password again.
func (a *app) login(w http.ResponseWriter, r *http.Request) {
	login, err := a.flow.BeginLogin(r.Context(), authentication.AuthorizeOptions{Renew: r.URL.Query().Get("renew") == "true"})
	if err == nil {
		login.Return = r.URL.Query().Get("return") // Send removes an address of another site
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
	http.Redirect(w, r, cmp.Or(login.Return, "/user"), http.StatusSeeOther)
}

func (a *app) home(w http.ResponseWriter, r *http.Request) {
	a.pages["home"].show(w, http.StatusOK, view{Title: "Home", Return: r.URL.Query().Get("return"), Session: a.sessions.find(r)})
}

// user needs a session. Without one it redirects to the home page, then to the login, and after it back here.
func (a *app) user(w http.ResponseWriter, r *http.Request) {
	s := a.sessions.find(r)
	if s == nil {
		http.Redirect(w, r, "/?return="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	a.pages["user"].show(w, http.StatusOK, view{Title: "Your account", Session: s})
}

func (a *app) notFound(w http.ResponseWriter, r *http.Request) {
	a.pages["problem"].show(w, http.StatusNotFound, view{Title: "There is no such page", Text: "The address is not one of this application.", Session: a.sessions.find(r)})
}

// onlyPost answers GET requests to addresses that change something and need the button of their page.
func (a *app) onlyPost(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", http.MethodPost)
	a.pages["problem"].show(w, http.StatusMethodNotAllowed, view{Title: "Nothing was done", Text: "This address only works from the button of a page.", Session: a.sessions.find(r)})
}

// foreign answers a request from a page of another site.
func (a *app) foreign(w http.ResponseWriter, _ *http.Request) {
	a.pages["problem"].show(w, http.StatusForbidden, view{Title: "Nothing was done", Text: "The request came from another site."})
}

func (a *app) fail(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		log.Printf("%s %s: %v", r.Method, r.URL.Path, err) // holds no ticket, and the page does not show it
	}
	web.Error(w, r, err)
}
