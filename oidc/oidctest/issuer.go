package oidctest

import "net/http"

// issuer is the name of the server, and the address that its endpoints are below.
func (s *Server) issuer(r *http.Request) string { return s.realm.Base(r) + s.Path }
