package oidctest

import "net/http"

// question reads a request about a token, from the application or from the machine.
func (s *Server) question(w http.ResponseWriter, r *http.Request, allowed string) (string, *failure) {
	if failed := readForm(w, r); failed != nil {
		return "", failed
	}
	if c, failed := s.authenticate(r, allowed); failed != nil && !s.Machine.is(c) {
		return "", failed
	}
	value := r.PostForm.Get("token")
	if value == "" {
		return "", invalidRequest("missing required parameter 'token'")
	}
	return value, nil
}
