package saml_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// trusting makes the identity provider one that signs with these keys.
func trusting(keys ...crypto.PublicKey) change {
	return with(func(c *saml.Config) { c.IDP = idps{testIDP: idpWith(testIDP, keys...)} })
}

func TestSAML25KeyInfoIsNotTrusted(t *testing.T) {
	cert := base64.StdEncoding.EncodeToString(keys()["other"].certificate)
	public := publicRSA(t, "other")
	table := map[string]refusal{}
	for name, info := range map[string]string{
		"certificate":      "<ds:X509Data><ds:X509Certificate>" + cert + "</ds:X509Certificate></ds:X509Data>",
		"KeyValue":         "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>" + base64.StdEncoding.EncodeToString(public.N.Bytes()) + "</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>",
		"RetrievalMethod":  `<ds:RetrievalMethod URI="https://evil.example/key" Type="http://www.w3.org/2000/09/xmldsig#rawX509Certificate"/>`,
		"URL of a key":     `<k:KeyInfoReference xmlns:k="http://www.w3.org/2009/xmldsig11#" URI="https://evil.example/key"/>`,
		"URL in X509Data":  `<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>https://evil.example/</ds:X509IssuerName><ds:X509SerialNumber>1</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>`,
		"KeyName":          "<ds:KeyName>other</ds:KeyName>",
		"two certificates": "<ds:X509Data><ds:X509Certificate>" + base64.StdEncoding.EncodeToString(keys()["idp"].certificate) + "</ds:X509Certificate><ds:X509Certificate>" + cert + "</ds:X509Certificate></ds:X509Data>",
		"none":             "",
	} {
		// The twin says the same of the key, and is signed by the trusted one: what KeyInfo says changes nothing.
		table[name] = refusal{by(signature{key: "other", info: info}), saml.CheckSignature, by(signature{info: info})}
	}
	refusals(t, signedAssertion, table)
}

func TestSAML26HMAC(t *testing.T) {
	der, err := x509.MarshalPKIXPublicKey(key(t, "idp").Public())
	require.NoError(t, err)
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: keys()["idp"].certificate})
	table := map[string]refusal{}
	for name, secret := range map[string][]byte{
		"PEM of the key": text, "DER of the key": der, "PEM of the certificate": certificate, "DER of the certificate": keys()["idp"].certificate,
		"modulus": publicRSA(t, "idp").N.Bytes(), "empty": {},
	} {
		table[name] = refusal{by(signature{method: more + "hmac-sha256", octets: func(info []byte) []byte {
			mac := hmac.New(sha256.New, secret)
			mac.Write(info)
			return mac.Sum(nil)
		}}), saml.CheckAlgorithm, nil}
	}
	table["HMAC-SHA1"] = refusal{by(signature{method: "http://www.w3.org/2000/09/xmldsig#hmac-sha1"}), saml.CheckAlgorithm, nil}
	refusals(t, signedAssertion, table)
}

func TestSAML27HMACOutputLength(t *testing.T) {
	const method = `<ds:SignatureMethod Algorithm="` + rsaSHA256 + `">`
	inside := func(s string) change { return shaped(method, method+s) }
	refusals(t, signedAssertion, map[string]refusal{
		"zero":      {inside("<ds:HMACOutputLength>0</ds:HMACOutputLength>"), saml.CheckSignature, inside("\n")},
		"eight":     {inside("<ds:HMACOutputLength>8</ds:HMACOutputLength>"), saml.CheckSignature, nil},
		"parameter": {inside(`<x:RSAPSSParams xmlns:x="urn:x"/>`), saml.CheckSignature, nil},
		"text":      {inside("256"), saml.CheckSignature, nil},
	})
}

func TestSAML28Algorithms(t *testing.T) {
	method := func(s string) change { return by(signature{method: s}) }
	digest := func(s string) change { return by(signature{digest: s}) }
	allowed := with(func(c *saml.Config) { c.AllowSHA1 = true })
	refusals(t, signedAssertion, map[string]refusal{
		"RSA-SHA1":              {by(signature{method: rsaSHA1, digest: sha1URI}), saml.CheckAlgorithm, all(by(signature{method: rsaSHA1, digest: sha1URI}), allowed)},
		"RSA-SHA1, good digest": {method(rsaSHA1), saml.CheckAlgorithm, all(method(rsaSHA1), allowed)},
		"digest SHA-1":          {digest(sha1URI), saml.CheckAlgorithm, all(digest(sha1URI), allowed)},
		"DSA":                   {all(method("http://www.w3.org/2000/09/xmldsig#dsa-sha1"), allowed), saml.CheckAlgorithm, allowed},
		"DSA-SHA256":            {method("http://www.w3.org/2009/xmldsig11#dsa-sha256"), saml.CheckAlgorithm, nil},
		"RSA-MD5":               {all(method(more+"rsa-md5"), allowed), saml.CheckAlgorithm, nil},
		"RSA-RIPEMD160":         {all(method(more+"rsa-ripemd160"), allowed), saml.CheckAlgorithm, nil},
		"RSA-SHA224":            {method(more + "rsa-sha224"), saml.CheckAlgorithm, method(more + "rsa-sha512")},
		"ECDSA-SHA1":            {all(method(more+"ecdsa-sha1"), allowed), saml.CheckAlgorithm, nil},
		"digest MD5":            {all(digest(more+"md5"), allowed), saml.CheckAlgorithm, nil},
		"digest RIPEMD160":      {digest("http://www.w3.org/2001/04/xmlenc#ripemd160"), saml.CheckAlgorithm, nil},
		"digest SHA-224":        {digest(more + "sha224"), saml.CheckAlgorithm, digest(more + "sha384")},
		"none":                  {method("none"), saml.CheckAlgorithm, nil},
		"white space in it":     {shaped(`"`+rsaSHA256+`"`, `" `+rsaSHA256+`"`), saml.CheckAlgorithm, nil},
		"empty":                 {shaped(`"`+rsaSHA256+`"`, `""`), saml.CheckAlgorithm, nil},
	})
}

func TestSAML28TheErrorNamesTheOption(t *testing.T) {
	t.Parallel()
	for _, s := range []signature{{method: rsaSHA1}, {digest: sha1URI}} {
		m := signedResponse()
		m.signR = &s
		_, err := m.complete(t)
		require.ErrorContains(t, err, "AllowSHA1")
	}
}

func TestSAML29KeysThatDoNotFit(t *testing.T) {
	curve := func(name, method string) change {
		return all(trusting(key(t, name).Public()), by(signature{key: name, method: more + method}))
	}
	ecdsaKey, rsaKey := key(t, "p256").Public(), key(t, "idp").Public()
	small := trusting(key(t, "small").Public())
	rsaByECDSA := signature{method: more + "ecdsa-sha256"}
	ecdsaByRSA := signature{key: "p256", method: rsaSHA256}
	refusals(t, signedAssertion, map[string]refusal{
		"ECDSA's URI, RSA key":         {all(trusting(rsaKey), by(rsaByECDSA)), saml.CheckSignature, all(trusting(rsaKey), by(signature{}))},
		"RSA's URI, ECDSA key":         {all(trusting(ecdsaKey), by(ecdsaByRSA)), saml.CheckSignature, curve("p256", "ecdsa-sha256")},
		"ECDSA in DER":                 {all(trusting(ecdsaKey), by(signature{key: "p256", method: more + "ecdsa-sha256", der: true})), saml.CheckSignature, curve("p256", "ecdsa-sha256")},
		"ECDSA with a zero in front":   {all(curve("p256", "ecdsa-sha256"), valueBy(func(b []byte) []byte { return append([]byte{0}, b...) })), saml.CheckSignature, nil},
		"ECDSA, both numbers longer":   {all(curve("p256", "ecdsa-sha256"), valueBy(func(b []byte) []byte { return append(append(append([]byte{0}, b[:32]...), 0), b[32:]...) })), saml.CheckSignature, nil},
		"ECDSA of zeros":               {all(curve("p256", "ecdsa-sha256"), valueBy(func(b []byte) []byte { return make([]byte, len(b)) })), saml.CheckSignature, nil},
		"RSA of 1024 bits":             {all(small, by(signature{key: "small"})), saml.CheckSignature, all(small, by(signature{key: "small"}), with(func(c *saml.Config) { c.AllowSmallRSA = true }))},
		"RSA with a zero in front":     {valueBy(func(b []byte) []byte { return append([]byte{0}, b...) }), saml.CheckSignature, nil},
		"no keys fit":                  {trusting(ecdsaKey), saml.CheckSignature, trusting(ecdsaKey, rsaKey)},
		"curve that nobody asked for":  {trusting(&ecdsa.PublicKey{Curve: elliptic.P224(), X: big.NewInt(1), Y: big.NewInt(1)}), saml.CheckSignature, nil},
		"exponent one":                 {trusting(&rsa.PublicKey{N: publicRSA(t, "idp").N, E: 1}), saml.CheckSignature, nil},
		"P-384 key by P-256 signature": {all(trusting(key(t, "p384").Public()), by(signature{key: "p256", method: more + "ecdsa-sha256"})), saml.CheckSignature, curve("p384", "ecdsa-sha256")},
	})
	m := signedAssertion()
	all(small, by(signature{key: "small"}))(&m)
	_, err := m.complete(t)
	require.ErrorContains(t, err, "AllowSmallRSA")
}

// valueBy changes the bytes of the value, whatever signs.
func valueBy(f func([]byte) []byte) change {
	return func(m *message) {
		s := *m.signA
		s.value = f
		m.signA = &s
	}
}

func TestSAML30AnotherIssuersKey(t *testing.T) {
	refusals(t, signedBoth, map[string]refusal{
		"the other's key": {by(signature{key: "other"}), saml.CheckSignature, nil},
		"the other's key, the other's login": {all(by(signature{key: "other"}), asked(func(l *saml.Login) { l.IDP = otherIDP })), saml.CheckIssuer,
			all(by(signature{key: "other"}), asked(func(l *saml.Login) { l.IDP = otherIDP }), replacedBefore(testIDP, otherIDP))},
		"the other's word for our user": {all(by(signature{key: "other"}), replacedBefore(testIDP, otherIDP)), saml.CheckSignature,
			all(by(signature{key: "other"}), asked(func(l *saml.Login) { l.IDP = otherIDP }), replacedBefore(testIDP, otherIDP))},
		"response by the one, assertion by the other": {func(m *message) { m.signA = &signature{key: "other"} }, saml.CheckSignature, nil},
		"assertion by the one, response by the other": {func(m *message) { m.signR = &signature{key: "other"} }, saml.CheckSignature, nil},
		"the other's assertion in our response": {all(func(m *message) { m.signA = &signature{key: "other"}; m.signR = nil },
			says("\"><saml:Issuer>https://idp.example/metadata</saml:Issuer>{A}", "\"><saml:Issuer>https://other.example/metadata</saml:Issuer>{A}")), saml.CheckSignature, nil},
	})
}

// replacedBefore changes all places of a text before it is signed.
func replacedBefore(old, replacement string) change {
	return func(m *message) { m.text = strings.ReplaceAll(m.text, old, replacement) }
}

// A key with use="encryption" in metadata signs nothing.
func TestSAML30EncryptionKeysSignNothing(t *testing.T) {
	t.Parallel()
	text := func(use string) string {
		return `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="` + testIDP + `"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
			`<md:KeyDescriptor use="signing">` + certificateOf("other") + `</md:KeyDescriptor><md:KeyDescriptor` + use + `>` + certificateOf("idp") + `</md:KeyDescriptor>` +
			`<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>`
	}
	for use, accepted := range map[string]bool{` use="encryption"`: false, ` use="signing"`: true, ``: true} {
		p, err := metadata.Parse([]byte(text(use)), metadata.Options{})
		require.NoError(t, err, use)
		m := signedAssertion()
		m.config = func(c *saml.Config) { c.IDP = metadata.NewList(p) }
		_, err = m.complete(t)
		if accepted {
			assert.NoError(t, err, use)
		} else {
			assert.ErrorIs(t, err, saml.CheckSignature, use)
		}
	}
}

func certificateOf(name string) string {
	return `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>` + base64.StdEncoding.EncodeToString(keys()[name].certificate) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`
}

func TestSAML31Values(t *testing.T) {
	filled := func(s string) change { return shaped("<ds:SignatureValue>{VALUE}", "<ds:SignatureValue>"+s) }
	refusals(t, signedAssertion, map[string]refusal{
		"empty":                {valueBy(func([]byte) []byte { return nil }), saml.CheckSignature, nil},
		"one byte short":       {valueBy(func(b []byte) []byte { return b[:len(b)-1] }), saml.CheckSignature, valueBy(func(b []byte) []byte { return b })},
		"half":                 {valueBy(func(b []byte) []byte { return b[:len(b)/2] }), saml.CheckSignature, nil},
		"one byte more":        {valueBy(func(b []byte) []byte { return append(b, 0) }), saml.CheckSignature, nil},
		"one bit":              {valueBy(func(b []byte) []byte { b[7] ^= 1; return b }), saml.CheckSignature, nil},
		"zero":                 {valueBy(func(b []byte) []byte { return make([]byte, len(b)) }), saml.CheckSignature, nil},
		"one":                  {valueBy(func(b []byte) []byte { return append(make([]byte, len(b)-1), 1) }), saml.CheckSignature, nil},
		"the modulus":          {valueBy(func(b []byte) []byte { return publicRSA(t, "idp").N.FillBytes(b) }), saml.CheckSignature, nil},
		"not base64":           {filled("!!!{VALUE}"), saml.CheckSignature, filled("\n{VALUE}")},
		"URL's base64":         {filled("-_{VALUE}"), saml.CheckSignature, nil},
		"two in one":           {filled("{VALUE}{VALUE}"), saml.CheckSignature, nil},
		"an element in it":     {filled("<x/>{VALUE}"), saml.CheckSignature, nil},
		"an empty digest":      {shaped("<ds:DigestValue>{DIGESTVALUE}", "<ds:DigestValue>"), saml.CheckSignature, nil},
		"a prefix of a digest": {shaped("{DIGESTVALUE}", "AAAA"), saml.CheckSignature, nil},
		"a digest and more":    {shaped("{DIGESTVALUE}", "AAAA{DIGESTVALUE}"), saml.CheckSignature, shaped("{DIGESTVALUE}", "\n{DIGESTVALUE}")},
	})
}
