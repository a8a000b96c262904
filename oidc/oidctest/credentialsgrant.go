package oidctest

import (
	"net/http"
	"strings"
)

// exchangeCredentials is the client_credentials grant (RFC 6749 §4.4).
func (s *Server) exchangeCredentials(r *http.Request) (map[string]any, *failure) {
	client, possible, failed := s.machine(r)
	if failed != nil {
		return nil, failed
	}
	asked := words(r.PostForm.Get("scope"))
	if len(asked) == 0 {
		asked = possible
	}
	granted, rejected := split(asked, possible)
	if len(granted) == 0 {
		return nil, invalidScope("none of the requested scopes is allowed")
	}
	g := &grant{issuer: s.issuer(r), client: client, app: s.clientOf(client), scopes: granted, resources: s.Resources}
	reply, failed := s.tokens(r, g, granted, "", nil)
	if failed == nil && len(rejected) > 0 && s.Machine != nil {
		reply["rejected_scope"] = strings.Join(rejected, " ")
	}
	return reply, failed
}

// machine authenticates the client of the grant and says what it can be granted.
func (s *Server) machine(r *http.Request) (client string, scopes []string, failed *failure) {
	if s.Machine == nil {
		return s.confidential(r)
	}
	c, failed := readCredentials(r)
	switch {
	case failed != nil:
		return "", nil, failed
	case c.method != authPost:
		return "", nil, invalidClient("client_credentials takes the credentials in the body")
	case s.client.is(c):
		return "", nil, unauthorizedClient("client_credentials is not for this client")
	case !s.Machine.is(c):
		return "", nil, invalidClient("client authentication failed")
	}
	return c.id, s.Machine.Scopes, nil
}

// confidential is the application itself, which must have shown its secret (RFC 6749 §4.4). The scopes that speak of
// a person are not for it.
func (s *Server) confidential(r *http.Request) (client string, scopes []string, failed *failure) {
	c, failed := s.authenticate(r, s.TokenAuth)
	if failed == nil && c.method == authNone {
		failed = unauthorizedClient("client_credentials is for confidential clients")
	}
	_, scopes = split(s.scopes(), []string{"openid", "offline_access"})
	return c.id, scopes, failed
}
