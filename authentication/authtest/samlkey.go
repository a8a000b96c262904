package authtest

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"
)

// samlKeys names the ring of keys that sign SAML messages. They are in no JWKS.
const samlKeys = "SAML"

// samlKey is a signing key and its certificate.
type samlKey struct {
	*signingKey
	certificate []byte
}

// samlRing are the keys that the metadata show, the current one last.
func (s *Server) samlRing() ([]samlKey, error) {
	ring, err := s.keyRing(samlKeys)
	if err != nil {
		return nil, err
	}
	var all []samlKey
	for _, key := range ring {
		certificate, err := s.certificate(key)
		if err != nil {
			return nil, err
		}
		all = append(all, samlKey{key, certificate})
	}
	return all, nil
}

func (s *Server) samlKey() (samlKey, error) {
	ring, err := s.samlRing()
	if err != nil {
		return samlKey{}, err
	}
	return ring[len(ring)-1], nil
}

// certificate makes the key's certificate once: every message bears the same.
func (s *Server) certificate(key *signingKey) ([]byte, error) {
	s.keyMu.Lock()
	defer s.keyMu.Unlock()
	if key.certificate == nil {
		made, err := selfSigned(key)
		if err != nil {
			return nil, err
		}
		key.certificate = made
	}
	return key.certificate, nil
}

// selfSigned is good at any time that a test's clock may show.
func selfSigned(key *signingKey) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "authtest, not for production"},
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.private.Public(), key.private)
}
