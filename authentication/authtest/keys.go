package authtest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// signingKey is one private key and its public name.
type signingKey struct {
	id      string
	alg     string
	private crypto.Signer

	certificate []byte // of keys that sign SAML messages
}

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

func newKey(alg string) (*signingKey, error) {
	var private crypto.Signer
	var err error
	switch alg {
	case "ES256":
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case "ES384":
		private, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case "ES512":
		private, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case "EdDSA":
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		return nil, err
	}
	return &signingKey{id: opaque(), alg: alg, private: private}, nil
}

// key returns the current key of alg. Keys are made when first needed: an RSA key
// takes some fifty milliseconds, and many servers never sign a JWT.
func (s *Server) key(alg string) (*signingKey, error) {
	s.keyMu.Lock()
	defer s.keyMu.Unlock()
	if ring := s.keys[alg]; len(ring) > 0 {
		return ring[len(ring)-1], nil
	}
	made, err := s.firstKey(alg)
	if err != nil {
		return nil, err
	}
	if s.keys == nil {
		s.keys = make(map[string][]*signingKey)
	}
	s.keys[alg] = []*signingKey{made}
	return made, nil
}

// firstKey is the one that the test gave, or a new one.
func (s *Server) firstKey(alg string) (*signingKey, error) {
	given := s.SigningKey
	if alg == samlKeys {
		given = s.SAMLKey
	}
	if given == nil || alg != samlKeys && !strings.HasPrefix(alg, "RS") && !strings.HasPrefix(alg, "PS") {
		return newKey(alg)
	}
	return &signingKey{id: opaque(), alg: alg, private: given}, nil
}

// swapped returns a key that is in no JWKS under the name of the current one.
func (s *Server) swapped(current *signingKey) (*signingKey, error) {
	s.keyMu.Lock()
	defer s.keyMu.Unlock()
	stranger := s.swaps[current.alg]
	if stranger == nil {
		var err error
		if stranger, err = newKey(current.alg); err != nil {
			return nil, err
		}
		if s.swaps == nil {
			s.swaps = make(map[string]*signingKey)
		}
		s.swaps[current.alg] = stranger
	}
	return &signingKey{id: current.id, alg: current.alg, private: stranger.private}, nil
}

// RotateKeys makes new signing keys. The last two keys of each algorithm stay in
// the JWKS, and those of SAML in its metadata, so that what was signed with the one before still verifies. HS256 tokens
// are keyed by the application's secret and do not change. It returns an error
// only when a key cannot be made.
func (s *Server) RotateKeys() error {
	for _, alg := range append(s.keyAlgs(), samlKeys) {
		if alg == samlKeys && !s.samlUsed() {
			continue
		}
		if _, err := s.key(alg); err != nil {
			return err
		}
		made, err := newKey(alg)
		if err != nil {
			return err
		}
		s.keyMu.Lock()
		ring := append(s.keys[alg], made)
		s.keys[alg] = ring[max(0, len(ring)-2):]
		s.keyMu.Unlock()
	}
	return nil
}

// samlUsed spares those who do not use SAML a key.
func (s *Server) samlUsed() bool {
	s.keyMu.Lock()
	defer s.keyMu.Unlock()
	return len(s.keys[samlKeys]) > 0
}

// keyAlgs are the algorithms whose public keys the JWKS shows.
func (s *Server) keyAlgs() []string {
	if alg := s.idTokenAlg(); !symmetric(alg) && alg != accessTokenAlg {
		return []string{accessTokenAlg, alg}
	}
	return []string{accessTokenAlg}
}

// keyRing returns the keys of alg that verify, the current one last.
func (s *Server) keyRing(alg string) ([]*signingKey, error) {
	if _, err := s.key(alg); err != nil {
		return nil, err
	}
	s.keyMu.Lock()
	defer s.keyMu.Unlock()
	return append([]*signingKey(nil), s.keys[alg]...), nil
}

// jwks answers with the JWK Set (RFC 7517 §5).
func (s *Server) jwks(w http.ResponseWriter, _ *http.Request) {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	for _, alg := range s.keyAlgs() {
		ring, err := s.keyRing(alg)
		if err != nil {
			http.Error(w, "authtest: no key", http.StatusInternalServerError)
			return
		}
		if s.broken(StaleJWKS) {
			ring = ring[:len(ring)-1]
		}
		for _, key := range ring {
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: key.private.Public(), KeyID: key.id, Algorithm: alg, Use: "sig"})
		}
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	writeJSON(w, http.StatusOK, set)
}
