package castest

import "net/http"

// logout serves /logout (CAS §2.3). The parameter url of CAS 2.0 is ignored, as CAS 3.0 wants (CAS §2.3.1).
func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	to := r.URL.Query().Get("service")
	if to != "" && !allowed(s.LogoutServices, to) {
		s.realm.ErrorPage(w, http.StatusBadRequest, "misconfiguration", "The service is not registered as a logout address of this application.")
		return
	}
	s.realm.Leave(w, r, to)
}
