package authtest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// frontLogout serves /login/profile/logout, Authing's logout for every protocol.
func (s *Server) frontLogout(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	if id := query.Get("app_id"); id != "" && id != s.appID() {
		s.realm.ErrorPage(w, http.StatusBadRequest, "invalid_client", "There is no application with this app_id.")
		return
	}
	to := query.Get("redirect_uri")
	if to != "" && !idptest.Registered(s.LogoutURIs, to) {
		s.realm.ErrorPage(w, http.StatusBadRequest, "misconfiguration", "The redirect_uri is not registered as a logout address of this application.")
		return
	}
	s.realm.Leave(w, r, to)
}
