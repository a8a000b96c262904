package samltest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"errors"
	"strings"

	"github.com/beevik/etree"
)

// verifies says whether signatures can be verified with the key.
func verifies(key crypto.PublicKey) bool {
	switch key := key.(type) {
	case *rsa.PublicKey:
		return key.N != nil && key.N.BitLen() >= 2048
	case *ecdsa.PublicKey:
		return key.Curve != nil
	}
	return false
}

// verify checks the signature of a message that has one; without a key it is not looked at. What a form's signature does
// not cover is cut off.
func (m *message) verify(key crypto.PublicKey) *refusal {
	if key == nil {
		return nil
	}
	var err error
	if m.form {
		err = m.verifyForm(key)
	} else {
		err = m.verifyQuery(key)
	}
	if err != nil {
		return &refusal{"invalid_signature", "The signature of the message is not good: " + err.Error() + "."}
	}
	return nil
}

// verifyQuery verifies a signature over raw octets (SAML Bindings §3.4.4.1).
func (m *message) verifyQuery(key crypto.PublicKey) error {
	document := etree.NewDocument()
	if err := document.ReadFromBytes(m.xml); err != nil || document.Root() == nil {
		return errors.New("the message is not XML")
	}
	if len(document.FindElements("//Signature")) > 0 {
		return errors.New("a message in a query must not contain one")
	}
	if m.query == nil {
		return nil
	}
	hash, family, err := signatureMethod(m.query.algorithm)
	if err != nil {
		return err
	}
	digest := hash.New()
	digest.Write([]byte(m.query.octets))
	sum := digest.Sum(nil)
	good := false
	switch key := key.(type) {
	case *rsa.PublicKey:
		good = family == "rsa" && rsa.VerifyPKCS1v15(key, hash, sum, m.query.signature) == nil
	case *ecdsa.PublicKey:
		r, s, ok := halves(m.query.signature, key)
		good = family == "ecdsa" && ok && ecdsa.Verify(key, sum, r, s)
	}
	if !good {
		return errors.New("it is not of the registered key")
	}
	m.signed = true
	return nil
}

// signatureMethod reads the names of RFC 9231 §2.3; SHA-1 is not taken.
func signatureMethod(uri string) (crypto.Hash, string, error) {
	family, hash, _ := strings.Cut(strings.TrimPrefix(uri, "http://www.w3.org/2001/04/xmldsig-more#"), "-")
	known := map[string]crypto.Hash{"sha256": crypto.SHA256, "sha384": crypto.SHA384, "sha512": crypto.SHA512}[hash]
	if known == 0 || family != "rsa" && family != "ecdsa" {
		return 0, "", errors.New("its method is not known")
	}
	return known, family, nil
}
