package oidctest

import "net/http"

// exchange serves the token endpoint (RFC 6749 §3.2).
func (s *Server) exchange(w http.ResponseWriter, r *http.Request) {
	if failed := readForm(w, r); failed != nil {
		failed.write(w, r)
		return
	}
	r, failed := s.proven(w, r)
	if failed != nil {
		failed.write(w, r)
		return
	}
	var reply map[string]any
	switch r.PostForm.Get("grant_type") {
	case "":
		failed = invalidRequest("missing required parameter 'grant_type'")
	case "authorization_code":
		reply, failed = s.exchangeCode(r)
	case "refresh_token":
		reply, failed = s.exchangeRefresh(r)
	case "client_credentials":
		reply, failed = s.exchangeCredentials(r)
	case "password":
		reply, failed = s.exchangePassword(r)
	default:
		failed = &failure{http.StatusBadRequest, "unsupported_grant_type", "unsupported grant_type requested"}
	}
	if failed != nil {
		failed.write(w, r)
		return
	}
	w.Header().Set("Pragma", "no-cache")
	writeJSON(w, http.StatusOK, reply)
}
