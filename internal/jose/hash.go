package jose

import (
	"crypto"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
)

// sum appends the hash of data to out.
func sum(hash crypto.Hash, out, data []byte) []byte {
	switch hash {
	case crypto.SHA384:
		d := sha512.Sum384(data)
		return append(out, d[:]...)
	case crypto.SHA512:
		d := sha512.Sum512(data)
		return append(out, d[:]...)
	}
	d := sha256.Sum256(data)
	return append(out, d[:]...)
}

// onStack is the length up to which an input is hashed from a copy on the stack. crypto/* needs bytes, not a string,
// and the compiler cannot know that assembly does not change them.
const onStack = 2048

// sumString appends the hash of text to out.
func sumString(hash crypto.Hash, out []byte, text string) []byte {
	var space [onStack]byte
	return sum(hash, out, append(space[:0], text...))
}

// Hash returns the left half of the hash of value, base64url, as at_hash and c_hash have it
// (OpenID Connect Core §3.1.3.6, §3.3.2.11); ok is false for an unknown algorithm.
//
// The hash is the one in the algorithm's name, SHA-512 for EdDSA.
func Hash(alg, value string) (text string, ok bool) {
	f, hash := algorithm(alg)
	if f == unknown {
		return "", false
	}
	var digest [sha512.Size]byte
	var encoded [2 * sha512.Size]byte
	half := sumString(hash, digest[:0], value)[:hash.Size()/2]
	return string(base64.RawURLEncoding.AppendEncode(encoded[:0], half)), true
}
