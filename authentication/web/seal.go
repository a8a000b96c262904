package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const keySize = 32

// box seals cookie values as "time.ciphertext". The time is not encrypted, so that the age of cookies with other or
// lost keys is known too. It is authenticated, together with the cookie's name, so neither can be changed.
type box struct{ ciphers []cipher.AEAD }

func newBox(field string, keys [][]byte) (*box, error) {
	if len(keys) == 0 {
		key := make([]byte, keySize)
		_, _ = rand.Read(key) // never fails
		keys = [][]byte{key}
	}
	b := &box{}
	for i, key := range keys {
		if len(key) != keySize {
			return nil, fmt.Errorf("web: %s[%d] has %d bytes, want %d", field, i, len(key), keySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("web: %s[%d]: %w", field, i, err)
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, fmt.Errorf("web: %s[%d]: %w", field, i, err)
		}
		b.ciphers = append(b.ciphers, aead)
	}
	return b, nil
}

// sealedText has one text for each value.
var sealedText = base64.RawURLEncoding.Strict()

func (b *box) seal(name string, at time.Time, plain []byte) string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	sealed := b.ciphers[0].Seal(nil, nil, plain, bound(name, stamp))
	value := make([]byte, 0, len(stamp)+1+sealedText.EncodedLen(len(sealed)))
	return string(sealedText.AppendEncode(append(append(value, stamp...), '.'), sealed))
}

func (b *box) open(name, value string) ([]byte, bool) {
	stamp, text, _ := strings.Cut(value, ".")
	if len(text) > maxInCookies {
		return nil, false
	}
	sealed, err := sealedText.DecodeString(text)
	if err != nil {
		return nil, false
	}
	for _, c := range b.ciphers {
		if plain, err := c.Open(nil, nil, sealed, bound(name, stamp)); err == nil {
			return plain, true
		}
	}
	return nil, false
}

func bound(name, stamp string) []byte { return []byte(name + "=" + stamp) }

// sealedAt is the time in the value, which is not yet authenticated; zero when it has none.
func sealedAt(value string) time.Time {
	stamp, _, _ := strings.Cut(value, ".")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || len(stamp) > 12 {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}
