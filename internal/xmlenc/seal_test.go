package xmlenc

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	gcm128, gcm192, gcm256 = enc11Space + "aes128-gcm", enc11Space + "aes192-gcm", enc11Space + "aes256-gcm"
	cbc128, cbc192, cbc256 = encSpace + "aes128-cbc", encSpace + "aes192-cbc", encSpace + "aes256-cbc"
	tripleDES              = encSpace + "tripledes-cbc"
	mgf1p, oaep, rsa15     = encSpace + "rsa-oaep-mgf1p", enc11Space + "rsa-oaep", encSpace + "rsa-1_5"

	alice = `<saml:NameID>alice</saml:NameID>`
)

// The keys of the tests; ourKey is the one that messages are for.
var (
	ourKey   = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
	otherKey = sync.OnceValue(func() *rsa.PrivateKey { return newKey(2048) })
)

func newKey(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return key
}

func ours() []crypto.Decrypter { return []crypto.Decrypter{ourKey()} }

var everything = Policy{AllowCBC: true, AllowTripleDES: true, AllowRSA15: true}

// sealed is a message to be, each part as a test wants it.
type sealed struct {
	data, transport string // URIs
	text            string
	key             *rsa.PrivateKey
	content         []byte                         // the content key; nil is a random one
	wrap            []byte                         // what is wrapped instead of the content key
	pad             func(blocks []byte) []byte     // the padding, instead of PKCS #7
	cut             func(ciphertext []byte) []byte // what becomes of the ciphertext
	cutKey          func(value []byte) []byte      // what becomes of the wrapped key
}

// message is sealed s, in a container like SAML's.
func (s sealed) message(t testing.TB) string {
	t.Helper()
	return container(s.encryptedData(t, s.encryptedKey(t)))
}

func container(inner string) string {
	return `<saml:EncryptedID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">` + inner + `</saml:EncryptedID>`
}

func (s *sealed) defaults() {
	if s.data == "" {
		s.data = gcm128
	}
	if s.transport == "" {
		s.transport = mgf1p
	}
	if s.text == "" {
		s.text = alice
	}
	if s.key == nil {
		s.key = ourKey()
	}
	if s.content == nil {
		c, _ := dataCipherOf(s.data)
		s.content = make([]byte, max(c.keySize, 16))
		_, _ = rand.Read(s.content)
	}
	if s.wrap == nil {
		s.wrap = s.content
	}
	if s.cut == nil {
		s.cut = bytes.Clone
	}
	if s.cutKey == nil {
		s.cutKey = bytes.Clone
	}
}

func (s *sealed) encryptedKey(t testing.TB) string {
	t.Helper()
	s.defaults()
	var value []byte
	var err error
	if s.transport == rsa15 {
		value, err = rsa.EncryptPKCS1v15(rand.Reader, &s.key.PublicKey, s.wrap)
	} else {
		value, err = rsa.EncryptOAEP(crypto.SHA1.New(), rand.Reader, &s.key.PublicKey, s.wrap, nil)
	}
	require.NoError(t, err)
	return `<xenc:EncryptedKey xmlns:xenc="` + encSpace + `"><xenc:EncryptionMethod Algorithm="` + s.transport + `"/>` +
		cipherData(s.cutKey(value)) + `</xenc:EncryptedKey>`
}

func (s *sealed) encryptedData(t testing.TB, keys string) string {
	t.Helper()
	s.defaults()
	return `<xenc:EncryptedData xmlns:xenc="` + encSpace + `" Type="` + elementType + `"><xenc:EncryptionMethod Algorithm="` + s.data + `"/>` +
		`<ds:KeyInfo xmlns:ds="` + sigSpace + `">` + keys + `</ds:KeyInfo>` + cipherData(s.cut(s.ciphertext(t))) + `</xenc:EncryptedData>`
}

func (s *sealed) ciphertext(t testing.TB) []byte {
	t.Helper()
	block, err := aes.NewCipher(s.content)
	if s.data == tripleDES {
		block, err = des.NewTripleDESCipher(s.content)
	}
	require.NoError(t, err)
	iv := make([]byte, block.BlockSize())
	_, _ = rand.Read(iv)
	if c, _ := dataCipherOf(s.data); !c.cbc {
		gcm, err := cipher.NewGCM(block)
		require.NoError(t, err)
		return gcm.Seal(iv[:nonceSize], iv[:nonceSize], []byte(s.text), nil)
	}
	plain := []byte(s.text)
	if s.pad != nil {
		plain = s.pad(plain)
	} else {
		n := len(iv) - len(plain)%len(iv)
		plain = append(plain, bytes.Repeat([]byte{byte(n)}, n)...)
	}
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(plain, plain)
	return append(iv, plain...)
}

func cipherData(value []byte) string {
	return `<xenc:CipherData><xenc:CipherValue>` + base64.StdEncoding.EncodeToString(value) + `</xenc:CipherValue></xenc:CipherData>`
}

// opens demands that message holds alice.
func opens(t testing.TB, message string, keys []crypto.Decrypter, p Policy) {
	t.Helper()
	e, err := Decrypt(parse(t, message), Keys{RSA: keys}, p)
	require.NoError(t, err)
	require.True(t, e.Is("urn:oasis:names:tc:SAML:2.0:assertion", "NameID"))
	text, _ := e.Text()
	require.Equal(t, "alice", text)
}

// refused demands the reason.
func refused(t testing.TB, message string, keys []crypto.Decrypter, p Policy, why Check) {
	t.Helper()
	e, err := Decrypt(parse(t, message), Keys{RSA: keys}, p)
	require.ErrorIs(t, err, why)
	require.False(t, e.OK())
	if why == CheckFailed {
		require.Equal(t, Undecryptable(), err)
	}
}
