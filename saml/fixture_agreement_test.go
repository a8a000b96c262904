package saml_test

import (
	"crypto/aes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// agreementText is ECDH-ES with ConcatKDF (XML Encryption 1.1 §5.6.4), in words of these tests.
const agreementText = `<xenc:AgreementMethod Algorithm="http://www.w3.org/2009/xmlenc11#ECDH-ES"><xenc11:KeyDerivationMethod xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" Algorithm="http://www.w3.org/2009/xmlenc11#ConcatKDF">` +
	`<xenc11:ConcatKDFParams AlgorithmID="00010203" PartyUInfo="0041" PartyVInfo="0042"><ds:DigestMethod xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Algorithm="` + sha384URI + `"/></xenc11:ConcatKDFParams></xenc11:KeyDerivationMethod>` +
	`<xenc:OriginatorKeyInfo><ds:KeyValue xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><dsig11:ECKeyValue xmlns:dsig11="http://www.w3.org/2009/xmldsig11#"><dsig11:NamedCurve URI="urn:oid:1.3.132.0.34"/>` +
	`<dsig11:PublicKey>{POINT}</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue></xenc:OriginatorKeyInfo></xenc:AgreementMethod>`

// exchanger is the service provider's key on P-384.
func exchanger(t testing.TB) *ecdh.PrivateKey {
	t.Helper()
	k, err := key(t, "p384").(*ecdsa.PrivateKey).ECDH()
	require.NoError(t, err)
	return k
}

// exchanges gives the service provider that key beside its others.
func exchanges(t testing.TB) func(*saml.Config) {
	t.Helper()
	k := exchanger(t)
	return func(c *saml.Config) { c.Keys = append(c.Keys, saml.Key{Exchanger: k}) }
}

// agree makes a key of 16 bytes with the service provider's.
func agree(t testing.TB) (text string, agreed []byte) {
	t.Helper()
	own, err := ecdh.P384().GenerateKey(rand.Reader)
	require.NoError(t, err)
	secret, err := own.ECDH(exchanger(t).PublicKey())
	require.NoError(t, err)
	sum := sha512.Sum384(append(append([]byte{0, 0, 0, 1}, secret...), 1, 2, 3, 'A', 'B'))
	return strings.Replace(agreementText, "{POINT}", base64.StdEncoding.EncodeToString(own.PublicKey().Bytes()), 1), sum[:16]
}

// wrapAES is AES Key Wrap (RFC 3394 §2.2.1).
func wrapAES(t testing.TB, kek, content []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(kek)
	require.NoError(t, err)
	n := len(content) / 8
	r := append([]byte("\xa6\xa6\xa6\xa6\xa6\xa6\xa6\xa6"), content...)
	for step := range 6 * n {
		at := r[8+step%n*8:][:8]
		b := append(append([]byte(nil), r[:8]...), at...)
		block.Encrypt(b, b)
		binary.BigEndian.PutUint64(r, binary.BigEndian.Uint64(b)^uint64(step+1))
		copy(at, b[8:])
	}
	return r
}
