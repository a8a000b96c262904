package jose

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"strconv"

	josecipher "github.com/go-jose/go-jose/v4/cipher"
)

// maxDecryptionKeys limits the keys that are tried for one token.
const maxDecryptionKeys = 8

// Decrypter decrypts compact JWE tokens with one pinned alg and enc. It is safe for concurrent use, and prints as
// [redacted].
type Decrypter struct {
	alg, enc   string
	management management
	content    content
	keys       []decryptionKey
}

// NewDecrypter pins alg (RFC 7518 §4.1) and enc (§5.1), and takes from keys those that fit alg: one at least, eight at
// most. The error is an [*Error] of kind [Algorithm] or [BadKey].
func NewDecrypter(alg, enc string, keys []DecryptionKey) (*Decrypter, error) {
	if err := supportedEncryption(alg, enc); err != nil {
		return nil, err
	}
	d := &Decrypter{alg: alg, enc: enc}
	d.management, _ = managementOf(alg)
	d.content, _ = contentOf(enc)
	for _, k := range keys {
		key, bad := k.check()
		if bad != "" {
			return nil, &Error{BadKey, bad}
		}
		if (k.Alg != "" && k.Alg != alg) || !key.fits(d.management) {
			continue
		}
		if d.management.direct() && len(key.shared) != d.content.key {
			return nil, &Error{BadKey, enc + " needs a key of " + strconv.Itoa(d.content.key) + " bytes"}
		}
		d.keys = append(d.keys, key)
	}
	switch n := len(d.keys); {
	case n == 0:
		return nil, &Error{BadKey, "no key fits " + alg}
	case n > maxDecryptionKeys:
		return nil, &Error{BadKey, strconv.Itoa(n) + " keys fit " + alg + ", at most " + strconv.Itoa(maxDecryptionKeys) + " are allowed"}
	}
	return d, nil
}

// Decrypted is what was in a JWE. It is from whoever knows our key: with a public key, from anyone.
type Decrypted struct {
	Header  EncryptionHeader
	Payload string
}

// Decrypt decrypts a token of at most limit bytes (RFC 7516 §5.2). A kid selects the key of that name, or the keys
// without a name when there is none; a token without kid is tried with every key.
//
// The error is an [*Error] of kind [Format], [NotEncrypted], [Critical], [Algorithm], [BadKey] for an unknown kid, or
// [Decryption], whatever of the key and the content is wrong: a difference would help to guess them.
func (d *Decrypter) Decrypt(raw string, limit int) (Decrypted, error) {
	e, err := d.parseEnvelope(raw, limit)
	if err != nil {
		return Decrypted{}, err
	}
	keys := d.named(e.header.KeyID)
	if len(keys) == 0 {
		return Decrypted{}, &Error{BadKey, "no key of ours has the token's kid"}
	}
	for i := range keys {
		key := e.contentKey(d, &keys[i])
		if payload, ok := d.content.open(key, e); ok {
			return Decrypted{e.header, string(payload)}, nil
		}
	}
	return Decrypted{}, &Error{Decryption, "it is not encrypted to a key of ours, or was changed"}
}

// named returns the keys to try for kid.
func (d *Decrypter) named(kid string) []decryptionKey {
	if kid == "" {
		return d.keys
	}
	var named, nameless []decryptionKey
	for _, k := range d.keys {
		switch k.id {
		case kid:
			named = append(named, k)
		case "":
			nameless = append(nameless, k)
		}
	}
	if len(named) > 0 {
		return named
	}
	return nameless
}

// contentKey returns the key of the content, or a random one when it cannot be had: the work goes on with that and
// fails as with a wrong key (RFC 7516 §11.5).
func (e *envelope) contentKey(d *Decrypter, key *decryptionKey) []byte {
	out := make([]byte, d.content.key)
	_, _ = rand.Read(out) // it never fails
	got, ok := e.givenKey(d, key)
	if len(got) != len(out) {
		return out
	}
	right := 0
	if ok {
		right = 1
	}
	subtle.ConstantTimeCopy(right, out, got)
	return out
}

// givenKey returns the key that the token gives, which may have any size.
func (e *envelope) givenKey(d *Decrypter, key *decryptionKey) ([]byte, bool) {
	m := d.management
	switch {
	case m.oaep != 0:
		if len(e.encryptedKey) != key.size {
			return nil, false
		}
		given, err := key.rsa.Decrypt(rand.Reader, e.encryptedKey, &rsa.OAEPOptions{Hash: m.oaep})
		return given, err == nil
	case m.agree && key.curve != e.ephemeral.public.Curve():
		return nil, false
	case m.agree && m.wrap == 0:
		return e.agreed(key.exchanger, d.enc, d.content.key)
	case m.agree:
		kek, ok := e.agreed(key.exchanger, d.alg, m.wrap)
		if !ok {
			return nil, false
		}
		return unwrap(kek, e.encryptedKey)
	}
	return key.shared, true
}

// open decrypts the content and checks its tag, which covers the header too (RFC 7518 §5.2, §5.3). For CBC the tag is
// checked before the padding.
func (c content) open(key []byte, e *envelope) ([]byte, bool) {
	aead, err := c.aead(key)
	if err != nil {
		return nil, false
	}
	payload, err := aead.Open(nil, e.iv, e.sealed, []byte(e.protected))
	return payload, err == nil
}

func (c content) aead(key []byte) (cipher.AEAD, error) {
	if c.cbc {
		return josecipher.NewCBCHMAC(key, aes.NewCipher)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Format prints no key, whatever the verb.
func (d *Decrypter) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[redacted]") }

// LogValue logs no key.
func (d *Decrypter) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// MarshalText writes no key.
func (d *Decrypter) MarshalText() ([]byte, error) { return []byte("[redacted]"), nil }
