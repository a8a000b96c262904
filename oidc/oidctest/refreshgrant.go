package oidctest

import "net/http"

// exchangeRefresh is the refresh_token grant (RFC 6749 §6). The token rotates, but not under FAPI 2.0
// Security Profile §5.3.2.1.
func (s *Server) exchangeRefresh(r *http.Request) (map[string]any, *failure) {
	c, failed := s.authenticate(r, s.TokenAuth)
	if failed != nil {
		return nil, failed
	}
	value := r.PostForm.Get("refresh_token")
	if value == "" {
		return nil, invalidRequest("missing required parameter 'refresh_token'")
	}
	if failed := s.misbound(r, "", value); failed != nil {
		return nil, failed
	}
	if failed := s.widened(r, value, c.id); failed != nil {
		return nil, failed
	}
	asked := words(r.PostForm.Get("scope"))
	old, failed := s.memory.rotate(value, c.id, asked, !s.fapi(), s.realm.Time())
	if failed != nil {
		return nil, failed
	}
	scopes := old.scopes
	if len(asked) > 0 {
		scopes = asked
	}
	next := old
	if !s.fapi() {
		next = s.issueRefresh(old.grant)
	}
	// The nonce belongs to the login, not to a refresh (OpenID Connect Core §12.2).
	return s.tokens(r, old.grant, scopes, "", next)
}

// widened refuses a request for more APIs or details than the grant has, before it uses the refresh token up.
func (s *Server) widened(r *http.Request, value, client string) *failure {
	t := s.memory.live(value, s.realm.Time())
	if t == nil || t.grant.client != client {
		return nil // the exchange says what is wrong
	}
	if _, failed := s.narrow(t.grant, r.PostForm["resource"]); failed != nil {
		return failed
	}
	_, failed := s.narrowDetails(r, t.grant)
	return failed
}
