package xmldsig

import (
	"crypto"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
)

// sum appends the hash of data to out.
func sum(hash crypto.Hash, out, data []byte) []byte {
	switch hash {
	case crypto.SHA1:
		d := sha1.Sum(data)
		return append(out, d[:]...)
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
