package jws

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha256" // hash functions for crypto.Hash
	_ "crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

// Header is the protected header of a token (RFC 7515 §4.1). An empty member is left out.
type Header struct {
	Alg   string `json:"alg"`
	KeyID string `json:"kid,omitempty"`
	Type  string `json:"typ,omitempty"`
}

// Sign makes a token of claims in the compact serialization (RFC 7515 §3.1). The key must fit the header's alg.
func Sign(h Header, claims any, key crypto.Signer) (string, error) {
	public := key.Public() // asked once: a device may answer otherwise later
	if err := CheckKey(h.Alg, public); err != nil {
		return "", err
	}
	input, err := signingInput(h, claims)
	if err != nil {
		return "", err
	}
	signature, err := sign(h.Alg, []byte(input), key, public)
	if err != nil {
		return "", err
	}
	return input + "." + encode(signature), nil
}

// MAC makes a token with an HMAC (RFC 7518 §3.2). CheckSecret says which secrets are long enough.
func MAC(h Header, claims any, secret string) (string, error) {
	if err := CheckSecret(h.Alg, secret); err != nil {
		return "", err
	}
	input, err := signingInput(h, claims)
	if err != nil {
		return "", err
	}
	mac := hmac.New(hashOf(h.Alg).New, []byte(secret))
	mac.Write([]byte(input))
	return input + "." + encode(mac.Sum(nil)), nil
}

// CheckSecret refuses an algorithm that is no HMAC, and a secret shorter than its hash (RFC 7518 §3.2).
func CheckSecret(alg, secret string) error {
	if alg != "HS256" && alg != "HS384" && alg != "HS512" {
		return fmt.Errorf("unknown Alg %q, want HS256, HS384 or HS512", alg)
	}
	if least := hashOf(alg).Size(); len(secret) < least {
		return fmt.Errorf("%s needs a secret of at least %d bytes, this one has %d (RFC 7518 §3.2)", alg, least, len(secret))
	}
	return nil
}

func signingInput(h Header, claims any) (string, error) {
	header, err := json.Marshal(h)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	return encode(header) + "." + encode(payload), nil
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// sign relies on CheckKey of public.
func sign(alg string, input []byte, key crypto.Signer, public crypto.PublicKey) ([]byte, error) {
	hash := hashOf(alg)
	digest, options := input, crypto.SignerOpts(crypto.Hash(0)) // Ed25519 signs the input itself
	if hash != 0 {
		h := hash.New()
		h.Write(input)
		digest, options = h.Sum(nil), hash
	}
	if alg[:2] == "PS" { // RFC 7518 §3.5: the salt is as long as the hash
		options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
	}
	signature, err := key.Sign(rand.Reader, digest, options)
	if err != nil {
		return nil, fmt.Errorf("the signer failed: %w", err)
	}
	want := ed25519.SignatureSize
	switch public := public.(type) {
	case *rsa.PublicKey:
		want = public.Size()
	case *ecdsa.PublicKey:
		return fixed(signature, (public.Curve.Params().BitSize+7)/8)
	}
	if len(signature) != want {
		return nil, fmt.Errorf("the signer returned %d bytes, want %d", len(signature), want)
	}
	return signature, nil
}

// fixed writes the ASN.1 of an ECDSA signature as two numbers of size bytes each (RFC 7518 §3.4).
func fixed(der []byte, size int) ([]byte, error) {
	var pair struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &pair); err != nil || len(rest) > 0 {
		return nil, errors.New("the signer returned no ASN.1 signature")
	}
	out := make([]byte, 2*size)
	for i, n := range []*big.Int{pair.R, pair.S} {
		if n.Sign() <= 0 || n.BitLen() > 8*size {
			return nil, errors.New("the signer returned a number that is too large for its curve")
		}
		n.FillBytes(out[i*size : (i+1)*size])
	}
	return out, nil
}
