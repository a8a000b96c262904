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
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
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
	signed, err := sign(h.Alg, []byte(input), key, public)
	return string(signed), err
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

// sign returns input with a dot and its signature. It relies on CheckKey of public.
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
		want = 2 * ((public.Curve.Params().BitSize + 7) / 8)
		if signature, err = fixed(signature, want/2); err != nil {
			return nil, err
		}
	}
	if len(signature) != want {
		return nil, fmt.Errorf("the signer returned %d bytes, want %d", len(signature), want)
	}
	return base64.RawURLEncoding.AppendEncode(append(input, '.'), signature), nil
}

// fixed writes the ASN.1 of an ECDSA signature as two numbers of size bytes each (RFC 7518 §3.4).
func fixed(der []byte, size int) ([]byte, error) {
	sequence, rest, ok := element(der, 0x30)
	if !ok || len(rest) > 0 {
		return nil, errNoSignature
	}
	out := make([]byte, 2*size)
	for i := range 2 {
		var n []byte
		if n, sequence, ok = element(sequence, 0x02); !ok || len(n) == 0 || len(n) > 1 && n[0] == 0 && n[1] < 0x80 {
			return nil, errNoSignature
		}
		if n[0] == 0 {
			n = n[1:] // it only shows that the number is positive
		} else if n[0] >= 0x80 {
			n = nil
		}
		if len(n) == 0 || len(n) > size {
			return nil, errors.New("the signer returned a number that is too large for its curve")
		}
		copy(out[(i+1)*size-len(n):], n)
	}
	if len(sequence) > 0 {
		return nil, errNoSignature
	}
	return out, nil
}

var errNoSignature = errors.New("the signer returned no ASN.1 signature")

// element cuts a DER element of one tag, and of less than 256 bytes, off the front of data (X.690 §8.1.3, §10.1).
func element(data []byte, tag byte) (content, rest []byte, ok bool) {
	if len(data) < 2 || data[0] != tag {
		return nil, nil, false
	}
	size, head := int(data[1]), 2
	if size == 0x81 && len(data) > 2 && data[2] >= 0x80 {
		size, head = int(data[2]), 3
	} else if size >= 0x80 {
		return nil, nil, false
	}
	if len(data) < head+size {
		return nil, nil, false
	}
	return data[head : head+size], data[head+size:], true
}
