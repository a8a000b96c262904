package oidctest

import (
	"crypto/rsa"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
)

const (
	// fapiAlg signs under FAPI 2.0 what has no algorithm of its own.
	fapiAlg = "PS256"
	// fapiCodeLifetime is the longest for a code (FAPI 2.0 Security Profile §5.3.2.2).
	fapiCodeLifetime = time.Minute
	// fapiPushedLifetime is the end of what a pushed request may be good for (FAPI 2.0 Security Profile §5.3.2.2).
	fapiPushedLifetime = 10 * time.Minute
	// fapiSkew is how far clocks of applications may be ahead (FAPI 2.0 Security Profile §5.3.2.1).
	fapiSkew = 10 * time.Second
	// fapiObjectLifetime is the longest for a request object (FAPI 2.0 Message Signing §5.3.1).
	fapiObjectLifetime = time.Hour
	// fapiKeyBits is the least of a key of RSA (FAPI 2.0 Security Profile §5.4.1).
	fapiKeyBits = 2048
)

// fapiAlgs sign JWTs (FAPI 2.0 Security Profile §5.4.1).
func fapiAlgs() []string { return []string{fapiAlg, "ES256", "EdDSA"} }

// fapiMethods authenticate applications (FAPI 2.0 Security Profile §5.3.2.1).
func fapiMethods() []string { return []string{authKeyJWT, authTLS, authSelfSigned} }

func (s *Server) fapi() bool { return s.FAPI2 || s.FAPI2MessageSigning }

// allowed are those of the algorithms that the profile has.
func (s *Server) allowed(algs []string) []string {
	if !s.fapi() {
		return algs
	}
	return slices.DeleteFunc(algs, func(alg string) bool { return !slices.Contains(fapiAlgs(), alg) })
}

// weak says that the profile does not have a method of client authentication.
func (s *Server) weak(method string) bool { return s.fapi() && !slices.Contains(fapiMethods(), method) }

// short says that a key of RSA has fewer bits than the profile demands (FAPI 2.0 Security Profile §5.4.1).
func (s *Server) short(key jose.JSONWebKey) bool {
	public, isRSA := key.Key.(*rsa.PublicKey)
	return s.fapi() && isRSA && public.N.BitLen() < fapiKeyBits
}

func (s *Server) sendsIssuer() bool    { return s.SendIssuer || s.fapi() }
func (s *Server) requiresPushes() bool { return s.RequirePushedAuthorizationRequests || s.fapi() }

// mustSign says whether an application must send request objects.
func (s *Server) mustSign(c *client) bool {
	return s.FAPI2MessageSigning || c.app.RequestObjectAlg+c.object.alg != ""
}

// soon is now, by the clocks of applications that are ahead.
func (s *Server) soon() time.Time {
	now := s.realm.Time()
	if s.fapi() {
		return now.Add(fapiSkew)
	}
	return now
}

// constrained says whether the tokens of a request will be bound to a key, as the profile demands.
func (s *Server) constrained(r *http.Request, c *client) bool {
	return bind(r, c) != binding{} || !s.fapi()
}

// unsigned says why a request object is not of FAPI 2.0 Message Signing §5.3.1; empty is nothing. One that has not expired
// has an nbf of the last hour, then.
func (s *Server) unsigned(claims map[string]any) string {
	begin, _ := claims["nbf"].(float64)
	end, _ := claims["exp"].(float64)
	if s.FAPI2MessageSigning && time.Unix(int64(end), 0).After(time.Unix(int64(begin), 0).Add(fapiObjectLifetime)) {
		return "the request object has no nbf, or is good for more than an hour after it"
	}
	return ""
}

// unfit says what of an application the profile does not have; empty is nothing.
func (s *Server) unfit(c *client) string {
	if !s.fapi() {
		return ""
	}
	for name, alg := range map[string]string{
		"IDTokenSigningAlg": c.idTokenAlg, "UserInfoSigningAlg": c.app.UserInfoSigningAlg, "AuthorizationSigningAlg": c.app.AuthorizationSigningAlg,
		"RequestObjectAlg": c.app.RequestObjectAlg, "TokenAuthAlg": c.app.TokenAuthAlg,
	} {
		if alg != "" && !slices.Contains(fapiAlgs(), alg) {
			return "FAPI2 does not have this " + name
		}
	}
	methods := []string{c.method("")}
	if c.first {
		methods = []string{s.TokenAuth, s.IntrospectionAuth, s.RevocationAuth}
	}
	for _, method := range methods {
		if s.weak(method) && (method != "" || !c.first) {
			return "FAPI2 needs private_key_jwt, tls_client_auth or self_signed_tls_client_auth"
		}
	}
	return ""
}

// unfitServer is unfit for the fields of the whole server.
func (s *Server) unfitServer() string {
	switch {
	case !s.fapi():
	case s.PushedLifetime >= fapiPushedLifetime:
		return "FAPI2 needs a PushedLifetime of less than ten minutes"
	case s.AllowPublic || s.Machine != nil:
		return "FAPI2 has no AllowPublic and no Machine"
	case len(s.JWKS) == 0 && s.CertificateSubject == "" && len(s.Apps) == 0 && s.Registration == nil && !s.ClientIDMetadataDocuments:
		return "FAPI2 needs JWKS or CertificateSubject: no application can authenticate"
	}
	return ""
}
