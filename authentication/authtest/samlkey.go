package authtest

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// samlKey is a signing key and its certificate.
type samlKey struct {
	idptest.Key
	certificate []byte
}

// samlRing are the keys that the metadata show, the current one last.
func (s *Server) samlRing() ([]samlKey, error) {
	ring, err := s.samlKeys.Keys()
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
func (s *Server) certificate(key idptest.Key) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if made := s.certificates[key.ID]; made != nil {
		return made, nil
	}
	made, err := selfSigned(key)
	if err != nil {
		return nil, err
	}
	if s.certificates == nil {
		s.certificates = make(map[string][]byte)
	}
	s.certificates[key.ID] = made
	return made, nil
}

// selfSigned is good at any time that a test's clock may show.
func selfSigned(key idptest.Key) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "authtest, not for production"},
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.Private.Public(), key.Private)
}
