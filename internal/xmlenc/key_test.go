package xmlenc

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	message := sealed{}.message(t)
	other := otherKey()
	opens(t, message, []crypto.Decrypter{other, ourKey()}, Policy{})
	opens(t, message, []crypto.Decrypter{ourKey(), other}, Policy{})
	opens(t, message, []crypto.Decrypter{nil, notRSA{}, ourKey()}, Policy{})
	refused(t, message, []crypto.Decrypter{other}, Policy{}, CheckFailed)
	refused(t, message, nil, Policy{}, CheckKey)
	refused(t, message, []crypto.Decrypter{nil}, Policy{}, CheckKey)
	refused(t, message, []crypto.Decrypter{notRSA{}}, Policy{}, CheckKey)

	small, err := rsa.GenerateKey(rand.Reader, 2040)
	require.NoError(t, err)
	refused(t, sealed{key: small}.message(t), []crypto.Decrypter{small}, Policy{}, CheckKey)
	refused(t, sealed{key: small}.message(t), []crypto.Decrypter{small, other}, Policy{}, CheckSize)
	large := newKey(2056)
	opens(t, sealed{key: large}.message(t), []crypto.Decrypter{other, large}, Policy{})
}

// TestDevice: a key may be in a device, of which only the crypto.Decrypter is known.
func TestDevice(t *testing.T) {
	t.Parallel()
	message := sealed{}.message(t)
	opens(t, message, []crypto.Decrypter{device{ourKey().Decrypt}}, Policy{})
	for name, decrypt := range map[string]func(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error){
		"away":      func(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) { return nil, errors.New("no device") },
		"nothing":   func(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) { return nil, nil },
		"too long":  func(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) { return make([]byte, 32), nil },
		"wrong":     func(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) { return make([]byte, 16), nil },
		"too short": func(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) { return make([]byte, 15), nil },
		"right, with an error": func(r io.Reader, value []byte, opts crypto.DecrypterOpts) ([]byte, error) {
			content, _ := ourKey().Decrypt(r, value, opts)
			return content, errors.New("no")
		},
	} {
		_, err := Decrypt(parse(t, message), Keys{RSA: []crypto.Decrypter{device{decrypt}}}, Policy{})
		assert.Equal(t, Undecryptable(), err, name)
	}
}

// TestSameWork: a key that does not unwrap is asked no less, and no more, than one that does.
func TestSameWork(t *testing.T) {
	t.Parallel()
	s := sealed{transport: rsa15, content: make([]byte, 16)}
	keys := s.encryptedKey(t)
	s.cutKey = flip(100)
	keys += s.encryptedKey(t)
	calls := 0
	d := device{func(r io.Reader, value []byte, opts crypto.DecrypterOpts) ([]byte, error) {
		calls++
		assert.Equal(t, &rsa.PKCS1v15DecryptOptions{SessionKeyLen: 16}, opts)
		return ourKey().Decrypt(r, value, opts)
	}}
	for _, text := range []string{"no element", alice + alice} {
		s.text, calls = text, 0
		refused(t, container(s.encryptedData(t, keys)), []crypto.Decrypter{d, d}, everything, CheckFailed)
		assert.Equal(t, 4, calls)
	}
}

// device is a key that only decrypts.
type device struct {
	decrypt func(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error)
}

func (d device) Public() crypto.PublicKey { return ourKey().Public() }

func (d device) Decrypt(r io.Reader, value []byte, opts crypto.DecrypterOpts) ([]byte, error) {
	return d.decrypt(r, value, opts)
}

type notRSA struct{}

func (notRSA) Public() crypto.PublicKey { return &ecdsa.PublicKey{Curve: elliptic.P256()} }

func (notRSA) Decrypt(io.Reader, []byte, crypto.DecrypterOpts) ([]byte, error) {
	panic("a key that is not RSA was asked")
}
