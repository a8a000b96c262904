package oidctest

import (
	"net/http"
	"strings"
)

// introspect serves the introspection endpoint (RFC 7662 §2), signed when the caller asks for it. ID tokens are not accepted.
func (s *Server) introspect(w http.ResponseWriter, r *http.Request) {
	value, failed := s.question(w, r, s.IntrospectionAuth)
	if failed != nil {
		failed.write(w, r)
		return
	}
	if s.FAPI2MessageSigning && !acceptsJWT(r) { // FAPI 2.0 Message Signing §5.5
		(&failure{http.StatusNotAcceptable, "invalid_request", "introspections must be asked for as JWTs"}).write(w, r)
		return
	}
	t := s.memory.live(value, s.realm.Time())
	if t == nil {
		s.writeIntrospection(w, r, map[string]any{"active": false})
		return
	}
	reply := map[string]any{
		"active": true, "client_id": t.grant.client, "exp": t.end.Unix(), "iat": t.issued.Unix(),
		"iss": t.grant.issuer, "jti": t.id, "scope": strings.Join(t.scopes, " "), "token_type": t.bound.tokenType(),
	}
	if len(t.details) > 0 {
		reply["authorization_details"] = t.details
	}
	if cnf := s.confirmation(t); cnf != nil {
		reply["cnf"] = cnf
	}
	if t.grant.act != nil {
		reply["act"] = t.grant.act
	}
	if sub := s.subject(t.grant); sub != "" {
		reply["sub"] = sub
	}
	s.writeIntrospection(w, r, reply)
}
