package xmlenc

import (
	"crypto/aes"
	"crypto/subtle"
	"encoding/binary"
)

// wrapSize is how many bytes AES Key Wrap adds (RFC 3394 §2.2.1).
const wrapSize = 8

// keyWrapOf lists the sizes of the keys of AES Key Wrap in bytes (XML Encryption 1.1 §5.6.3).
func keyWrapOf(uri string) int {
	switch uri {
	case encSpace + "kw-aes128":
		return 16
	case encSpace + "kw-aes192":
		return 24
	case encSpace + "kw-aes256":
		return 32
	}
	return 0
}

// unwrapAES takes the wrapping off value, which has two blocks of 8 bytes at least after the first (RFC 3394 §2.2.2).
func unwrapAES(kek, value []byte) (content []byte, ok bool) {
	block, err := aes.NewCipher(kek)
	if err != nil {
		return nil, false
	}
	content = append([]byte(nil), value[wrapSize:]...)
	var b [aes.BlockSize]byte
	copy(b[:wrapSize], value)
	n := len(content) / wrapSize
	for step := 6 * n; step > 0; step-- {
		at := content[(step-1)%n*wrapSize:][:wrapSize]
		binary.BigEndian.PutUint64(b[:], binary.BigEndian.Uint64(b[:])^uint64(step))
		copy(b[wrapSize:], at)
		block.Decrypt(b[:], b[:])
		copy(at, b[wrapSize:])
	}
	return content, subtle.ConstantTimeCompare(b[:wrapSize], []byte("\xa6\xa6\xa6\xa6\xa6\xa6\xa6\xa6")) == 1
}
