package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"errors"
)

// version is the version of records that this library writes. A change of a record's form is a new version, which
// reads the versions before it.
const version = 1

// ErrVersion is the error of a record that a later version of this library wrote: it reads as logged out.
var ErrVersion = errors.New("session: the record was written by a later version")

// ErrDamaged is the error of a record that does not open: it was changed, or is another session's.
var ErrDamaged = errors.New("session: the record does not open")

// newBox returns the cipher of a session's records. Its key comes from the handle, which only the browser has: who
// reads the store reads no record, and there is no key to manage.
func newBox(handle string) (cipher.AEAD, error) {
	key := sha256.Sum256(appendPart(appendPart(make([]byte, 0, 128), "authing-go session record"), handle))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// placeSize is the length of a place.
const placeSize = keySize + 1

// appendPlace appends what is authenticated with a record, so that it opens at this key in the store alone, and as this
// version.
func appendPlace(b []byte, key string, version byte) []byte {
	return append(append(b, key...), version)
}

// seal returns a record: its version, then plain, sealed.
func seal(box cipher.AEAD, key string, version byte, plain []byte) []byte {
	record := make([]byte, 1, 1+len(plain)+box.Overhead())
	record[0] = version
	return box.Seal(record, nil, plain, appendPlace(nil, key, version))
}

// open returns what a record contains. It is written behind b, with its place in front.
func open(b []byte, box cipher.AEAD, key string, record []byte) ([]byte, error) {
	switch {
	case len(record) == 0:
		return nil, ErrDamaged
	case record[0] > version:
		return nil, ErrVersion
	}
	place := appendPlace(b, key, record[0])
	plain, err := box.Open(place[len(place):], nil, record[1:], place[len(b):])
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}
