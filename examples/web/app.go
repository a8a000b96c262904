package main

import (
	"cmp"
	"errors"
	"log"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

type app struct {
	settings
	client   *authentication.Client
	pending  web.Pending
	sessions *sessions
	pages    *pages
}

func newApp(s settings) (*app, error) {
	client, err := authentication.NewClient(s.options)
	if err != nil {
		return nil, err
	}
	pages, err := newPages(s.options.Protocol.Name())
	if err != nil {
		return nil, err
	}
	return &app{
		settings: s, client: client, sessions: newSessions(s.homeURL), pages: pages,
		pending: web.Pending{OnLost: report},
	}, nil
}

func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("GET /login", a.login)
	mux.HandleFunc("GET "+a.callbackPattern(), a.callback)
	mux.HandleFunc("GET /user", a.user)
	mux.HandleFunc("GET /session", a.session)
	mux.HandleFunc("POST /refresh", a.refresh)
	mux.HandleFunc("POST /logout", a.logout)
	mux.HandleFunc("GET /403", a.denied)
	mux.HandleFunc("GET /static/{file}", staticFile)
	mux.HandleFunc("/refresh", a.onlyPost)
	mux.HandleFunc("/logout", a.onlyPost)
	mux.HandleFunc("/", a.notFound)
	// A page of another site must not refresh or log the user out.
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(a.foreign))
	return guard.Handler(mux)
}

// callbackPattern matches only the exact path of the redirect URI, because fail logs the path.
func (a *app) callbackPattern() string {
	u, err := url.Parse(a.options.RedirectURI)
	if err != nil {
		return callbackPath
	}
	if strings.HasSuffix(u.Path, "/") {
		return u.Path + "{$}"
	}
	return u.Path
}

func (a *app) login(w http.ResponseWriter, r *http.Request) {
	login, err := a.client.BeginLogin(r.Context(), authentication.AuthorizeOptions{Scope: a.scope()})
	if err == nil {
		login.Return = r.URL.Query().Get("return") // Send removes an address of another site
		err = a.pending.Send(w, r, login)
	}
	a.fail(w, r, err)
}

func (a *app) callback(w http.ResponseWriter, r *http.Request) {
	login := a.pending.Take(w, r, a.client.LoginKey(r))
	id, err := a.client.CompleteLogin(r.Context(), login, r) // a nil login is refused
	switch {
	case errors.Is(err, authentication.ErrDenied):
		report(r, err)
		http.Redirect(w, r, "/403", http.StatusSeeOther)
	case err != nil:
		a.fail(w, r, err)
	default:
		a.sessions.start(w, r, id)
		http.Redirect(w, r, cmp.Or(login.Return, "/user"), http.StatusSeeOther)
	}
}

// scope asks for a refresh token too. OAuth's default scope at Authing includes one.
func (a *app) scope() string {
	if a.options.Protocol.Name() == "oidc" {
		return "openid profile email phone address offline_access"
	}
	return ""
}

func (a *app) fail(w http.ResponseWriter, r *http.Request, err error) {
	if err != nil {
		report(r, err)
	}
	web.Error(w, r, err)
}

// report writes the log. The error contains no secret, and no page shows it.
func report(r *http.Request, err error) { log.Printf("%s %s: %v", r.Method, r.URL.Path, err) }
