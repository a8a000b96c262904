package main

import (
	"log"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// logout ends the session here, then at the server, which comes back to the home page.
func (a *app) logout(w http.ResponseWriter, r *http.Request) {
	s := a.sessions.find(r)
	if s == nil { // nothing to end: the page was old
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	a.sessions.end(w, r)
	out, err := a.flow.BeginLogout(r.Context(), s.id, authentication.LogoutOptions{RedirectURI: a.homeURL})
	if err != nil {
		a.fail(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, out.URL, http.StatusSeeOther)
}

// loggedOut is the server's message that sessions have ended (CAS §2.3.3). The response to a readable message is
// always the same, so that it does not reveal which sessions exist.
func (a *app) loggedOut(w http.ResponseWriter, r *http.Request) {
	notice, err := a.flow.ReceiveLogout(r.Context(), r)
	if err != nil {
		log.Printf("%s %s: %v", r.Method, r.URL.Path, err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	a.sessions.endNamed(notice)
	w.WriteHeader(http.StatusOK)
}
