package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/internal/dpop"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// BoundVerifier is a Verifier that also knows tokens which are bound to a key: JWT and Introspection do. RequireToken then
// checks the proof of the key.
type BoundVerifier interface {
	Verifier
	// VerifyBoundToken is VerifyToken that does not refuse a bound token: Caller.Binding has the key. The caller of this method
	// must check that the request has a proof of that key.
	VerifyBoundToken(ctx context.Context, token string) (*Caller, error)
}

// verify returns the caller of a token and leaves the proof to checkBinding.
func (g *TokenGuard) verify(ctx context.Context, token string) (*Caller, error) {
	if v, ok := g.Verifier.(BoundVerifier); ok {
		return v.VerifyBoundToken(ctx, token)
	}
	return g.Verifier.VerifyToken(ctx, token)
}

// unbound is a VerifyToken by a VerifyBoundToken.
func unbound(c *Caller, err error) (*Caller, error) {
	if err == nil && c != nil && !c.Binding.Zero() {
		return nil, misbound("the token is bound to a key (cnf), and no proof of the key is checked here")
	}
	return c, err
}

func misbound(why string) error { return refuse(fmt.Errorf("web: %w: %s", oauth.ErrBinding, why)) }

// checkBinding refuses a token that came without the proof of its key (RFC 9449 §7.1, §7.2, RFC 8705 §3). proof is nil when
// it came as a Bearer token.
func (g *TokenGuard) checkBinding(r *http.Request, c *Caller, proof *dpop.Proof) error {
	b := c.Binding
	switch {
	case b.X5T != "" && !g.hasCertificate(r, b.X5T):
		return misbound("the token is bound to a certificate, and the connection does not have it")
	case proof == nil && b.JKT != "":
		return misbound("the token is bound to a key, and came without its proof, as a Bearer token")
	case proof == nil && g.DPoP != nil && g.DPoP.state.config.RequireDPoP:
		return misbound("the token is a Bearer token, and RequireDPoP is set")
	case proof == nil:
		return nil
	case b.JKT == "":
		return misbound("the token is not bound to a key, and came with a proof")
	case subtle.ConstantTimeCompare([]byte(b.JKT), []byte(proof.JKT)) != 1:
		return misbound("the token is bound to another key than that of the proof")
	}
	return g.DPoP.state.use(r, proof)
}

// hasCertificate compares the certificate of the client, whose key the connection proved.
func (g *TokenGuard) hasCertificate(r *http.Request, x5t string) bool {
	var certificate *x509.Certificate
	switch {
	case g.Certificate != nil:
		certificate = g.Certificate(r)
	case r.TLS != nil && len(r.TLS.PeerCertificates) > 0:
		certificate = r.TLS.PeerCertificates[0]
	}
	if certificate == nil {
		return false
	}
	digest := sha256.Sum256(certificate.Raw)
	return subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(digest[:])), []byte(x5t)) == 1
}
