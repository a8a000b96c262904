package jose

import (
	"crypto"
	"crypto/aes"
	"crypto/ecdh"
	"encoding/binary"
	"slices"

	josecipher "github.com/go-jose/go-jose/v4/cipher"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Exchanger is an ECDH key, such as *ecdh.PrivateKey. It may be in a device.
type Exchanger interface {
	PublicKey() *ecdh.PublicKey
	ECDH(remote *ecdh.PublicKey) (secret []byte, err error)
}

// ephemeral is the sender's key of one message (RFC 7518 §4.6.1.1).
type ephemeral struct{ public *ecdh.PublicKey }

// agreementCurve returns a curve of epk, and the size of its coordinates in bytes (RFC 7518 §6.2.1.1).
func agreementCurve(crv string) (curve ecdh.Curve, size int) {
	switch crv {
	case "P-256":
		return ecdh.P256(), 32
	case "P-384":
		return ecdh.P384(), 48
	case "P-521":
		return ecdh.P521(), 66
	}
	return nil, 0
}

// read reads epk. The point must be on its curve: one from elsewhere would tell about the private key.
func (e *ephemeral) read(epk strictjson.Value) error {
	var kty, crv, x, y string
	for name, v := range epk.Members {
		var err error
		switch name {
		case "kty":
			err = member(&kty, "epk "+name, v)
		case "crv":
			err = member(&crv, "epk "+name, v)
		case "x":
			err = member(&x, "epk "+name, v)
		case "y":
			err = member(&y, "epk "+name, v)
		case "d":
			err = &Error{Format, "the header's epk is a private key"}
		}
		if err != nil {
			return err
		}
	}
	curve, size := agreementCurve(crv)
	if curve == nil || kty != "EC" {
		return &Error{Format, "the header holds no epk on P-256, P-384 or P-521"}
	}
	point := []byte{4} // uncompressed (SEC 1 §2.3.3)
	for _, text := range []string{x, y} {
		before, ok := len(point), false
		if point, ok = decodeBytes(point, text); !ok || len(point)-before != size {
			return &Error{Format, "the header's epk has a coordinate that is not base64url of its curve's size"}
		}
	}
	public, err := curve.NewPublicKey(point)
	if err != nil {
		return &Error{Format, "the header's epk is not a point on its curve"}
	}
	e.public = public
	return nil
}

// agreed returns the key of size bytes on which the sender and key agree, for the purpose id (RFC 7518 §4.6.2).
func (e *envelope) agreed(key Exchanger, id string, size int) ([]byte, bool) {
	z, err := key.ECDH(e.ephemeral.public)
	if err != nil {
		return nil, false
	}
	out, err := derived(z, id, e.partyU, e.partyV, size)
	return out, err == nil
}

// derived makes a key from the shared secret z (RFC 7518 §4.6.2).
func derived(z []byte, id string, partyU, partyV []byte, size int) ([]byte, error) {
	bits := binary.BigEndian.AppendUint32(nil, uint32(size)*8)
	kdf := josecipher.NewConcatKDF(crypto.SHA256, z, prefixed([]byte(id)), prefixed(partyU), prefixed(partyV), bits, nil)
	out := make([]byte, size)
	_, err := kdf.Read(out)
	return out, err
}

// prefixed puts the length before data.
func prefixed(data []byte) []byte {
	return slices.Concat(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data)
}

// unwrap takes AES Key Wrap off wrapped (RFC 7518 §4.4).
func unwrap(kek, wrapped []byte) ([]byte, bool) {
	block, err := aes.NewCipher(kek)
	if err != nil {
		return nil, false
	}
	key, err := josecipher.KeyUnwrap(block, wrapped)
	return key, err == nil
}
