package xmldsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
		"http://www.w3.org/2001/04/xmldsig-more#rsa-sha224", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ", "none",
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

func TestSAML29KeysThatDoNotFit(t *testing.T) {
	t.Parallel()
	curve := newEC(t, elliptic.P256())
	ec := forgery{key: curve, info: change(string(RSASHA256), string(ECDSASHA256)), signature: toRS(t)}.make(t)
	verify := func(s string, keys ...crypto.Signer) error {
		_, err := Verify(root(t, s), public(keys...), Policy{})
		return err
	}
	require.NoError(t, verify(ec, curve))
	require.ErrorIs(t, verify(ec, rsaKey()), CheckKey)
	require.ErrorIs(t, verify(forgery{}.make(t), curve), CheckKey)
	require.NoError(t, verify(forgery{}.make(t), curve, rsaKey()))
	require.ErrorIs(t, info(string(RSASHA256), string(ECDSASHA256)).verify(t, Policy{}), CheckKey)

	other := newEC(t, elliptic.P224())
	require.ErrorIs(t, verify(forgery{key: other, info: change(string(RSASHA256), string(ECDSASHA256))}.make(t), other), CheckKey)
}

func TestSAML29SmallRSA(t *testing.T) {
	t.Parallel()
	for bits, policy := range map[int]Policy{1024: {AllowSmallRSA: true}, 2040: {AllowSmallRSA: true}, 2048: {}} {
		small := forgery{key: newRSA(bits)}
		if bits < 2048 {
			err := small.verify(t, Policy{})
			require.ErrorIs(t, err, CheckKey)
			require.ErrorContains(t, err, "AllowSmallRSA")
		}
		require.NoError(t, small.verify(t, policy))
	}
	huge := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 16384, 1), E: 65537}
	_, err := Verify(root(t, forgery{}.make(t)), []crypto.PublicKey{huge}, Policy{AllowSmallRSA: true})
	require.ErrorIs(t, err, CheckKey)
	tiny := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 1022, 1), E: 65537}
	_, err = Verify(root(t, forgery{}.make(t)), []crypto.PublicKey{tiny}, Policy{AllowSmallRSA: true})
	require.ErrorIs(t, err, CheckKey)
}

// toRS turns the value that an ECDSA key of crypto makes, ASN.1, into r and s.
func toRS(t testing.TB) func(string) string {
	return rewriteValue(t, func(der []byte) []byte {
		signature, ok := fromDER(der, 32)
		require.True(t, ok)
		return signature
	})
}

func rewriteValue(t testing.TB, f func([]byte) []byte) func(string) string {
	return func(s string) string {
		_, rest, _ := strings.Cut(s, "<ds:SignatureValue>")
		value, _, _ := strings.Cut(rest, "<")
		raw, err := base64.StdEncoding.DecodeString(value)
		require.NoError(t, err)
		return strings.Replace(s, value, base64.StdEncoding.EncodeToString(f(raw)), 1)
	}
}

// TestSAML29ECDSAForms: r and s at the length of the curve, and nothing else.
func TestSAML29ECDSAForms(t *testing.T) {
	t.Parallel()
	key := newEC(t, elliptic.P256())
	octets := []byte("octets")
	for range 20 {
		good, alg, err := Signer{Key: key}.SignOctets(octets)
		require.NoError(t, err)
		require.NoError(t, VerifyOctets(octets, good, alg, public(key), Policy{}))
		der, ok := toDER(good, 32)
		require.True(t, ok)
		for name, bad := range map[string][]byte{
			"ASN.1": der, "longer": append(good[:64:64], 0), "shorter": good[:63], "padded": append(append(append([]byte{0}, good[:32]...), 0), good[32:]...),
			"s first": append(good[32:64:64], good[:32]...), "nothing": nil, "zeros": make([]byte, 64), "of ones": []byte(strings.Repeat("\xff", 64)),
		} {
			require.ErrorIs(t, VerifyOctets(octets, bad, alg, public(key), Policy{}), CheckValue, name)
		}
	}
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

func TestSAML31Values(t *testing.T) {
	value := func(f func(string) string) forgery {
		return forgery{signature: func(s string) string {
			head, rest, _ := strings.Cut(s, "<ds:SignatureValue>")
			value, tail, _ := strings.Cut(rest, "</ds:SignatureValue>")
			return head + "<ds:SignatureValue>" + f(value) + "</ds:SignatureValue>" + tail
		}}
	}
	digest := func(f func(string) string) forgery {
		return forgery{info: func(s string) string {
			good := base64.StdEncoding.EncodeToString(sum(crypto.SHA256, nil, []byte(message)))
			return strings.Replace(s, "DIGEST", f(good), 1)
		}}
	}
	wrapped := func(s string) string { return "\n" + s[:10] + " \t&#13;\n" + s[10:] + "\n" }
	refusals(t, map[string]refusal{
		"empty":                   {value(func(string) string { return "" }), CheckValue, value(unchanged), Policy{}},
		"white space":             {value(func(string) string { return " \n" }), CheckValue, value(wrapped), Policy{}},
		"truncated":               {value(func(s string) string { return s[:len(s)-4] }), CheckValue, value(unchanged), Policy{}},
		"longer":                  {value(func(s string) string { return "AAAA" + s }), CheckValue, value(unchanged), Policy{}},
		"no padding":              {value(func(s string) string { return strings.TrimRight(s, "=") }), CheckValue, value(unchanged), Policy{}},
		"more padding":            {value(func(s string) string { return s + "=" }), CheckValue, value(unchanged), Policy{}},
		"trailing bits":           {value(trailingBits), CheckValue, value(unchanged), Policy{}},
		"of URLs":                 {value(func(s string) string { return "-_" + s[2:] }), CheckValue, value(unchanged), Policy{}},
		"no break space":          {value(func(s string) string { return "\u00a0" + s }), CheckValue, value(func(s string) string { return " " + s }), Policy{}},
		"vertical tab":            {value(func(s string) string { return "\u2028" + s }), CheckValue, value(func(s string) string { return "\t" + s }), Policy{}},
		"too long":                {value(func(s string) string { return s + strings.Repeat(" ", maxEncoded) }), CheckValue, value(func(s string) string { return s + strings.Repeat(" ", maxEncoded-len(s)) }), Policy{}},
		"element in it":           {value(func(s string) string { return s + "<a/>" }), CheckValue, value(unchanged), Policy{}},
		"attribute":               {signature("<ds:SignatureValue>", `<ds:SignatureValue x="">`), CheckValue, signature("<ds:SignatureValue>", `<ds:SignatureValue Id="x">`), Policy{}},
		"digest empty":            {digest(func(string) string { return "" }), CheckDigest, digest(unchanged), Policy{}},
		"digest truncated":        {digest(func(s string) string { return base64.StdEncoding.EncodeToString(make([]byte, 31)) }), CheckDigest, digest(wrapped), Policy{}},
		"digest trailing bits":    {digest(trailingBits), CheckDigest, digest(unchanged), Policy{}},
		"digest of another":       {digest(func(string) string { return base64.StdEncoding.EncodeToString(make([]byte, 32)) }), CheckDigest, digest(unchanged), Policy{}},
		"digest by another hash":  {info(digestTag+"<ds:DigestValue>DIGEST", strings.Replace(digestTag, digestSHA256, digestSHA512, 1)+"<ds:DigestValue>"+emptyDigest), CheckDigest, digest(unchanged), Policy{}},
		"digest with an element":  {digest(func(s string) string { return s + "<a/>" }), CheckDigest, digest(unchanged), Policy{}},
		"digest with its own tag": {info("<ds:DigestValue>", `<ds:DigestValue x="">`), CheckDigest, digest(unchanged), Policy{}},
	})
}

// trailingBits sets a bit that no byte has a place for.
func trailingBits(s string) string {
	i := strings.IndexByte(s, '=') - 1
	return s[:i] + string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", s[i])+1]) + s[i+1:]
}

// TestPublishedSample is a response that Authing published: SHA-1, and a key of 1024 bits.
func TestPublishedSample(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/authing_response.xml")
	require.NoError(t, err)
	e := find(root(t, string(text)), "Assertion")
	keys := []crypto.PublicKey{embedded(t, e)}
	d, err := Verify(e, keys, Policy{AllowSHA1: true, AllowSmallRSA: true})
	require.NoError(t, err)
	name, ok := find(d.Root(), "NameID").Text()
	assert.True(t, ok)
	assert.Equal(t, "yezuwei@authing.onaliyun.com", name)
	_, err = Verify(e, keys, Policy{AllowSHA1: true})
	require.ErrorContains(t, err, "AllowSmallRSA")
	_, err = Verify(e, keys, Policy{AllowSmallRSA: true})
	require.ErrorContains(t, err, "AllowSHA1")
	_, err = Verify(root(t, string(text)), keys, Policy{AllowSHA1: true, AllowSmallRSA: true})
	require.ErrorIs(t, err, CheckMissing)
}

func TestDERIsStrict(t *testing.T) {
	t.Parallel()
	one, big64 := big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 256)
	encode := func(r, s *big.Int) []byte {
		der, err := asn1.Marshal(pair{r, s})
		require.NoError(t, err)
		return der
	}
	_, ok := fromDER(encode(one, one), 32)
	require.True(t, ok)
	for _, der := range [][]byte{nil, {0x30}, append(encode(one, one), 0), encode(big.NewInt(0), one), encode(one, big.NewInt(-1)), encode(big64, one), encode(one, big64)} {
		_, ok := fromDER(der, 32)
		require.False(t, ok, "%x", der)
	}
}
