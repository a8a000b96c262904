package oidctest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// decrypter has the keys to which applications encrypt request objects; the zero value has none.
type decrypter struct {
	rings map[string]*idptest.KeyRing // by RSA and ECDH
}

// family is the kind of key that an alg needs; empty is none, as for dir.
func family(alg string) string {
	for _, kind := range []string{"RSA", "ECDH"} {
		if strings.HasPrefix(alg, kind) {
			return kind
		}
	}
	return ""
}

// add makes a key for the algs like this one.
func (d *decrypter) add(alg string) {
	kind := family(alg)
	if kind == "" || d.rings[kind] != nil {
		return
	}
	if d.rings == nil {
		d.rings = make(map[string]*idptest.KeyRing)
	}
	d.rings[kind] = &idptest.KeyRing{}
	if kind == "ECDH" {
		d.rings[kind].New = func() (crypto.Signer, error) { return ecdsa.GenerateKey(elliptic.P256(), rand.Reader) }
	}
}

// algs are those by which an application can encrypt.
func (d *decrypter) algs() []string {
	return slices.DeleteFunc(encryptionAlgs(), func(alg string) bool { return alg != "dir" && d.rings[family(alg)] == nil })
}

func (d *decrypter) rotate() error {
	for _, ring := range d.rings {
		if err := ring.Rotate(); err != nil {
			return err
		}
	}
	return nil
}

// public are the keys of the JWKS (RFC 7517 §4.2).
func (d *decrypter) public() ([]jose.JSONWebKey, error) {
	var all []jose.JSONWebKey
	for _, kind := range slices.Sorted(maps.Keys(d.rings)) {
		ring, err := d.rings[kind].Keys()
		if err != nil {
			return nil, err
		}
		for _, key := range ring {
			all = append(all, jose.JSONWebKey{Key: key.Private.Public(), KeyID: key.ID, Use: "enc"})
		}
	}
	return all, nil
}

// open returns what is in a compact JWE for this server; ok says whether it could be read. It is not compressed, and
// says that it has a JWT (RFC 7519 §5.2).
func (d *decrypter) open(c *client, raw string) (text string, ok bool) {
	algs, encs := d.algs(), slices.Sorted(maps.Keys(contentSizes()))
	if c.app.RequestObjectEncryptionAlg != "" {
		algs, encs = []string{c.object.alg}, []string{c.object.enc}
	}
	object, err := jose.ParseEncryptedCompact(raw, typed[jose.KeyAlgorithm](algs), typed[jose.ContentEncryption](encs))
	if err != nil {
		return "", false
	}
	header := object.Header
	cty, _ := header.ExtraHeaders[jose.HeaderContentType].(string)
	if _, zipped := header.ExtraHeaders["zip"]; zipped || !strings.EqualFold(cty, "JWT") {
		return "", false
	}
	for _, key := range d.keys(c, header) {
		if plain, err := object.Decrypt(key); err == nil {
			return string(plain), true
		}
	}
	return "", false
}

// keys are those that can open a JWE with this header.
func (d *decrypter) keys(c *client, header jose.Header) (all []any) {
	if header.Algorithm == "dir" {
		enc, _ := header.ExtraHeaders["enc"].(string)
		if c.secret == "" {
			return nil
		}
		return []any{secretKey(c.secret, contentSizes()[enc])}
	}
	ring, err := d.rings[family(header.Algorithm)].Keys()
	if err != nil {
		return nil
	}
	for _, key := range ring {
		if header.KeyID == "" || header.KeyID == key.ID {
			all = append(all, key.Private)
		}
	}
	return all
}

func typed[T ~string](words []string) []T {
	all := make([]T, 0, len(words))
	for _, word := range words {
		all = append(all, T(word))
	}
	return all
}
