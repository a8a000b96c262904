package authtest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// exchangeKeys is the client_credentials grant (RFC 6749 §4.4) as Authing has
// it: the client is the programming access account, in the body, not the
// application; refused scopes are told in rejected_scope.
func (s *Server) exchangeKeys(r *http.Request, p protocol) (map[string]any, *failure) {
	c, failed := readCredentials(r)
	switch {
	case failed != nil:
		return nil, failed
	case c.method != authPost:
		return nil, invalidClient("client_credentials takes the access key and the secret key in the body")
	case c.id == s.appID() && idptest.Same(c.secret, s.secret()):
		return nil, &failure{http.StatusBadRequest, "unauthorized_client", "client_credentials needs a programming access account"}
	case c.id != s.accessKey() || !idptest.Same(c.secret, s.secretKey()):
		return nil, invalidClient("client authentication failed")
	}
	asked := words(r.PostForm.Get("scope"))
	if len(asked) == 0 {
		asked = s.machineScopes()
	}
	var granted, rejected []string
	for _, scope := range asked {
		if slices.Contains(s.machineScopes(), scope) {
			granted = append(granted, scope)
		} else {
			rejected = append(rejected, scope)
		}
	}
	if len(granted) == 0 {
		return nil, &failure{http.StatusBadRequest, "invalid_scope", "none of the requested scopes is allowed"}
	}
	g := &grant{protocol: p, issuer: s.issuer(r, p), client: c.id, scopes: granted}
	reply, failed := s.tokens(g, granted, "", nil)
	if failed == nil && len(rejected) > 0 {
		reply["rejected_scope"] = strings.Join(rejected, " ")
	}
	return reply, failed
}
