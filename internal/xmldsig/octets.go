package xmldsig

import (
	"crypto"
	"crypto/ecdsa"
)

// VerifyOctets checks a detached signature, as in the redirect binding (SAML Bindings §3.4.4.1). An ECDSA signature is
// r and s, as everywhere in XML Signature, or DER, as many senders write it here. The error is an [*Error].
func VerifyOctets(octets, signature []byte, alg Algorithm, keys []crypto.PublicKey, p Policy) error {
	if err := p.allowed(alg); err != nil {
		return err
	}
	return p.verify(alg, octets, signature, true, keys)
}

// SignOctets makes a detached signature, and names its algorithm. With DER an ECDSA signature is in that form.
func (s Signer) SignOctets(octets []byte) (signature []byte, alg Algorithm, err error) {
	if alg, err = s.Method(); err != nil {
		return nil, "", err
	}
	if signature, err = s.sign(alg, octets); err != nil {
		return nil, "", err
	}
	if key, ok := s.Key.Public().(*ecdsa.PublicKey); ok && s.DER {
		if signature, ok = toDER(signature, coordinate(key)); !ok {
			return nil, "", errNotASN1
		}
	}
	return signature, alg, nil
}
