package oidctest

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/sha256" // registers the hashes that algHash names
	_ "crypto/sha512"
	"encoding/base64"
	"strings"
)

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func hmacSum(alg, secret, input string) []byte {
	mac := hmac.New(algHash(alg).New, []byte(secret))
	mac.Write([]byte(input))
	return mac.Sum(nil)
}

// algHash is the hash in the name of an algorithm; EdDSA's is that of Ed25519.
func algHash(alg string) crypto.Hash {
	switch {
	case strings.HasSuffix(alg, "384"):
		return crypto.SHA384
	case strings.HasSuffix(alg, "512"), alg == "EdDSA":
		return crypto.SHA512
	}
	return crypto.SHA256
}

// halfHash is the value of at_hash and c_hash (OpenID Connect Core §3.1.3.6).
func halfHash(alg, value string) string {
	hash := algHash(alg).New()
	hash.Write([]byte(value))
	sum := hash.Sum(nil)
	return encode(sum[:len(sum)/2])
}
