package oidctest

import (
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func (c *client) is(k credentials) bool { return k.id == c.id && idptest.Same(k.secret, c.secret) }

// authenticate checks that the request comes from an application, by the one method allowed or, with none named, by any
// that fits it; own is the Server's method at this endpoint.
func (s *Server) authenticate(r *http.Request, own string) (credentials, *failure) {
	k, failed := readCredentials(r)
	if failed != nil {
		return k, failed
	}
	c := s.findClient(r.Context(), k.id)
	if c == nil {
		return k, invalidClient("client authentication failed")
	}
	k.client = c
	if failed := s.demandsProof(r, c); failed != nil {
		return k, failed
	}
	allowed := c.method(own)
	if certified(allowed) && k.method == authNone {
		k.method = allowed
	}
	switch {
	case s.weak(k.method):
		return k, invalidClient("FAPI 2.0 does not have this authentication method")
	case allowed != "" && k.method != allowed:
		return k, invalidClient("the client is not allowed this authentication method")
	case certified(allowed):
		return k, s.checkCertificate(r, c, allowed)
	case k.assertion != "":
		return k, s.checkAssertion(r, c, k.method, k.assertion)
	case k.method == authNone:
		if allowed == authNone || c.public {
			return k, nil
		}
		return k, invalidClient("client authentication failed: the secret is missing")
	case c.secret == "" || !c.is(k):
		return k, invalidClient("client authentication failed")
	}
	return k, nil
}
