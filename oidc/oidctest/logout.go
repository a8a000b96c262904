package oidctest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// endSession serves the end session endpoint (OpenID Connect RP-Initiated Logout §2).
// With the hint of the person who is logged in it logs out at once; without, it
// asks the person first, as the specification demands.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<18)
	if r.ParseForm() != nil {
		s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_request", "The request cannot be read.")
		return
	}
	form := r.Form
	var hinted string
	var app *client
	if hint := form.Get("id_token_hint"); hint != "" {
		claims, c := s.verifyHint(hint)
		if app = c; c == nil {
			s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_request", "The id_token_hint was not made by this server for this application.")
			return
		}
		hinted, _ = claims["sub"].(string)
	}
	if id := form.Get("client_id"); id != "" && app == nil {
		app = s.clientOf(id)
	}
	if id := form.Get("client_id"); id != "" && (app == nil || app.id != id) {
		s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_client", "There is no application with this client_id.")
		return
	}
	to := form.Get("post_logout_redirect_uri")
	// Without a hint and a client_id it is not known which application's addresses to compare with.
	if to != "" && (app == nil || !idptest.Registered(app.app.LogoutURIs, to)) {
		s.realm.ErrorPage(w, http.StatusBadRequest, "misconfiguration", "The post_logout_redirect_uri is not registered for this application.")
		return
	}
	if current := s.realm.Session(r); current != nil && current.User.ID() != hinted && !s.realm.LogoutConfirmed(r) {
		s.logoutPage(w, r)
		return
	}
	if state := form.Get("state"); to != "" && state != "" {
		reply := breakCount(s.owner(app), breakReply(s.owner(app), idptest.Pairs("state", state)))
		to = idptest.AddQuery(to, reply.Encode())
	}
	s.realm.Leave(w, r, to)
}

func (s *Server) logoutPage(w http.ResponseWriter, r *http.Request) {
	var fields idptest.Parameters
	for _, name := range []string{"id_token_hint", "client_id", "post_logout_redirect_uri", "state"} {
		if value := r.Form.Get(name); value != "" {
			fields.Add(name, value)
		}
	}
	s.realm.LogoutPage(w, r, fields)
}
