package oidctest

import "net/http"

// exchangeCode is the authorization_code grant (RFC 6749 §4.1.3, RFC 7636 §4.6).
func (s *Server) exchangeCode(r *http.Request) (map[string]any, *failure) {
	k, failed := s.authenticate(r, s.TokenAuth)
	if failed != nil {
		return nil, failed
	}
	form := r.PostForm
	for _, name := range []string{"code", "redirect_uri"} {
		if form.Get(name) == "" {
			return nil, invalidRequest("missing required parameter '" + name + "'")
		}
	}
	if failed := s.misbound(r, form.Get("code"), ""); failed != nil {
		return nil, failed
	}
	c, failed := s.memory.redeem(form.Get("code"), k.id, form.Get("redirect_uri"), form.Get("code_verifier"), s.realm.Time())
	if failed != nil {
		return nil, failed
	}
	var refresh *token
	if c.grant.offline {
		refresh = s.issueRefresh(c.grant)
	}
	return s.tokens(r, c.grant, c.grant.scopes, c.nonce, refresh)
}
