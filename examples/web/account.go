package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

func (a *app) home(w http.ResponseWriter, r *http.Request) {
	a.pages.show(w, http.StatusOK, "home", view{Title: "Home", Return: r.URL.Query().Get("return"), Session: a.sessions.find(r)})
}

func (a *app) user(w http.ResponseWriter, r *http.Request) { a.show(w, r, "user", "Your account") }

func (a *app) session(w http.ResponseWriter, r *http.Request) {
	a.show(w, r, "session", "Your session")
}

// show is for pages that need a session. Without one it redirects to the home page, then to the login, and after it
// back here.
func (a *app) show(w http.ResponseWriter, r *http.Request, page, title string) {
	s := a.sessions.find(r)
	if s == nil {
		http.Redirect(w, r, "/?return="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	a.pages.show(w, http.StatusOK, page, view{Title: title, Session: s})
}

func (a *app) denied(w http.ResponseWriter, r *http.Request) {
	a.pages.show(w, http.StatusForbidden, "denied", view{Title: "Sign-in failed", Session: a.sessions.find(r)})
}

func (a *app) notFound(w http.ResponseWriter, r *http.Request) {
	a.pages.show(w, http.StatusNotFound, "problem", view{Title: "There is no such page", Text: "The address is not one of this application.", Session: a.sessions.find(r)})
}

// onlyPost answers GET requests to addresses that change something and need the button of their page.
func (a *app) onlyPost(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", http.MethodPost)
	a.pages.show(w, http.StatusMethodNotAllowed, "problem", view{Title: "Nothing was done", Text: "This address only works from the button of a page.", Session: a.sessions.find(r)})
}

// foreign answers a request from a page of another site.
func (a *app) foreign(w http.ResponseWriter, _ *http.Request) {
	a.pages.show(w, http.StatusForbidden, "problem", view{Title: "Nothing was done", Text: "The request came from another site."})
}

// refresh gets new tokens. After a refusal the session ends: its refresh token will not work again.
func (a *app) refresh(w http.ResponseWriter, r *http.Request) {
	s := a.sessions.find(r)
	if s == nil {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	// When the browser goes away in the meantime, the new refresh token must not be lost.
	ctx := context.WithoutCancel(r.Context())
	err := s.renew(func(id *authentication.Identity) (*authentication.Identity, error) { return a.client.Refresh(ctx, id) })
	if errors.Is(err, authentication.ErrDenied) || errors.Is(err, authentication.ErrRefused) {
		a.sessions.end(w, r)
	}
	if err != nil {
		a.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/user", http.StatusSeeOther)
}

// logout ends the session here, then at the server.
func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	options := authentication.LogoutOptions{RedirectURI: a.loggedOutURL}
	s := a.sessions.find(r)
	if s == nil { // nothing to end: the page was old
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	if a.expertLogout {
		options.Expert, options.IDToken = true, s.Identity().Token.IDToken
	}
	a.sessions.end(w, r)
	to, err := a.client.BuildLogoutUrl(r.Context(), options)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusSeeOther)
}
