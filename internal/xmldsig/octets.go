package xmldsig

import "crypto"

// VerifyOctets checks a detached signature, as in the redirect binding (SAML Bindings §3.4.4.1). An ECDSA signature is
// r and s, as everywhere in XML Signature; ASN.1 is refused. The error is an [*Error].
func VerifyOctets(octets, signature []byte, alg Algorithm, keys []crypto.PublicKey, p Policy) error {
	if err := p.allowed(alg); err != nil {
		return err
	}
	return p.verify(alg, octets, signature, keys)
}

// SignOctets makes a detached signature, and names its algorithm.
func (s Signer) SignOctets(octets []byte) (signature []byte, alg Algorithm, err error) {
	if alg, err = s.Method(); err != nil {
		return nil, "", err
	}
	signature, err = s.sign(alg, octets)
	return signature, alg, err
}
