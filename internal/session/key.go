package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// keySize is the length of handles and of keys in a store: 32 bytes in base64url.
const keySize = 43

// appendPart appends a part of what is hashed. Its length is in front, so that no two lists of parts are the same.
func appendPart[T string | []byte](b []byte, part T) []byte {
	b = binary.AppendUvarint(b, uint64(len(part)))
	return append(b, part...)
}

// appendKey appends the key in the store of something of this kind. The realm keeps applications apart that share a
// store.
func appendKey[T string | []byte](b []byte, realm []string, kind string, parts ...T) []byte {
	input := make([]byte, 0, 512)
	for _, part := range realm {
		input = appendPart(input, part)
	}
	input = appendPart(input, kind)
	for _, part := range parts {
		input = appendPart(input, part)
	}
	sum := sha256.Sum256(input)
	return base64.RawURLEncoding.AppendEncode(b, sum[:])
}

func (k *Keeper) key(kind string, parts ...string) string {
	return string(appendKey(make([]byte, 0, keySize), k.Realm, kind, parts...))
}

const (
	kindSession = "session"
	kindData    = "data"
)

// Key returns the Session.Key of a handle; empty for what is no handle.
func (k *Keeper) Key(base, handle string) string {
	if len(handle) != keySize {
		return ""
	}
	return k.key(kindSession, base, handle)
}

// keys returns the keys of both records, as Key and secondKey do.
func (k *Keeper) keys(base, handle string) (first, second string) {
	text := appendKey(make([]byte, 0, 2*keySize), k.Realm, kindSession, base, handle)
	text = appendKey(text, k.Realm, kindData, text)
	both := string(text)
	return both[:keySize], both[keySize:]
}

func (k *Keeper) secondKey(key string) string { return k.key(kindData, key) }

func newHandle() string {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	return base64.RawURLEncoding.EncodeToString(random)
}
