package session

import (
	"crypto/aes"
	"crypto/cipher"
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
func newBox(handle string) cipher.AEAD {
	key := hash("authing-go session record", handle)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return box
}

// seal returns a record: its version, then plain, sealed for this key in the store.
func seal(box cipher.AEAD, key string, version byte, plain []byte) []byte {
	record := make([]byte, 1, 1+len(plain)+box.Overhead())
	record[0] = version
	return box.Seal(record, nil, plain, place(key, version))
}

// open appends what a record contains to dst.
func open(dst []byte, box cipher.AEAD, key string, record []byte) ([]byte, error) {
	switch {
	case len(record) == 0:
		return nil, ErrDamaged
	case record[0] > version:
		return nil, ErrVersion
	}
	plain, err := box.Open(dst, nil, record[1:], place(key, record[0]))
	if err != nil {
		return nil, ErrDamaged
	}
	return plain, nil
}

// place is authenticated with a record, so that it opens nowhere else and as no other version.
func place(key string, version byte) []byte {
	return append([]byte(key), version)
}
