package xmlenc

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/subtle"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// minRSA is the smallest RSA key in bits.
const minRSA = 2048

// wrapped is an EncryptedKey (XML Encryption 1.1 §3.5.1).
type wrapped struct {
	transport transport
	value     []byte
}

// readKeys reads the EncryptedKeys. One whose algorithm is refused is left out while there is another: a
// message for several recipients may wrap its key in several ways.
func readKeys(all []xmlgate.Element, p Policy) ([]wrapped, error) {
	var keys []wrapped
	var refused error
	for _, e := range all {
		key, err := readKey(e, p)
		switch e, ok := err.(*Error); {
		case err == nil:
			keys = append(keys, key)
		case !ok || e.Check != CheckAlgorithm:
			return nil, err
		case refused == nil:
			refused = err
		}
	}
	if len(keys) == 0 {
		return nil, refused
	}
	return keys, nil
}

// readKey reads one EncryptedKey. Recipient and KeyInfo are hints at a key, and every key is tried. CarriedKeyName and
// ReferenceList say what it is for, and its place says so already.
func readKey(e xmlgate.Element, p Policy) (wrapped, error) {
	if kind, ok := e.Attr("", "Type"); ok && kind != encSpace+"EncryptedKey" {
		return wrapped{}, refuse(CheckShape, "the Type of an EncryptedKey is not that of an EncryptedKey")
	}
	if err := checkEncoding(e); err != nil {
		return wrapped{}, err
	}
	found, err := sequence(e, name{encSpace, "EncryptionMethod"}, name{sigSpace, "KeyInfo"}, name{encSpace, "CipherData"},
		name{encSpace, "ReferenceList"}, name{encSpace, "CarriedKeyName"})
	if err != nil {
		return wrapped{}, err
	}
	var w wrapped
	// The value first, so that a malformed key is refused whatever its algorithm.
	if w.value, err = cipherValue(found[2]); err != nil {
		return wrapped{}, err
	}
	w.transport, err = readTransport(found[0], p)
	return w, err
}

// try is an EncryptedKey with one of our keys.
type try struct {
	*wrapped
	key crypto.Decrypter
}

// match pairs each EncryptedKey with each key of its size.
func match(all []wrapped, keys []crypto.Decrypter) ([]try, error) {
	var tries []try
	usable := false
	for _, key := range keys {
		if key == nil {
			continue
		}
		public, ok := key.Public().(*rsa.PublicKey)
		if !ok || public.N.BitLen() < minRSA {
			continue
		}
		usable = true
		for i := range all {
			if len(all[i].value) == public.Size() {
				tries = append(tries, try{&all[i], key})
			}
		}
	}
	switch {
	case !usable:
		return nil, refuse(CheckKey, "there is no RSA key of 2048 bits or more that decrypts")
	case len(tries) == 0:
		return nil, refuse(CheckSize, "no EncryptedKey has the size of one of the keys")
	}
	return tries, nil
}

// unwrap returns the content key of that size, or a random one when it cannot be unwrapped: the work goes on with that
// and fails as with a wrong key (XML Encryption 1.1 §6.1.3).
func (t try) unwrap(size int) (content []byte, ok bool) {
	content = make([]byte, size)
	if _, err := rand.Read(content); err != nil {
		return content, false
	}
	got, err := t.key.Decrypt(rand.Reader, t.value, t.transport.options(size))
	if len(got) != size {
		return content, false
	}
	right := 0
	if err == nil {
		right = 1
	}
	subtle.ConstantTimeCopy(right, content, got)
	return content, err == nil
}
