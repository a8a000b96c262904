package oidctest

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"time"
)

// binding is the keys that a token is bound to (RFC 9449 §6, RFC 8705 §3); empty is none.
type binding struct{ jkt, x5t string }

func (b binding) tokenType() string {
	if b.jkt != "" {
		return "DPoP"
	}
	return "Bearer"
}

// confirmation is the claim cnf; nil when there is none.
func (s *Server) confirmation(t *token) map[string]any {
	cnf := map[string]any{}
	if t.bound.jkt != "" {
		cnf["jkt"] = t.bound.jkt
	}
	if t.bound.x5t != "" {
		cnf["x5t#S256"] = t.bound.x5t
	}
	owner := s.owner(t.grant.app)
	if owner.Broken(OtherBinding) {
		for name := range cnf {
			digest := sha256.Sum256([]byte("another key"))
			cnf[name] = base64.RawURLEncoding.EncodeToString(digest[:])
		}
	}
	if len(cnf) == 0 || owner.Broken(MissingBinding) {
		return nil
	}
	return cnf
}

type provenKey struct{}

// proven is the request with the key that its proof has; failed is a proof that is not accepted.
func (s *Server) proven(w http.ResponseWriter, r *http.Request) (*http.Request, *failure) {
	jkt, failed := s.proof(w, r, "", http.StatusBadRequest)
	return r.WithContext(context.WithValue(r.Context(), provenKey{}, jkt)), failed
}

func keyOf(r *http.Request) (jkt string, atToken bool) {
	jkt, atToken = r.Context().Value(provenKey{}).(string)
	return jkt, atToken
}

// demandsProof refuses a token request without a proof, of an application that must have one (RFC 9449 §5.2).
func (s *Server) demandsProof(r *http.Request, c *client) *failure {
	if jkt, atToken := keyOf(r); atToken && jkt == "" && (c.app.DPoPBoundAccessTokens || !s.constrained(r, c)) {
		return invalidProof(http.StatusBadRequest, "a DPoP proof is required")
	}
	return nil
}

// bind is what the tokens of a request are bound to.
func bind(r *http.Request, c *client) binding {
	var b binding
	b.jkt, _ = keyOf(r)
	if c.app.CertificateBoundAccessTokens {
		b.x5t = thumbprint(r)
	}
	return b
}

func thumbprint(r *http.Request) string {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return ""
	}
	digest := sha256.Sum256(r.TLS.PeerCertificates[0].Raw)
	return base64.RawURLEncoding.EncodeToString(digest[:])
}

// bindRefresh binds a new refresh token of a public application (RFC 9449 §5).
func (m *memory) bindRefresh(t *token, jkt string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t.bound.jkt = jkt
}

// misbound refuses a code or a refresh token that is bound to another key than that of the proof.
func (s *Server) misbound(r *http.Request, codeValue, refreshValue string) *failure {
	jkt, _ := keyOf(r)
	want := s.memory.keyFor(codeValue, refreshValue, s.realm.Time())
	if want != "" && want != jkt {
		return invalidGrant("it is bound to another key (DPoP)")
	}
	return nil
}

func (m *memory) keyFor(codeValue, refreshValue string, now time.Time) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.codes.Get(codeValue, now); ok {
		return c.jkt
	}
	if t, ok := m.tokens.Get(refreshValue, now); ok && t.refresh {
		return t.bound.jkt
	}
	return ""
}

// checkUse refuses a bound token that comes without its key, and a Bearer token that comes with one (RFC 9449 §7.1, §7.2).
func (s *Server) checkUse(w http.ResponseWriter, r *http.Request, t *token, scheme string) *failure {
	refused := &failure{http.StatusUnauthorized, "invalid_token", "the token is bound to another key, or came without its proof"}
	if t.bound.x5t != "" && t.bound.x5t != thumbprint(r) {
		return refused
	}
	if scheme != "DPoP" {
		if t.bound.jkt != "" {
			return refused
		}
		return nil
	}
	jkt, failed := s.proof(w, r, t.value, http.StatusUnauthorized)
	switch {
	case failed != nil:
		return failed
	case jkt == "":
		return invalidProof(http.StatusUnauthorized, "a DPoP proof is required")
	case t.bound.jkt != jkt:
		return refused
	}
	return nil
}
