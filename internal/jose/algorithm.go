package jose

import "crypto"

type family uint8

const (
	unknown family = iota
	hmacSHA
	rsaPKCS1
	rsaPSS
	ecdsaP256
	ecdsaP384
	ecdsaP521
	ed25519Pure
)

// algorithm returns the meaning of a JWA name (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2).
//
// For EdDSA the hash here is the one that OpenID Connect uses for at_hash; the signature has its own.
func algorithm(alg string) (family, crypto.Hash) {
	switch alg {
	case "HS256":
		return hmacSHA, crypto.SHA256
	case "HS384":
		return hmacSHA, crypto.SHA384
	case "HS512":
		return hmacSHA, crypto.SHA512
	case "RS256":
		return rsaPKCS1, crypto.SHA256
	case "RS384":
		return rsaPKCS1, crypto.SHA384
	case "RS512":
		return rsaPKCS1, crypto.SHA512
	case "PS256":
		return rsaPSS, crypto.SHA256
	case "PS384":
		return rsaPSS, crypto.SHA384
	case "PS512":
		return rsaPSS, crypto.SHA512
	case "ES256":
		return ecdsaP256, crypto.SHA256
	case "ES384":
		return ecdsaP384, crypto.SHA384
	case "ES512":
		return ecdsaP521, crypto.SHA512
	case "EdDSA", "Ed25519":
		return ed25519Pure, crypto.SHA512
	}
	return unknown, 0
}

// Supported reports whether tokens signed by alg can be verified here.
func Supported(alg string) bool {
	f, _ := algorithm(alg)
	return f != unknown
}

// Symmetric reports whether alg is an HMAC, whose key is a [Secret].
func Symmetric(alg string) bool {
	f, _ := algorithm(alg)
	return f == hmacSHA
}
