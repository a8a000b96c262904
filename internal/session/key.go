package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// keySize is the length of handles and of keys in a store: 32 bytes in base64url.
const keySize = 43

// hash returns SHA-256 of the parts. Each has its length in front, so that no two lists of parts give the same input.
func hash(parts ...string) [sha256.Size]byte {
	input := make([]byte, 0, 512)
	for _, part := range parts {
		input = binary.AppendUvarint(input, uint64(len(part)))
		input = append(input, part...)
	}
	return sha256.Sum256(input)
}

// key returns the key in the store of something of this kind. The realm keeps applications apart that share a store.
func (k *Keeper) key(kind string, parts ...string) string {
	all := make([]string, 0, 8)
	all = append(all, k.Realm...)
	all = append(all, kind)
	sum := hash(append(all, parts...)...)
	var text [keySize]byte
	base64.RawURLEncoding.Encode(text[:], sum[:])
	return string(text[:])
}

// Key returns the Session.Key of a handle; empty for what is no handle.
func (k *Keeper) Key(base, handle string) string {
	if len(handle) != keySize {
		return ""
	}
	return k.key("session", base, handle)
}

func (k *Keeper) secondKey(key string) string { return k.key("data", key) }

func newHandle() string {
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	return base64.RawURLEncoding.EncodeToString(random)
}
