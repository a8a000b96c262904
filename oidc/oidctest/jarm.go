package oidctest

import (
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// responseLifetime is how long a response JWT is good; JARM §2.1 recommends 10 minutes at most.
const responseLifetime = 5 * time.Minute

// needsJWT says whether an application takes responses of the authorization endpoint as JWTs alone.
func (c *client) needsJWT() bool {
	return c.app.AuthorizationSigningAlg != "" || c.response.alg != ""
}

// plainMode is how a response mode brings the JWT (JARM §2.3), and whether it is one of JWTs. That of "jwt" alone is the
// default of the response type, as of no mode.
func plainMode(mode string) (plain string, asked bool) {
	if mode == "jwt" {
		return "", true
	}
	return strings.CutSuffix(mode, ".jwt")
}

// responseJWT makes the JWT of a response (JARM §2.1, §2.2): signed, then encrypted where the application wants it.
func (s *Server) responseJWT(q *authRequest, reply idptest.Parameters) (string, error) {
	now := s.realm.Time()
	claims := map[string]any{"iss": q.issuer, "aud": q.client.id, "exp": now.Add(responseLifetime).Unix()}
	breakAddresses(q.client, claims)
	for _, p := range reply {
		claims[p.Name] = p.Value
	}
	breakResponse(q.client, claims, now)
	signed, err := s.signer.sign(q.client, "JWT", either(q.client.app.AuthorizationSigningAlg, s.signer.ownAlg), claims)
	if err != nil {
		return "", err
	}
	return s.encrypt(q.client, q.client.response, "JWT", signed)
}
