package samltest

import (
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"slices"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// key is a signing key and its certificate.
type key struct {
	idptest.Key
	certificate []byte
}

// keys are the signing keys that the metadata shows.
type keys struct {
	ring idptest.KeyRing

	mu        sync.Mutex
	certified []key // of the ring as it was last seen: all messages of a key bear the same certificate
}

// all are the keys, the current one last.
func (k *keys) all() ([]key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	ring, err := k.ring.Keys()
	if err != nil {
		return nil, err
	}
	var all []key
	for _, one := range ring {
		if at := slices.IndexFunc(k.certified, func(c key) bool { return c.ID == one.ID }); at >= 0 {
			all = append(all, k.certified[at])
			continue
		}
		certificate, err := selfSigned(one)
		if err != nil {
			return nil, err
		}
		all = append(all, key{one, certificate})
	}
	k.certified = all
	return slices.Clone(all), nil
}

// current is the key that signs.
func (k *keys) current() (key, error) {
	all, err := k.all()
	if err != nil {
		return key{}, err
	}
	return all[len(all)-1], nil
}

// selfSigned is good at any time that a test's clock may show.
func selfSigned(key idptest.Key) ([]byte, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "samltest, not for production"},
		NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage: x509.KeyUsageDigitalSignature,
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.Private.Public(), key.Private)
}
