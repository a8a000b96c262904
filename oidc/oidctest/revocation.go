package oidctest

import "net/http"

// revoke serves the revocation endpoint (RFC 7009 §2): an unknown token is a success too.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	value, failed := s.question(w, r, s.RevocationAuth)
	if failed != nil {
		failed.write(w, r)
		return
	}
	if t := s.memory.live(value, s.realm.Time()); t != nil {
		s.memory.revoke(t)
	}
	w.WriteHeader(http.StatusOK)
}
