package oidctest

import "net/http"

// jwks answers with the keys of the server.
func (s *Server) jwks(w http.ResponseWriter, _ *http.Request) {
	set, err := s.signer.public()
	if err != nil {
		http.Error(w, "oidctest: no key", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	writeJSON(w, http.StatusOK, set)
}
