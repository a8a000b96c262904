package simplesamlphp

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"time"
)

// Drop registers a service provider at the server, whose folder is dir (SP_DIR), with its metadata and the server's
// options for it. The returned function removes it.
func Drop(dir string, metadata []byte, options map[string]any) (forget func() error, err error) {
	text, err := json.Marshal(options)
	if err != nil {
		return nil, err
	}
	base := filepath.Join(dir, rand.Text())
	forget = func() error { return errors.Join(os.Remove(base+".xml"), os.Remove(base+".json")) }
	if err = os.WriteFile(base+".json", text, 0o600); err == nil {
		if err = os.WriteFile(base+".tmp", metadata, 0o600); err == nil {
			err = os.Rename(base+".tmp", base+".xml") // the server reads the folder at each request
		}
	}
	return forget, err
}

// NewPair makes a key of a service provider and its certificate.
func NewPair() (tls.Certificate, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return tls.Certificate{}, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "interop sp"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
}
