package xmldsig

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/roca/rocatest"
)

// TestSAML25KeyInfoIsNotTrusted: whatever KeyInfo says, the keys of the caller count, and nothing is fetched.
func TestSAML25KeyInfoIsNotTrusted(t *testing.T) {
	t.Parallel()
	attacker := newRSA(2048)
	for name, inner := range map[string]string{
		"certificate": "<ds:X509Data><ds:X509Certificate>" + base64.StdEncoding.EncodeToString(certificate(t, attacker).Raw) + "</ds:X509Certificate></ds:X509Data>",
		"key": "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>" + base64.StdEncoding.EncodeToString(attacker.N.Bytes()) +
			"</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
		"retrieval": `<ds:RetrievalMethod URI="http://192.0.2.1/key" Type="http://www.w3.org/2000/09/xmldsig#X509Data"/>`,
		"URL":       `<ds:X509Data><ds:X509IssuerSerial/></ds:X509Data><ds:KeyName>http://192.0.2.1/</ds:KeyName>`,
	} {
		keyInfo := change("</ds:Signature>", "<ds:KeyInfo>"+inner+"</ds:KeyInfo></ds:Signature>")
		forged := forgery{key: attacker, signature: keyInfo}.make(t)
		_, err := Verify(root(t, forged), public(rsaKey()), Policy{})
		require.ErrorIs(t, err, CheckValue, name)
		_, err = Verify(root(t, forged), nil, Policy{})
		require.ErrorIs(t, err, CheckKey, name)
		require.NoError(t, forgery{signature: keyInfo}.verify(t, Policy{}), name)
	}
}

func TestSAML26HMAC(t *testing.T) {
	all := Policy{AllowSHA1: true, AllowSmallRSA: true, AllowInclusiveC14N: true, AllowEmptyReference: true}
	table := map[string]refusal{}
	for _, uri := range []string{space + "hmac-sha1", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512", "http://www.w3.org/2001/04/xmldsig-more#hmac-md5"} {
		table[uri] = refusal{info(string(RSASHA256), uri), CheckAlgorithm, forgery{}, all}
	}
	refusals(t, table)
}

// TestSAML29KeyThatCanBeFactored: anybody can compute the private half of such a key (CVE-2017-15361).
func TestSAML29KeyThatCanBeFactored(t *testing.T) {
	t.Parallel()
	weak := rocatest.Key()
	require.Equal(t, rsaKey().N.BitLen(), weak.N.BitLen())
	whole := root(t, forgery{key: weak}.make(t))
	_, err := Verify(whole, []crypto.PublicKey{weak.Public()}, Policy{AllowSmallRSA: true})
	require.ErrorIs(t, err, CheckKey)
	require.ErrorContains(t, err, "CVE-2017-15361")
	require.NoError(t, forgery{}.verify(t, Policy{}), "the accepted twin: another key of that size")
	_, err = Signer{Key: weak}.Method()
	require.EqualError(t, err, "xmldsig: Signer.Key does not fit its algorithm, or is an RSA key under 2048 bits or one that can be factored")
	_, err = Signer{Key: rsaKey()}.Method()
	require.NoError(t, err)
}

// TestSAML26KeysThatAreNoPublicKeys: what an HMAC would be keyed with does not fit any algorithm.
func TestSAML26KeysThatAreNoPublicKeys(t *testing.T) {
	t.Parallel()
	whole := root(t, forgery{}.make(t))
	var noRSA *rsa.PublicKey
	var noEC *ecdsa.PublicKey
	for _, key := range []crypto.PublicKey{[]byte("secret"), "secret", nil, rsaKey(), noRSA, noEC, &rsa.PublicKey{}, &ecdsa.PublicKey{}, rsaKey().PublicKey, &rsa.PublicKey{N: rsaKey().N, E: 1}, &rsa.PublicKey{N: rsaKey().N, E: 65536}} {
		_, err := Verify(whole, []crypto.PublicKey{key}, Policy{})
		require.ErrorIs(t, err, CheckKey, "%T", key)
		_, err = Verify(whole, []crypto.PublicKey{key, rsaKey().Public()}, Policy{})
		require.NoError(t, err, "%T", key)
	}
}

// TestSAML29KeysThatAreNone: the same of keys that fit by their type.
func TestSAML29KeysThatAreNone(t *testing.T) {
	t.Parallel()
	p256 := newEC(t, elliptic.P256())
	signature := make([]byte, 64)
	var none *ecdsa.PublicKey
	for _, key := range []crypto.PublicKey{none, &ecdsa.PublicKey{}, &ecdsa.PublicKey{Curve: elliptic.P256()}, &ecdsa.PublicKey{Curve: elliptic.P256(), X: p256.X}, &ecdsa.PublicKey{Curve: elliptic.P256(), Y: p256.Y}} {
		require.ErrorIs(t, VerifyOctets([]byte("x"), signature, ECDSASHA256, []crypto.PublicKey{key}, Policy{}), CheckKey)
	}
	require.ErrorIs(t, VerifyOctets([]byte("x"), signature, ECDSASHA256, public(p256), Policy{}), CheckValue, "the twin is a key, and did not sign this")
}

// TestSAML29BrokenKeys: numbers that are no key at all end in a refusal.
func TestSAML29BrokenKeys(t *testing.T) {
	t.Parallel()
	one, even := big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 2047)
	ones := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 600), one)
	signature := make([]byte, 256)
	for _, key := range []*rsa.PublicKey{{N: even, E: 65537}, {N: rsaKey().N, E: 1<<31 + 1}, {N: new(big.Int).Neg(rsaKey().N), E: 65537}} {
		require.Error(t, VerifyOctets([]byte("x"), signature, RSASHA256, []crypto.PublicKey{key}, Policy{}))
	}
	for _, xy := range [][2]*big.Int{{one, one}, {big.NewInt(0), big.NewInt(0)}, {ones, ones}, {big.NewInt(-1), one}, {one, nil}} {
		for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P521(), nil} {
			key := &ecdsa.PublicKey{Curve: curve, X: xy[0], Y: xy[1]}
			require.Error(t, VerifyOctets([]byte("x"), bytes.Repeat([]byte{1}, 64), ECDSASHA256, []crypto.PublicKey{key}, Policy{}))
			require.Error(t, VerifyOctets([]byte("x"), bytes.Repeat([]byte{1}, 132), ECDSASHA512, []crypto.PublicKey{key}, Policy{}))
		}
	}
}

func TestSAML27HMACOutputLength(t *testing.T) {
	short := strings.Replace(methodTag, "/>", "><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>", 1)
	refusals(t, map[string]refusal{
		"element":   {info(methodTag, short), CheckShape, info(methodTag, strings.Replace(methodTag, "/>", "> </ds:SignatureMethod>", 1)), Policy{}},
		"text":      {info(methodTag, strings.Replace(methodTag, "/>", ">0</ds:SignatureMethod>", 1)), CheckShape, forgery{}, Policy{}},
		"attribute": {info(methodTag, strings.Replace(methodTag, "/>", ` HMACOutputLength="0"/>`, 1)), CheckShape, forgery{}, Policy{}},
	})
}

func TestSAML28Algorithms(t *testing.T) {
	table := map[string]refusal{
		"SHA-1 digest":    {info(digestSHA256, digestSHA1), CheckAlgorithm, info(digestSHA256, digestSHA512), Policy{}},
		"RSA-SHA1":        {info(string(RSASHA256), string(RSASHA1)), CheckAlgorithm, info(string(RSASHA256), string(RSASHA384)), Policy{}},
		"no signature":    {info(string(RSASHA256), ""), CheckAlgorithm, info(string(RSASHA256), string(RSASHA512)), Policy{}},
		"no digest":       {info(digestSHA256, ""), CheckAlgorithm, info(digestSHA256, digestSHA384), Policy{}},
		"other spelling":  {info(string(RSASHA256), strings.ToUpper(string(RSASHA256))), CheckAlgorithm, forgery{}, Policy{}},
		"digest as a way": {info(string(RSASHA256), digestSHA256), CheckAlgorithm, forgery{}, Policy{}},
	}
	for _, uri := range []string{
		space + "dsa-sha1", "http://www.w3.org/2009/xmldsig11#dsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "http://www.w3.org/2001/04/xmldsig-more#rsa-ripemd160",
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha224", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1", "http://www.w3.org/2007/05/xmldsig-more#sha224-rsa-MGF1", "http://www.w3.org/2007/05/xmldsig-more#rsa-pss",
		"http://www.w3.org/2007/05/xmldsig-more#sha3-256-rsa-MGF1", "http://www.w3.org/2007/05/xmldsig-more#md5-rsa-MGF1", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ", "none",
	} {
		table[uri] = refusal{info(string(RSASHA256), uri), CheckAlgorithm, forgery{}, Policy{AllowSHA1: true}}
	}
	for _, uri := range []string{"http://www.w3.org/2001/04/xmldsig-more#md5", "http://www.w3.org/2001/04/xmlenc#ripemd160", "http://www.w3.org/2001/04/xmldsig-more#sha224", "urn:x"} {
		table[uri] = refusal{info(digestSHA256, uri), CheckAlgorithm, forgery{}, Policy{AllowSHA1: true}}
	}
	refusals(t, table)
}

// TestSAML28SHA1IsAnOption also holds for queries.
func TestSAML28SHA1IsAnOption(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]forgery{"digest": info(digestSHA256, digestSHA1), "signature": info(string(RSASHA256), string(RSASHA1))} {
		require.ErrorContains(t, f.verify(t, Policy{}), "AllowSHA1", name)
		require.NoError(t, f.verify(t, Policy{AllowSHA1: true}), name)
	}
	signature, err := rsaKey().Sign(nil, sum(crypto.SHA1, nil, []byte("query")), crypto.SHA1)
	require.NoError(t, err)
	err = VerifyOctets([]byte("query"), signature, RSASHA1, public(rsaKey()), Policy{})
	require.ErrorIs(t, err, CheckAlgorithm)
	require.ErrorContains(t, err, "AllowSHA1")
	require.NoError(t, VerifyOctets([]byte("query"), signature, RSASHA1, public(rsaKey()), Policy{AllowSHA1: true}))
	require.ErrorIs(t, VerifyOctets([]byte("query"), signature, "", public(rsaKey()), Policy{AllowSHA1: true}), CheckAlgorithm)
}

func TestSAML30KeysOfOthers(t *testing.T) {
	t.Parallel()
	whole := root(t, forgery{}.make(t))
	other := newRSA(2048)
	verify := func(keys ...crypto.Signer) error {
		_, err := Verify(whole, public(keys...), Policy{})
		return err
	}
	require.ErrorIs(t, verify(other), CheckValue)
	require.NoError(t, verify(other, rsaKey()))

	many := make([]crypto.Signer, maxKeys, maxKeys+1)
	for i := range many {
		many[i] = other
	}
	require.NoError(t, verify(append(many[1:], rsaKey())...))
	require.ErrorIs(t, verify(append(many, rsaKey())...), CheckKey)
}
