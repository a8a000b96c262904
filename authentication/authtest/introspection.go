package authtest

import (
	"net/http"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// introspect serves the introspection endpoints (RFC 7662 §2). ID tokens are not accepted.
func (s *Server) introspect(p protocol) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		value, failed := s.tokenQuestion(w, r, s.IntrospectionAuth)
		if failed != nil {
			failed.write(w, r)
			return
		}
		t := s.live(p, value)
		if t == nil {
			writeJSON(w, http.StatusOK, map[string]any{"active": false})
			return
		}
		reply := map[string]any{
			"active": true, "client_id": t.grant.client, "exp": t.end.Unix(), "iat": t.issued.Unix(),
			"iss": t.grant.issuer, "jti": t.id, "scope": strings.Join(t.scopes, " "), "token_type": "Bearer",
		}
		if t.grant.user != nil {
			reply["sub"] = t.grant.user.ID()
		}
		writeJSON(w, http.StatusOK, reply)
	}
}

// revoke serves the revocation endpoints (RFC 7009 §2): an unknown token is a success too.
func (s *Server) revoke(p protocol) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		value, failed := s.tokenQuestion(w, r, s.RevocationAuth)
		if failed != nil {
			failed.write(w, r)
			return
		}
		if t := s.live(p, value); t != nil {
			s.mu.Lock()
			t.revoked = true
			if t.refresh {
				t.grant.revoked = true
			}
			s.mu.Unlock()
		}
		w.WriteHeader(http.StatusOK)
	}
}

// tokenQuestion reads a request about a token, from the application or, for its
// own tokens, from the programming access account.
func (s *Server) tokenQuestion(w http.ResponseWriter, r *http.Request, allowed string) (string, *failure) {
	if failed := readForm(w, r); failed != nil {
		return "", failed
	}
	c, failed := s.authenticate(r, allowed)
	if failed != nil && (c.id != s.accessKey() || !idptest.Same(c.secret, s.secretKey())) {
		return "", failed
	}
	value := r.PostForm.Get("token")
	if value == "" {
		return "", invalidRequest("missing required parameter 'token'")
	}
	return value, nil
}
