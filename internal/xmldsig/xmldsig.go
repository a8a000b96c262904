// Package xmldsig canonicalizes, verifies and signs XML (XML Signature 1.1, Exclusive XML Canonicalization 1.0).
package xmldsig

import (
	"crypto"
	"errors"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

var errNotYet = errors.New("xmldsig: not built yet")

// Algorithm is a signature method by its URI (RFC 9231 §2).
type Algorithm string

const (
	RSASHA256   Algorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	RSASHA384   Algorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"
	RSASHA512   Algorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
	ECDSASHA256 Algorithm = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	ECDSASHA384 Algorithm = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
	ECDSASHA512 Algorithm = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"
	// RSASHA1 is verified with Policy.AllowSHA1 and never signed with.
	RSASHA1 Algorithm = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
)

// Policy is what a verifier takes beside what is safe. Its zero value is the safe choice.
type Policy struct {
	AllowSHA1           bool // RSA-SHA1 and the digest SHA-1
	AllowSmallRSA       bool // RSA keys from 1024 to 2047 bits
	AllowInclusiveC14N  bool // Canonical XML 1.0 and 1.1, without comments
	AllowEmptyReference bool // URI="" when the signature's parent is the root
	MaxNodes            int  // of the second gate; 0 is xmlgate's default
}

// Signed reports whether a ds:Signature stands directly in e.
func Signed(e xmlgate.Element) bool { return false }

// Verify checks the one enveloped signature of e with each of the keys, and returns the document of the
// octets that the key signed: e without the signature, canonicalized and read again by the gate. Nothing
// else of e may be believed. The error is an *Error.
func Verify(e xmlgate.Element, keys []crypto.PublicKey, p Policy) (*xmlgate.Document, error) {
	return nil, errNotYet
}

// VerifyOctets checks a detached signature, as the redirect binding has it (SAML Bindings §3.4.4.1).
func VerifyOctets(octets, signature []byte, alg Algorithm, keys []crypto.PublicKey, p Policy) error {
	return errNotYet
}

// Signer signs.
type Signer struct {
	Key         crypto.Signer
	Certificate []byte    // DER, put into KeyInfo; nil for none
	Algorithm   Algorithm // empty: by the key, with SHA-256, or the hash of the curve's size
}

// Sign returns message with an enveloped signature of its root, which must have an ID. The signature
// stands behind the root's saml:Issuer, or else first.
func (s Signer) Sign(message string) (string, error) { return "", errNotYet }

// SignOctets makes a detached signature, and names its algorithm.
func (s Signer) SignOctets(octets []byte) (signature []byte, alg Algorithm, err error) {
	return nil, "", errNotYet
}

// Method returns the algorithm that s signs with, or an error when there is none for its key. A redirect names
// it inside the octets that are signed (SAML Bindings §3.4.4.1), so it must be known before.
func (s Signer) Method() (Algorithm, error) { return "", errNotYet }
