package jose_test

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/json"
	"hash"
	"strings"
	"sync"
	"testing"

	gojose "github.com/go-jose/go-jose/v4"
	josecipher "github.com/go-jose/go-jose/v4/cipher"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

var (
	managements = []string{"RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW", "ECDH-ES+A256KW", "dir"}
	contents    = []string{"A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512"}
	contentSize = map[string]int{"A128GCM": 16, "A192GCM": 24, "A256GCM": 32, "A128CBC-HS256": 32, "A192CBC-HS384": 48, "A256CBC-HS512": 64}
)

const innerToken = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"

// recipients holds our decryption keys for the whole run.
var recipients = sync.OnceValue(func() map[string]any {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	keys := map[string]any{"RSA": rsaKey}
	for name, curve := range map[string]ecdh.Curve{"P-256": ecdh.P256(), "P-384": ecdh.P384(), "P-521": ecdh.P521()} {
		if keys[name], err = curve.GenerateKey(rand.Reader); err != nil {
			panic(err)
		}
	}
	return keys
})

// shared is the key of dir; all of its bytes differ.
func shared(enc string) []byte {
	key := make([]byte, contentSize[enc])
	for i := range key {
		key[i] = 'A' + byte(i)
	}
	return key
}

// recipient returns our key for alg and enc; elliptic keys are on P-256.
func recipient(alg, enc string) any {
	switch {
	case alg == "dir":
		return shared(enc)
	case strings.HasPrefix(alg, "RSA"):
		return recipients()["RSA"]
	}
	return recipients()["P-256"]
}

func decrypter(t testing.TB, alg, enc string, keys ...any) *jose.Decrypter {
	t.Helper()
	if len(keys) == 0 {
		keys = []any{recipient(alg, enc)}
	}
	var all []jose.DecryptionKey
	for _, key := range keys {
		all = append(all, jose.DecryptionKey{Private: key})
	}
	d, err := jose.NewDecrypter(alg, enc, all)
	require.NoError(t, err)
	return d
}

// sealed is a JWE before it is written, made by hand, so that a test can spoil one part and keep the rest valid.
type sealed struct {
	alg, enc, text string
	header         map[string]any           // more members, or others; nil leaves one out
	protected      string                   // instead of the whole header, as text
	to             any                      // the recipient's key; nil is recipient's
	ephemeral      func(epk map[string]any) // changes epk
	key            func(key []byte) []byte  // changes the content key before it is used
	parts          func(parts []string)     // changes the five parts
	padding        []byte                   // instead of the right one of CBC
	ivSize         int                      // instead of the right one
}

func (s sealed) write(t testing.TB) string {
	t.Helper()
	if s.to == nil {
		s.to = recipient(s.alg, s.enc)
	}
	if s.text == "" {
		s.text = innerToken
	}
	header := map[string]any{"alg": s.alg, "enc": s.enc, "cty": "JWT"}
	key := make([]byte, contentSize[s.enc])
	_, _ = rand.Read(key)
	var encrypted []byte
	var err error
	switch {
	case s.alg == "dir":
		key = s.to.([]byte)
	case s.alg == "RSA-OAEP":
		encrypted, err = rsa.EncryptOAEP(crypto.SHA1.New(), rand.Reader, &s.to.(*rsa.PrivateKey).PublicKey, key, nil)
	case s.alg == "RSA-OAEP-256":
		encrypted, err = rsa.EncryptOAEP(crypto.SHA256.New(), rand.Reader, &s.to.(*rsa.PrivateKey).PublicKey, key, nil)
	default:
		key, encrypted = s.agree(t, header, key)
	}
	require.NoError(t, err)
	for name, value := range s.header {
		if header[name] = value; value == nil {
			delete(header, name)
		}
	}
	text, err := json.Marshal(header)
	require.NoError(t, err)
	if s.protected == "" {
		s.protected = string(text)
	}
	s.protected = b64(s.protected)
	if s.key != nil && !strings.HasSuffix(s.alg, "KW") {
		key = s.key(key)
	}
	iv, ciphertext, tag := s.encrypt(t, key)
	parts := []string{s.protected, b64(string(encrypted)), b64(string(iv)), b64(string(ciphertext)), b64(string(tag))}
	if s.parts != nil {
		s.parts(parts)
	}
	return strings.Join(parts, ".")
}

// agree makes the agreed key, and the encrypted key where one is wrapped.
func (s sealed) agree(t testing.TB, header map[string]any, key []byte) (content, encrypted []byte) {
	t.Helper()
	to := s.to.(*ecdh.PrivateKey)
	mine, err := to.Curve().GenerateKey(rand.Reader)
	require.NoError(t, err)
	point := mine.PublicKey().Bytes()[1:]
	name := map[int]string{64: "P-256", 96: "P-384", 132: "P-521"}[len(point)]
	epk := map[string]any{"kty": "EC", "crv": name, "x": b64(string(point[:len(point)/2])), "y": b64(string(point[len(point)/2:]))}
	if s.ephemeral != nil {
		s.ephemeral(epk)
	}
	header["epk"] = epk
	z, err := mine.ECDH(to.PublicKey())
	require.NoError(t, err)
	_, wrap, wraps := strings.Cut(s.alg, "+")
	if !wraps {
		return concatKDF(z, s.enc, nil, nil, len(key)), nil
	}
	kek := concatKDF(z, s.alg, nil, nil, map[string]int{"A128KW": 16, "A192KW": 24, "A256KW": 32}[wrap])
	if s.key != nil {
		key = s.key(key) // the wrapped one is the changed one too
	}
	block, err := aes.NewCipher(kek)
	require.NoError(t, err)
	encrypted, err = josecipher.KeyWrap(block, key)
	require.NoError(t, err)
	return key, encrypted
}

func (s sealed) encrypt(t testing.TB, key []byte) (iv, ciphertext, tag []byte) {
	t.Helper()
	size, tagSize := 12, 16
	if strings.Contains(s.enc, "CBC") {
		size, tagSize = 16, contentSize[s.enc]/2
	}
	if s.ivSize != 0 {
		size = s.ivSize
	}
	iv = make([]byte, size)
	_, _ = rand.Read(iv)
	var aead cipher.AEAD
	if strings.Contains(s.enc, "CBC") {
		var err error
		if s.padding != nil {
			block, err := aes.NewCipher(key[len(key)/2:])
			require.NoError(t, err)
			ciphertext = append([]byte(s.text), s.padding...)
			cipher.NewCBCEncrypter(block, iv).CryptBlocks(ciphertext, ciphertext)
			return iv, ciphertext, s.cbcTag(key, iv, ciphertext)
		}
		aead, err = josecipher.NewCBCHMAC(key, aes.NewCipher)
		require.NoError(t, err)
	} else {
		block, err := aes.NewCipher(key)
		require.NoError(t, err)
		aead, err = cipher.NewGCMWithNonceSize(block, size)
		require.NoError(t, err)
	}
	both := aead.Seal(nil, iv, []byte(s.text), []byte(s.protected))
	return iv, both[:len(both)-tagSize], both[len(both)-tagSize:]
}

// cbcTag is the tag of RFC 7518 §5.2.2.1, written a second time.
func (s sealed) cbcTag(key, iv, ciphertext []byte) []byte {
	input := s.protected + string(iv) + string(ciphertext) + string(binary.BigEndian.AppendUint64(nil, uint64(len(s.protected))*8))
	mac := hmac.New(map[string]func() hash.Hash{"A128CBC-HS256": sha256.New, "A192CBC-HS384": sha512.New384, "A256CBC-HS512": sha512.New}[s.enc], key[:len(key)/2])
	mac.Write([]byte(input))
	return mac.Sum(nil)[:len(key)/2]
}

func concatKDF(z []byte, id string, partyU, partyV []byte, size int) []byte {
	prefixed := func(data []byte) []byte {
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...)
	}
	out := make([]byte, size)
	kdf := josecipher.NewConcatKDF(crypto.SHA256, z, prefixed([]byte(id)), prefixed(partyU), prefixed(partyV),
		binary.BigEndian.AppendUint32(nil, uint32(size)*8), nil)
	_, _ = kdf.Read(out)
	return out
}

// goJoseSeal encrypts by go-jose.
func goJoseSeal(t testing.TB, alg, enc string, key any, options *gojose.EncrypterOptions, text string) string {
	t.Helper()
	e, err := gojose.NewEncrypter(gojose.ContentEncryption(enc), gojose.Recipient{Algorithm: gojose.KeyAlgorithm(alg), Key: key}, options)
	require.NoError(t, err)
	object, err := e.Encrypt([]byte(text))
	require.NoError(t, err)
	raw, err := object.CompactSerialize()
	require.NoError(t, err)
	return raw
}
