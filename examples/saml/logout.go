package main

import (
	"log"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// logout ends the session here, then at the identity provider.
func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	s := a.sessions.find(r)
	if s == nil { // nothing to end: the page was old
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	a.sessions.end(w, r)
	if _, none := a.flow.(noLogout); none {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	out, err := a.flow.BeginLogout(r.Context(), s.id, a.logoutOptions())
	if err == nil {
		err = a.pending.SendLogout(w, r, out)
	}
	a.fail(w, r, err)
}

// logoutOptions have the home page for a logout without a response.
func (a *app) logoutOptions() authentication.LogoutOptions {
	if a.metadata == nil && a.demo == "" { // Authing's logout page
		return authentication.LogoutOptions{RedirectURI: a.homeURL}
	}
	return authentication.LogoutOptions{}
}

// slo is where logout messages come: the response to a logout that began here, and the request of one that began
// elsewhere.
func (a *app) slo(w http.ResponseWriter, r *http.Request) {
	if _, none := a.flow.(noLogout); none {
		a.notFound(w, r)
		return
	}
	if key := a.flow.LogoutKey(r); key != "" {
		a.loggedOut(w, r, a.pending.TakeLogout(w, r, key))
		return
	}
	notice, err := a.flow.ReceiveLogout(r.Context(), r)
	if err == nil {
		a.sessions.endNamed(notice)
		err = web.AnswerLogout(w, r, notice)
	}
	a.fail(w, r, err)
}

// loggedOut redirects to the home page. An invalid response changes nothing: the session here has already ended.
func (a *app) loggedOut(w http.ResponseWriter, r *http.Request, out *authentication.Logout) {
	if err := a.flow.CompleteLogout(r.Context(), out, r); err != nil {
		log.Printf("%s %s: %v", r.Method, r.URL.Path, err)
		a.pages["left"].show(w, http.StatusOK, view{Title: "Signed out here"})
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
