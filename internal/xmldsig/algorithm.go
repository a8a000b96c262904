package xmldsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
)

// Algorithm is a signature method by its URI (RFC 9231 §2).
type Algorithm string

const (
	RSASHA256   Algorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	RSASHA384   Algorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"
	RSASHA512   Algorithm = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
	ECDSASHA256 Algorithm = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	ECDSASHA384 Algorithm = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
	ECDSASHA512 Algorithm = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"
	// RSASSA-PSS with fixed parameters: MGF1 with the same hash, and a salt of the hash's length (RFC 9231 §2.3.10).
	RSAPSSSHA256 Algorithm = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
	RSAPSSSHA384 Algorithm = "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1"
	RSAPSSSHA512 Algorithm = "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1"
	// RSASHA1 is verified with Policy.AllowSHA1. Nothing is signed with it.
	RSASHA1 Algorithm = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
)

type family uint8

const (
	noFamily family = iota
	rsaPKCS1
	rsaPSS
	ecdsaRS // r and s, one after the other (XML Signature 1.1 §6.4.3)
)

// method returns the family and the hash of alg; the zero family when alg is unknown.
func (alg Algorithm) method() (family, crypto.Hash) {
	switch alg {
	case RSASHA256:
		return rsaPKCS1, crypto.SHA256
	case RSASHA384:
		return rsaPKCS1, crypto.SHA384
	case RSASHA512:
		return rsaPKCS1, crypto.SHA512
	case RSASHA1:
		return rsaPKCS1, crypto.SHA1
	case RSAPSSSHA256:
		return rsaPSS, crypto.SHA256
	case RSAPSSSHA384:
		return rsaPSS, crypto.SHA384
	case RSAPSSSHA512:
		return rsaPSS, crypto.SHA512
	case ECDSASHA256:
		return ecdsaRS, crypto.SHA256
	case ECDSASHA384:
		return ecdsaRS, crypto.SHA384
	case ECDSASHA512:
		return ecdsaRS, crypto.SHA512
	}
	return noFamily, 0
}

// allowed refuses signature methods that p does not accept.
func (p *Policy) allowed(alg Algorithm) error {
	switch f, hash := alg.method(); {
	case f == noFamily:
		return refuse(CheckAlgorithm, "the signature method is unknown or never accepted")
	case hash == crypto.SHA1 && !p.AllowSHA1:
		return refuse(CheckAlgorithm, "the signature method is RSA-SHA1, which only AllowSHA1 accepts")
	}
	return nil
}

const (
	digestSHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
	digestSHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"
	digestSHA512 = "http://www.w3.org/2001/04/xmlenc#sha512"
	digestSHA1   = "http://www.w3.org/2000/09/xmldsig#sha1"
)

// digestURI returns the digest method of a hash that is signed with.
func digestURI(hash crypto.Hash) string {
	switch hash {
	case crypto.SHA384:
		return digestSHA384
	case crypto.SHA512:
		return digestSHA512
	}
	return digestSHA256
}

// digestMethod returns the hash of a digest method (XML Signature 1.1 §6.2; RFC 9231 §2.1).
func (p *Policy) digestMethod(uri string) (crypto.Hash, error) {
	switch uri {
	case digestSHA256:
		return crypto.SHA256, nil
	case digestSHA384:
		return crypto.SHA384, nil
	case digestSHA512:
		return crypto.SHA512, nil
	case digestSHA1:
		if !p.AllowSHA1 {
			return 0, refuse(CheckAlgorithm, "the digest method is SHA-1, which only AllowSHA1 accepts")
		}
		return crypto.SHA1, nil
	}
	return 0, refuse(CheckAlgorithm, "the digest method is unknown or never accepted")
}

func familyOf(key crypto.PublicKey) family {
	switch key.(type) {
	case *rsa.PublicKey:
		return rsaPKCS1
	case *ecdsa.PublicKey:
		return ecdsaRS
	}
	return noFamily
}
