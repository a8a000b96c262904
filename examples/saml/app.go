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
	metadata http.Handler // nil at Authing, whose console needs no metadata
	pending  web.Pending
	sessions *sessions
	pages    map[string]*page
}

func newApp(s settings) (*app, error) {
	flow, metadata, err := newFlow(s)
	if err != nil {
		return nil, err
	}
	pages, err := newPages()
	if err != nil {
		return nil, err
	}
	return &app{
		settings: s, flow: flow, metadata: metadata, sessions: newSessions(s.homeURL), pages: pages,
		pending: web.Pending{OnLost: func(r *http.Request, err error) { log.Printf("%s %s: %v", r.Method, r.URL.Path, err) }},
	}, nil
}

func (a *app) routes() http.Handler {
	acs := a.acsPattern()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /login", a.login)
	mux.HandleFunc("POST "+acs, a.acs)
	mux.HandleFunc("GET /user", a.user)
	mux.HandleFunc("POST /logout", a.logout)
	mux.HandleFunc("GET "+sloPath, a.slo)
	mux.HandleFunc("POST "+sloPath, a.slo)
	mux.HandleFunc("GET /static/{file}", staticFile)
	if a.metadata != nil {
		mux.Handle("GET "+metadataPath, a.metadata)
	}
	// A page of another site must not log the user out. Messages of the identity provider come from its
	// site through the browser; they are checked by themselves.
	mux.HandleFunc("/logout", a.onlyPost)
	mux.HandleFunc("/", a.notFound)
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(a.foreign))
	guard.AddInsecureBypassPattern("POST " + acs)
	guard.AddInsecureBypassPattern("POST " + sloPath)
	return guard.Handler(mux)
}

// acsPattern matches only the exact path of the ACS, because fail logs the path.
func (a *app) acsPattern() string {
	u, err := url.Parse(a.acsURL)
	if err != nil {
		return acsPath
	}
	if strings.HasSuffix(u.Path, "/") {
		return u.Path + "{$}"
	}
	return u.Path
}

// login sends the browser to the identity provider, which with ?again=true asks for the password again.
func (a *app) login(w http.ResponseWriter, r *http.Request) {
	var o authentication.AuthorizeOptions
	if r.URL.Query().Get("again") == "true" {
		o.Prompt = "login"
	}
	login, err := a.flow.BeginLogin(r.Context(), o)
	if err == nil {
		login.Return = r.URL.Query().Get("return") // Send removes an address of another site
		err = a.pending.Send(w, r, login)
	}
	a.fail(w, r, err)
}

// acs takes the response.
func (a *app) acs(w http.ResponseWriter, r *http.Request) {
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
		log.Printf("%s %s: %v", r.Method, r.URL.Path, err) // holds no assertion, and the page does not show it
	}
	web.Error(w, r, err)
}
