package authtest

import (
	"net/http"
	"slices"
)

// exchangeRefresh is the refresh_token grant (RFC 6749 §6). The token rotates.
func (s *Server) exchangeRefresh(r *http.Request, p protocol) (map[string]any, *failure) {
	if _, failed := s.authenticate(r, s.TokenAuth); failed != nil {
		return nil, failed
	}
	value := r.PostForm.Get("refresh_token")
	if value == "" {
		return nil, invalidRequest("missing required parameter 'refresh_token'")
	}
	asked := words(r.PostForm.Get("scope"))
	old, failed := s.rotate(p, value, asked)
	if failed != nil {
		return nil, failed
	}
	scopes := old.scopes
	if len(asked) > 0 {
		scopes = asked
	}
	// The nonce belongs to the login, not to a refresh (OpenID Connect Core §12.2).
	return s.tokens(old.grant, scopes, "", s.issueRefresh(old.grant))
}

// rotate uses the refresh token up. A second use kills the whole family (RFC 9700 §4.14.2).
func (s *Server) rotate(p protocol, value string, asked []string) (*token, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.memory.tokens.Get(value, s.realm.Time())
	switch {
	case !ok || !t.refresh || t.grant.protocol != p || t.revoked || t.grant.revoked:
		return nil, invalidGrant("the refresh token is unknown, revoked or too old")
	case t.used:
		t.grant.revoked = true
		return nil, invalidGrant("the refresh token was used before")
	}
	for _, scope := range asked {
		if !slices.Contains(t.scopes, scope) {
			return nil, &failure{http.StatusBadRequest, "invalid_scope", "refresh token missing requested scope"}
		}
	}
	t.used = true
	return t, nil
}
