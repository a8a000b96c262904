package authtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func knownAlg(alg string) bool {
	switch alg {
	case "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA":
		return true
	}
	return false
}

// symmetric says whether the key of alg is the application's secret.
func symmetric(alg string) bool { return strings.HasPrefix(alg, "HS") }

// accessTokenAlg is what Authing signs its access tokens with, always.
const accessTokenAlg = "RS256"

func (s *Server) idTokenAlg() string { return either(s.IDTokenSigningAlg, "HS256") }

// keyAlgs are the algorithms whose public keys the JWKS shows.
func (s *Server) keyAlgs() []string {
	if alg := s.idTokenAlg(); !symmetric(alg) && alg != accessTokenAlg {
		return []string{accessTokenAlg, alg}
	}
	return []string{accessTokenAlg}
}

// newKeyRing is the ring of an algorithm's keys.
func (s *Server) newKeyRing(alg string) *idptest.KeyRing {
	curves := map[string]elliptic.Curve{"ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()}
	switch curve := curves[alg]; {
	case curve != nil:
		return &idptest.KeyRing{New: func() (crypto.Signer, error) { return ecdsa.GenerateKey(curve, rand.Reader) }}
	case alg == "EdDSA":
		return &idptest.KeyRing{New: func() (crypto.Signer, error) {
			_, private, err := ed25519.GenerateKey(rand.Reader)
			return private, err
		}}
	case s.SigningKey != nil:
		return &idptest.KeyRing{First: s.SigningKey}
	}
	return &idptest.KeyRing{}
}

// RotateKeys makes new signing keys. The last two keys of each algorithm stay in the JWKS, and those of SAML in its
// metadata, so that what was signed with the one before still verifies. HS256 tokens are keyed by the application's
// secret and do not change. It returns an error only when a key cannot be made.
func (s *Server) RotateKeys() error {
	s.prepare()
	for _, ring := range s.keys {
		if err := ring.Rotate(); err != nil {
			return err
		}
	}
	if s.samlKeys.Used() { // who does not use SAML is spared a key
		return s.samlKeys.Rotate()
	}
	return nil
}

// jwks answers with the JWK Set (RFC 7517 §5).
func (s *Server) jwks(w http.ResponseWriter, _ *http.Request) {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, alg := range s.keyAlgs() {
		ring, err := s.keys[alg].Keys()
		if err != nil {
			http.Error(w, "authtest: no key", http.StatusInternalServerError)
			return
		}
		if s.realm.Broken(StaleJWKS) {
			ring = ring[:len(ring)-1]
		}
		for _, key := range ring {
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: key.Private.Public(), KeyID: key.ID, Algorithm: alg, Use: "sig"})
		}
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	writeJSON(w, http.StatusOK, set)
}
