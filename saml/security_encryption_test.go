package saml_test

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// sealed is a good message whose assertion is signed and then encrypted.
func sealed() message { return message{text: plain, signA: &signature{}, encE: &encryption{}} }

// sealedInSigned is one whose response is signed around that.
func sealedInSigned() message {
	return message{text: sealable(), signR: &signature{}, encE: &encryption{}}
}

func encrypted(e encryption) change { return func(m *message) { m.encE = &e } }

func allowCBC(c *saml.Config)   { c.AllowCBC = true }
func allowRSA15(c *saml.Config) { c.AllowRSA15 = true }

func TestSAML32Ciphertexts(t *testing.T) {
	cut := func(n int) func([]byte) []byte { return func(b []byte) []byte { return b[:n] } }
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[(at+len(b))%len(b)] ^= 1; return b }
	}
	gcm := func(f func([]byte) []byte) change { return encrypted(encryption{cipher: f}) }
	cbc := func(f func([]byte) []byte) change {
		return all(encrypted(encryption{block: aes128CBC, key: make([]byte, 16), cipher: f}), with(allowCBC))
	}
	wrapped := func(f func([]byte) []byte) change { return encrypted(encryption{wrapped: f}) }
	goodCBC := all(encrypted(encryption{block: aes128CBC}), with(allowCBC))
	refusals(t, sealedInSigned, map[string]refusal{
		"GCM, empty":                {gcm(cut(0)), saml.CheckEncryption, nil},
		"GCM, one byte":             {gcm(cut(1)), saml.CheckEncryption, nil},
		"GCM, only the nonce":       {gcm(cut(12)), saml.CheckEncryption, nil},
		"GCM, nonce and half a tag": {gcm(cut(20)), saml.CheckEncryption, nil},
		"GCM, nonce and tag":        {gcm(cut(28)), saml.CheckEncryption, nil},
		"GCM, tag":                  {gcm(flip(-1)), saml.CheckEncryption, nil},
		"GCM, nonce":                {gcm(flip(0)), saml.CheckEncryption, nil},
		"GCM, text":                 {gcm(flip(40)), saml.CheckEncryption, nil},
		"CBC, empty":                {cbc(cut(0)), saml.CheckEncryption, goodCBC},
		"CBC, one byte":             {cbc(cut(1)), saml.CheckEncryption, goodCBC},
		"CBC, only the IV":          {cbc(cut(16)), saml.CheckEncryption, goodCBC},
		"CBC, no whole block":       {cbc(cut(47)), saml.CheckEncryption, goodCBC},
		"CBC, cut off":              {cbc(cut(64)), saml.CheckEncryption, goodCBC},
		"CBC, padding":              {cbc(flip(-17)), saml.CheckEncryption, goodCBC},
		"CBC, padding over a block": {cbc(paddedBy(0x11)), saml.CheckEncryption, goodCBC},
		"CBC, padding of zero":      {cbc(paddedBy(0)), saml.CheckEncryption, goodCBC},
		"CBC, padding of 255":       {cbc(paddedBy(0xFF)), saml.CheckEncryption, goodCBC},
		"key, empty":                {wrapped(cut(0)), saml.CheckEncryption, nil},
		"key, short":                {wrapped(cut(255)), saml.CheckEncryption, nil},
		"key, long":                 {wrapped(func(b []byte) []byte { return append(b, 0) }), saml.CheckEncryption, nil},
		"key, changed":              {wrapped(flip(100)), saml.CheckEncryption, nil},
		"key, over the modulus":     {wrapped(func(b []byte) []byte { return bytes.Repeat([]byte{0xFF}, len(b)) }), saml.CheckEncryption, nil},
		"key, zero":                 {wrapped(func(b []byte) []byte { return make([]byte, len(b)) }), saml.CheckEncryption, nil},
		"key of another size":       {encrypted(encryption{edits: []edit{{`#aes128-gcm`, `#aes256-gcm`}}}), saml.CheckEncryption, encrypted(encryption{block: aes256GCM})},
		"not base64":                {encrypted(encryption{edits: []edit{{"</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>", "!</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"}}}), saml.CheckEncryption, nil},
	})
}

// paddedBy replaces the last plaintext byte, which is 1 or more, by changing the block before it: the key that the
// tests encrypt with is known to them.
func paddedBy(size byte) func([]byte) []byte {
	return func(b []byte) []byte {
		block, _ := aes.NewCipher(make([]byte, 16))
		last := make([]byte, 16)
		cipher.NewCBCDecrypter(block, b[len(b)-32:len(b)-16]).CryptBlocks(last, b[len(b)-16:])
		b[len(b)-17] ^= last[15] ^ size
		return b
	}
}

// counting counts how often newer keys are asked for, which takes a time that the sender sees.
type counting struct {
	saml.IDPSource
	refreshes int
}

func (s *counting) Refresh(ctx context.Context, entityID string) (*metadata.IDP, error) {
	s.refreshes++
	return s.IDP(ctx, entityID)
}

// An attacker who changes what is not signed does not learn how far it got: neither by the error nor by what is fetched.
func TestSAML33FailuresAreOne(t *testing.T) {
	t.Parallel()
	fixed := make([]byte, 16)
	lenient := func(c *saml.Config) {
		c.AllowCBC, c.AllowRSA15, c.AllowTripleDES = true, true, true
		exchanges(t)(c)
	}
	texts, asked := map[string][]string{}, map[int][]string{}
	for name, e := range map[string]encryption{
		"GCM":     {key: fixed},
		"CBC":     {key: fixed, block: aes128CBC},
		"RSA 1.5": {key: fixed, block: aes128CBC, transport: rsa15},
		"DES":     {key: make([]byte, 24), block: desCBC},
		"ECDH":    {key: fixed, agreement: "wrapping"},
	} {
		for what, change := range map[string]func(*message, *encryption){
			"unwrap":         func(_ *message, e *encryption) { e.wrapped = func(b []byte) []byte { b[9] ^= 1; return b } },
			"first block":    func(_ *message, e *encryption) { e.cipher = func(b []byte) []byte { b[20] ^= 1; return b } },
			"last block":     func(_ *message, e *encryption) { e.cipher = func(b []byte) []byte { b[len(b)-17] ^= 0x40; return b } },
			"not XML":        func(_ *message, e *encryption) { e.plaintext = func(string) string { return "no XML" } },
			"DOCTYPE":        func(_ *message, e *encryption) { e.plaintext = func(s string) string { return "<!DOCTYPE x>" + s } },
			"no assertion":   func(_ *message, e *encryption) { e.plaintext = func(string) string { return "<x/>" } },
			"not signed":     func(m *message, _ *encryption) { m.signA = nil },
			"another's key":  func(m *message, _ *encryption) { m.signA = &signature{key: "other"} },
			"changed inside": func(_ *message, e *encryption) { e.plaintext = mallory },
			"bad signature": func(m *message, _ *encryption) {
				m.signA = &signature{edits: []edit{{"<ds:SignedInfo>", "<ds:SignedInfo>x"}}}
			},
			"C14N 1.0":       func(m *message, _ *encryption) { m.signA = &signature{c14n: incC14N10} },
			"signature last": func(m *message, _ *encryption) { m.text = atEnd(m.text, "{A}", "</saml:Assertion>") },
			"a comment": func(_ *message, e *encryption) {
				e.plaintext = func(s string) string { return strings.Replace(s, "<saml:Conditions", "<!-- x --><saml:Conditions", 1) }
			},
			"SHA-1": func(m *message, _ *encryption) { m.signA = &signature{method: rsaSHA1} },
		} {
			source := &counting{IDPSource: config(t).IDP}
			m := message{text: plain, signA: &signature{}, config: func(c *saml.Config) { lenient(c); c.IDP = source }}
			e := e
			change(&m, &e)
			m.encE = &e
			got, err := m.complete(t)
			asked[source.refreshes] = append(asked[source.refreshes], name+", "+what)
			require.ErrorIs(t, err, saml.CheckEncryption, name+", "+what)
			assert.Nil(t, got)
			texts[err.Error()] = append(texts[err.Error()], name+", "+what)
		}
		m := message{text: plain, signA: &signature{}, encE: &e, config: lenient}
		_, err := m.complete(t)
		require.NoError(t, err, name)
	}
	assert.Len(t, texts, 1, "%v", texts)
	assert.Len(t, asked, 1, "%v", asked)
	assert.Contains(t, asked, 1)
	// So the text names all options that could help.
	named := []string{"AllowComments", "MaxMessage", "MaxNodes"}
	policy := reflect.TypeFor[xmldsig.Policy]()
	for i := range policy.NumField() {
		// The plaintext is never the root that an empty reference is to. IgnoreComments is for metadata.
		if name := policy.Field(i).Name; name != "MaxNodes" && name != "AllowEmptyReference" && name != "IgnoreComments" {
			named = append(named, name)
		}
	}
	for text := range texts {
		for _, option := range named {
			assert.Contains(t, text, option)
		}
	}
}

// With a signature around the ciphertext its failures may be told apart; those that depend on a key are still one.
func TestSAML33KeysFailAsOne(t *testing.T) {
	t.Parallel()
	texts := map[string]bool{}
	for _, e := range []encryption{
		{wrapped: func(b []byte) []byte { b[9] ^= 1; return b }}, {cipher: func(b []byte) []byte { b[20] ^= 1; return b }},
		{plaintext: func(string) string { return "no XML" }}, {plaintext: func(string) string { return "<x/>" }}, {plaintext: func(s string) string { return s + s }},
		{plaintext: func(s string) string { return "<!-- x -->" + s }}, {agreement: "direct", cipher: func(b []byte) []byte { b[20] ^= 1; return b }},
		{agreement: "wrapping", wrapped: func(b []byte) []byte { b[9] ^= 1; return b }},
	} {
		m := sealedInSigned()
		m.encE, m.config = &e, exchanges(t)
		_, err := m.complete(t)
		require.ErrorIs(t, err, saml.CheckEncryption)
		texts[err.Error()] = true
	}
	assert.Len(t, texts, 1)
	for text := range texts {
		for _, option := range []string{"AllowComments", "MaxMessage", "MaxNodes"} {
			assert.Contains(t, text, option)
		}
	}
}

// Triple DES is the default of pysaml2, and has an option of its own.
func TestSAML34Algorithms(t *testing.T) {
	tripleDES := with(func(c *saml.Config) { c.AllowTripleDES = true })
	allowed := with(func(c *saml.Config) { c.AllowCBC, c.AllowRSA15, c.AllowSHA1 = true, true, true })
	refusals(t, sealedInSigned, map[string]refusal{
		"AES-128-CBC":                 {encrypted(encryption{block: aes128CBC}), saml.CheckAlgorithm, all(encrypted(encryption{block: aes128CBC}), with(allowCBC))},
		"AES-256-CBC":                 {encrypted(encryption{block: aes256CBC}), saml.CheckAlgorithm, all(encrypted(encryption{block: aes256CBC}), with(allowCBC))},
		"RSA 1.5":                     {encrypted(encryption{transport: rsa15}), saml.CheckAlgorithm, all(encrypted(encryption{transport: rsa15}), with(allowRSA15))},
		"RSA 1.5 with CBC allowed":    {all(encrypted(encryption{transport: rsa15}), with(allowCBC)), saml.CheckAlgorithm, nil},
		"CBC with RSA 1.5 allowed":    {all(encrypted(encryption{block: aes128CBC}), with(allowRSA15)), saml.CheckAlgorithm, nil},
		"triple DES":                  {all(encrypted(encryption{block: desCBC}), allowed), saml.CheckAlgorithm, all(encrypted(encryption{block: desCBC}), tripleDES)},
		"CBC with triple DES allowed": {all(encrypted(encryption{block: aes128CBC}), tripleDES), saml.CheckAlgorithm, all(encrypted(encryption{block: aes128CBC}), with(allowCBC))},
		"ECDH-ES by another's key":    {all(encrypted(encryption{agreement: "wrapping"}), with(func(c *saml.Config) { c.Keys = append(c.Keys, saml.Key{Exchanger: otherCurve(t)}) })), saml.CheckEncryption, all(encrypted(encryption{agreement: "wrapping"}), with(exchanges(t)))},
		"ECDH-ES without such a key":  {encrypted(encryption{agreement: "direct"}), saml.CheckEncryption, all(encrypted(encryption{agreement: "direct"}), with(exchanges(t)))},
		"unknown cipher":              {all(encrypted(encryption{edits: []edit{{aes128GCM, "urn:x"}}}), allowed), saml.CheckAlgorithm, nil},
		"unknown wrapping":            {all(encrypted(encryption{edits: []edit{{oaepMGF1P, "urn:x"}}}), allowed), saml.CheckAlgorithm, nil},
		"key wrapped by a shared key": {all(encrypted(encryption{edits: []edit{{oaepMGF1P, "http://www.w3.org/2001/04/xmlenc#kw-aes128"}}}), allowed), saml.CheckAlgorithm, nil},
		"OAEP with MD5":               {all(encrypted(encryption{digest: more + "md5"}), allowed), saml.CheckAlgorithm, encrypted(encryption{digest: sha256URI})},
		"OAEP with an unknown mask":   {encrypted(encryption{transport: oaep11, mgf: "urn:x"}), saml.CheckAlgorithm, encrypted(encryption{transport: oaep11, mgf: mgfSHA256})},
	})
	for option, e := range map[string]encryption{"AllowCBC": {block: aes128CBC}, "AllowTripleDES": {block: desCBC}, "AllowRSA15": {transport: rsa15}} {
		m := sealedInSigned()
		m.encE = &e
		_, err := m.complete(t)
		require.ErrorContains(t, err, option)
	}
}

func otherCurve(t testing.TB) *ecdh.PrivateKey {
	t.Helper()
	k, err := ecdh.P384().GenerateKey(rand.Reader)
	require.NoError(t, err)
	return k
}

// evilSealed is what anyone can encrypt for the service provider.
func evilSealed(t testing.TB) string {
	t.Helper()
	m := message{text: sealable()}
	doc := m.xml(t)
	spans := index(t, doc)
	_, assertion := cut(doc, spans[find(spans, "Assertion")])
	return encryption{}.wrap(t, strings.Replace(mallory(assertion), "_assertion", "_evil", 1), "EncryptedAssertion")
}

func TestSAML35EncryptedBesideSigned(t *testing.T) {
	evil := evilSealed(t)
	refusals(t, signedAssertion, map[string]refusal{
		"behind":        {tampered("</samlp:Response>", evil+"</samlp:Response>"), saml.CheckAssertion, nil},
		"before":        {tampered("<saml:Assertion ", evil+"<saml:Assertion "), saml.CheckAssertion, nil},
		"in Extensions": {tampered("<samlp:Status>", "<samlp:Extensions>"+evil+"</samlp:Extensions><samlp:Status>"), saml.CheckAssertion, tampered("<samlp:Status>", "<samlp:Extensions><saml:X/></samlp:Extensions><samlp:Status>")},
		// In the Advice that the identity provider signed it is ignored (SAML Core §2.6.1).
		"in Advice": {says("<saml:Subject>", "<saml:Subject><saml:Advice>"+evil+"</saml:Advice>"), saml.CheckAssertion, says("<saml:AuthnStatement ", "<saml:Advice>"+evil+"</saml:Advice><saml:AuthnStatement ")},
		"alone": {replaced(func(s string) string {
			from, to := strings.Index(s, "<saml:Assertion "), strings.Index(s, "</saml:Assertion>")
			return s[:from] + evil + s[to+len("</saml:Assertion>"):]
		}), saml.CheckEncryption, nil},
	})
}

func TestSAML36Ciphertexts(t *testing.T) {
	changed := func(edits ...edit) change { return encrypted(encryption{edits: edits}) }
	const keyData = "</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>"
	refusals(t, sealedInSigned, map[string]refusal{
		"for another recipient, and so it is": {all(changed(edit{`Id="_keyEncryptedAssertion"`, `Id="_keyEncryptedAssertion" Recipient="https://third.example/"`}), otherDecrypter(t)), saml.CheckEncryption,
			changed(edit{`Id="_keyEncryptedAssertion"`, `Id="_keyEncryptedAssertion" Recipient="https://third.example/"`})},
		"CipherReference":             {changed(edit{"</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>", `</ds:KeyInfo><xenc:CipherData><xenc:CipherReference URI="https://evil.example/"/><xenc:CipherValue>`}), saml.CheckEncryption, nil},
		"CipherReference for the key": {changed(edit{keyData, `</xenc:EncryptionMethod><xenc:CipherData><xenc:CipherReference URI="https://evil.example/"/><xenc:CipherValue>`}), saml.CheckEncryption, nil},
		"nested": {encrypted(encryption{plaintext: func(s string) string {
			inner := encryption{}.wrap(t, s, "EncryptedAssertion")
			return inner[strings.Index(inner, "<xenc:EncryptedData"):strings.Index(inner, "</saml:EncryptedAssertion>")]
		}}), saml.CheckEncryption, nil},
		"an encrypted assertion in it": {encrypted(encryption{plaintext: func(s string) string { return encryption{}.wrap(t, s, "EncryptedAssertion") }}), saml.CheckEncryption, nil},
		"DOCTYPE in the plaintext":     {encrypted(encryption{plaintext: func(s string) string { return `<!DOCTYPE x [<!ENTITY y "z">]>` + s }}), saml.CheckEncryption, nil},
		"declaration in the plaintext": {encrypted(encryption{plaintext: func(s string) string { return `<?xml version="1.0"?>` + s }}), saml.CheckEncryption, encrypted(encryption{plaintext: func(s string) string { return "\n" + s }})},
		"two assertions in it":         {encrypted(encryption{plaintext: func(s string) string { return s + strings.Replace(s, "_assertion", "_second", 1) }}), saml.CheckEncryption, nil},
		"text beside":                  {encrypted(encryption{plaintext: func(s string) string { return s + "x" }}), saml.CheckEncryption, encrypted(encryption{plaintext: func(s string) string { return s + " " }})},
		"it ends what is around it":    {encrypted(encryption{plaintext: func(s string) string { return s + "</saml:EncryptedAssertion><saml:EncryptedAssertion>" + s }}), saml.CheckEncryption, nil},
		"comment in the name":          {encrypted(encryption{plaintext: func(s string) string { return strings.Replace(s, "alice", "alice<!-- -->", 1) }}), saml.CheckEncryption, nil},
		"comment in the name, allowed elsewhere": {all(allowComments, encrypted(encryption{plaintext: func(s string) string { return strings.Replace(s, "alice", "alice<!-- -->", 1) }})), saml.CheckEncryption,
			all(allowComments, encrypted(encryption{plaintext: func(s string) string {
				return strings.Replace(s, "<saml:Conditions ", "<!-- x --><saml:Conditions ", 1)
			}}))},
		"comment beside the assertion": {encrypted(encryption{plaintext: func(s string) string { return s + "<!-- x -->" }}), saml.CheckEncryption, all(allowComments, encrypted(encryption{plaintext: func(s string) string { return s + "<!-- x -->" }}))},
		"not well-formed":              {encrypted(encryption{plaintext: func(s string) string { return s[1:] }}), saml.CheckEncryption, nil},
		"an assertion's element only":  {encrypted(encryption{plaintext: func(string) string { return `<saml:Subject/>` }}), saml.CheckEncryption, nil},
		"two EncryptedData":            {all(func(m *message) {}, encrypted(encryption{edits: []edit{{"</xenc:EncryptedData>", `</xenc:EncryptedData><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"/>`}}})), saml.CheckEncryption, nil},
		"no key":                       {changed(edit{"<ds:KeyInfo", "<ds:Other"}, edit{"</ds:KeyInfo>", "</ds:Other>"}), saml.CheckEncryption, nil},
		"Type is content":              {changed(edit{"xmlenc#Element", "xmlenc#Content"}), saml.CheckEncryption, nil},
		"retrieval of a key elsewhere": {encrypted(encryption{sibling: true, edits: []edit{{`URI="#_keyEncryptedAssertion"`, `URI="https://evil.example/key"`}}}), saml.CheckEncryption, encrypted(encryption{sibling: true})},
	})
}

func otherDecrypter(t testing.TB) change {
	t.Helper()
	other := key(t, "other")
	return with(func(c *saml.Config) { c.Keys = []saml.Key{{Signer: other, Decrypter: other.(decrypter)}} })
}

func TestSAML36SeveralKeysDecrypt(t *testing.T) {
	t.Parallel()
	m := sealed()
	m.config = func(c *saml.Config) {
		c.Keys = append([]saml.Key{{Decrypter: key(t, "other").(decrypter)}}, c.Keys...)
	}
	got, err := m.complete(t)
	require.NoError(t, err)
	same(t, alice(), got, "")
	m.config = func(c *saml.Config) { c.Keys = nil }
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.CheckEncryption)
}

func TestSAML37ShortTags(t *testing.T) {
	short := func(n int) change {
		return encrypted(encryption{cipher: func(b []byte) []byte { return b[:len(b)-16+n] }})
	}
	refusals(t, sealed, map[string]refusal{
		"no tag":       {short(0), saml.CheckEncryption, short(16)},
		"one byte":     {short(1), saml.CheckEncryption, nil},
		"four bytes":   {short(4), saml.CheckEncryption, nil},
		"eight bytes":  {short(8), saml.CheckEncryption, nil},
		"twelve bytes": {short(12), saml.CheckEncryption, nil},
		"fifteen":      {short(15), saml.CheckEncryption, nil},
	})
}

func TestSAML32EncryptedNames(t *testing.T) {
	name := func(e encryption) change { return func(m *message) { m.encN = &e } }
	refusals(t, signedAssertion, map[string]refusal{
		"tag":             {name(encryption{cipher: func(b []byte) []byte { b[len(b)-1] ^= 1; return b }}), saml.CheckEncryption, name(encryption{})},
		"CBC":             {name(encryption{block: aes128CBC}), saml.CheckAlgorithm, all(name(encryption{block: aes128CBC}), with(allowCBC))},
		"no name in it":   {name(encryption{plaintext: func(string) string { return "<saml:Issuer>x</saml:Issuer>" }}), saml.CheckNameID, nil},
		"an empty name":   {name(encryption{plaintext: func(string) string { return "<saml:NameID/>" }}), saml.CheckNameID, nil},
		"a name beside":   {all(name(encryption{}), says("{N}", "<saml:NameID>mallory</saml:NameID>{N}")), saml.CheckNameID, name(encryption{})},
		"another's name":  {name(encryption{plaintext: func(string) string { return `<saml:NameID SPNameQualifier="https://third.example/">x</saml:NameID>` }}), saml.CheckNameID, name(encryption{plaintext: func(string) string { return `<saml:NameID SPNameQualifier="` + testSP + `">x</saml:NameID>` }})},
		"replaced by all": {tampered("</saml:NameID>", "</saml:NameID>"+encryption{}.wrap(t, "<saml:NameID>mallory</saml:NameID>", "EncryptedID")), saml.CheckSignature, nil},
	})
}
