package saml_test

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// shape is a valid message and what must be read out of it; XML is not compared.
type shape struct {
	name string
	message
	want *saml.Assertion
}

// shapes are all the valid messages of these tests. The mutator and the fuzzer begin with each of them.
func shapes(t testing.TB) []shape {
	t.Helper()
	var all []shape
	add := func(name string, m message, change ...func(*saml.Assertion)) {
		want := alice()
		for _, f := range change {
			f(want)
		}
		all = append(all, shape{name, m, want})
	}
	addSigned(t, add)
	addLayouts(t, add)
	addEncrypted(t, add)
	addContents(t, add)
	addAllowed(t, add)
	addField(t, add)
	return all
}

type adder func(name string, m message, change ...func(*saml.Assertion))

func ecdsaIDP(t testing.TB, name string) func(*saml.Config) {
	t.Helper()
	k := key(t, name).Public()
	return func(c *saml.Config) { c.IDP = idps{testIDP: idpWith(testIDP, k)} }
}

func addSigned(t testing.TB, add adder) {
	t.Helper()
	s := &signature{}
	add("assertion signed", message{text: plain, signA: s})
	add("response signed", message{text: plain, signR: s})
	add("both signed", message{text: plain, signR: s, signA: s})
	add("signature without prefix", message{text: plain, signR: &signature{prefix: "-"}, signA: &signature{prefix: "dsig"}})
	add("prefix list", message{text: plain, signA: &signature{list: "xs"}, signR: &signature{list: "xs xsi saml samlp"}})
	add("prefix list with the default", message{text: adfs, signA: &signature{list: "#default xs"}}, adfsSays)
	for _, size := range []string{"384", "512"} {
		digest := map[string]string{"384": sha384URI, "512": sha512URI}[size]
		add("RSA-SHA"+size, message{text: plain, signA: &signature{method: more + "rsa-sha" + size, digest: digest}})
	}
	add("digest of another size", message{text: plain, signA: &signature{digest: sha512URI}})
	curves := map[string]string{"p256": "256", "p384": "384", "p521": "512"}
	for _, curve := range slices.Sorted(maps.Keys(curves)) {
		size := curves[curve]
		add("ECDSA "+curve, message{text: plain, config: ecdsaIDP(t, curve), signA: &signature{key: curve, method: more + "ecdsa-sha" + size}})
	}
	for i, digest := range []string{sha256URI, sha384URI, sha512URI} {
		size := []string{"256", "384", "512"}[i]
		add("RSASSA-PSS with SHA-"+size, message{text: plain, signA: &signature{method: more2007 + "sha" + size + "-rsa-MGF1", digest: digest}, signR: s})
	}
	add("ECDSA p521 without zeros", message{text: plain, config: ecdsaIDP(t, "p521"), signA: &signature{key: "p521", method: more + "ecdsa-sha512", value: withoutZeros, octets: shortP521(t)}})
	add("canonicalization with comments", message{text: plain, signA: &signature{c14n: excC14N + "WithComments"}, signR: &signature{c14n: excC14N + "WithComments", list: "xs"}})
	cert := base64.StdEncoding.EncodeToString(keys()["idp"].certificate)
	add("certificate in KeyInfo", message{text: plain, signA: &signature{info: "<ds:X509Data><ds:X509Certificate>" + cert + "</ds:X509Certificate></ds:X509Data>"}})
	add("another certificate in KeyInfo", message{text: plain, signA: &signature{info: "<ds:X509Data><ds:X509Certificate>" + base64.StdEncoding.EncodeToString(keys()["other"].certificate) + "</ds:X509Certificate></ds:X509Data>"}})
	add("broken lines of base64", message{text: plain, signA: &signature{edits: []edit{{"{VALUE}", "\n{VALUE}\n"}, {"{DIGESTVALUE}", "\n{DIGESTVALUE}\n"}}}, signR: &signature{}})
	add("key rollover", message{text: plain, signA: s, config: func(c *saml.Config) {
		c.IDP = idps{testIDP: idpWith(testIDP, key(t, "p256").Public(), key(t, "other").Public(), key(t, "idp").Public())}
	}})
}

func adfsSays(a *saml.Assertion) {
	a.Attributes = []saml.Attribute{
		{Name: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name", Values: []saml.Value{{Text: "爱丽丝 & Co. <staff>"}}},
		{Name: "http://schemas.microsoft.com/identity/claims/tenantid", Values: []saml.Value{{Text: "6a1b2c3d-0000-4000-8000-9e8f7a6b5c4d"}}},
	}
}

func oneLoginSays(a *saml.Assertion) {
	a.SessionNotOnOrAfter = at("09:30:00").AddDate(0, 0, 1)
	a.Attributes = []saml.Attribute{
		{Name: "memberOf", NameFormat: basic, Values: []saml.Value{{Type: "xs:string"}}},
		{Name: "manager", NameFormat: basic, Values: []saml.Value{{Type: "xs:string", Nil: true}}},
	}
}

func shibbolethSays(a *saml.Assertion) {
	const uri = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"
	a.NameID = saml.NameID{Value: "AAdzZWNyZXQxMIJk", Format: saml.NameIDTransient, NameQualifier: testIDP, SPNameQualifier: testSP}
	a.Attributes = []saml.Attribute{
		{Name: "urn:oid:1.3.6.1.4.1.5923.1.1.1.10", FriendlyName: "eduPersonTargetedID", NameFormat: uri, Values: []saml.Value{{XML: "{XML}", NameID: targetedID()}}},
		{Name: "urn:oid:0.9.2342.19200300.100.1.3", FriendlyName: "mail", NameFormat: uri, Values: []saml.Value{{Type: "xsd:string", Text: "alice@example.com"}}},
	}
}

func targetedID() *saml.NameID {
	return &saml.NameID{Value: "NDVjYjY=", Format: saml.NameIDPersistent, NameQualifier: testIDP, SPNameQualifier: testSP}
}

func addLayouts(t testing.TB, add adder) {
	t.Helper()
	s := &signature{}
	add("ADFS", message{text: adfs, signA: &signature{prefix: "ds"}}, adfsSays)
	add("Entra ID", message{text: adfs, signA: &signature{prefix: "-"}, signR: &signature{prefix: "-"}}, adfsSays)
	add("Okta", message{text: okta, signR: s, signA: &signature{list: "xs"}}, func(a *saml.Assertion) {
		a.Attributes = []saml.Attribute{{Name: "displayName", NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified", Values: []saml.Value{{Type: "xs:string", Text: "Alice"}}}}
	})
	add("OneLogin", message{text: oneLogin, signR: s}, oneLoginSays)
	add("OneLogin, assertion", message{text: oneLogin, signA: s}, oneLoginSays)
	add("Keycloak", message{text: keycloak, signR: &signature{prefix: "dsig", info: "<ds:KeyName>k1</ds:KeyName><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>"}}, func(a *saml.Assertion) {
		a.SessionNotOnOrAfter = at("19:30:00.102")
		a.Attributes = []saml.Attribute{{Name: "Role", NameFormat: basic, Values: []saml.Value{{Type: "xs:string", Text: "view-profile"}}}}
	})
	add("Shibboleth", message{text: shibboleth, signR: s, signA: &signature{list: "xsd"}}, shibbolethSays)
	add("indented", message{text: indent(plain, "\n"), signR: s, signA: s})
	add("indented with CRLF", message{text: indent(plain, "\r\n"), signR: s, signA: s})
	add("byte order mark and declaration", message{text: "\ufeff<?xml version='1.0' encoding='utf-8'?>\n" + plain + "\n", signA: s})
}

// sealable is the plain layout with an assertion that declares its prefixes itself. Within a signed response it must: the
// form in which that is signed has no others.
func sealable() string {
	return strings.Replace(plain, "<saml:Assertion ", `<saml:Assertion xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" `, 1)
}

func addEncrypted(t testing.TB, add adder) {
	t.Helper()
	s, sealable := &signature{}, sealable()
	kinds := map[string]*encryption{
		"AES-128-GCM":              {},
		"AES-192-GCM":              {block: aes192GCM},
		"AES-256-GCM":              {block: aes256GCM, digest: sha1URI},
		"OAEP with SHA-256":        {transport: oaep11, digest: sha256URI, mgf: mgfSHA256},
		"OAEP with a mix":          {transport: oaepMGF1P, digest: sha256URI},
		"key beside":               {sibling: true},
		"plaintext with line ends": {plaintext: func(s string) string { return "\r\n" + s + "\n" }},
	}
	// A fuzzer's workers must count them alike.
	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		add(name, message{text: plain, signA: s, encE: kinds[name]})
	}
	add("encrypted, response signed", message{text: sealable, signR: s, encE: &encryption{}})
	add("encrypted, both signed", message{text: indent(sealable, "\n"), signR: s, signA: s, encE: &encryption{}})
	add("ADFS encrypted", message{text: adfs, signA: &signature{prefix: "-"}, encE: &encryption{block: aes256GCM}}, adfsSays)
	add("Shibboleth encrypted", message{text: shibboleth, signR: s, signA: s, encE: &encryption{sibling: true}}, shibbolethSays)
	add("encrypted name", message{text: plain, signA: s, encN: &encryption{}})
	add("encrypted name in an encrypted assertion", message{text: sealable, signR: s, signA: s, encN: &encryption{}, encE: &encryption{}})
	add("WantEncrypted", message{text: plain, signA: s, encE: &encryption{}, config: func(c *saml.Config) { c.WantEncrypted = true }})
}

func addContents(t testing.TB, add adder) {
	t.Helper()
	s := &signature{}
	in := func(before ...edit) message { return message{text: plain, signA: s, signR: s, before: before} }
	add("several audiences", in(edit{"<saml:Audience>", "<saml:Audience>https://third.example/</saml:Audience><saml:Audience>"}))
	add("several restrictions", in(edit{plainAudience, plainAudience + plainAudience}))
	add("other conditions", in(edit{plainAudience, plainAudience + `<saml:OneTimeUse/><saml:ProxyRestriction Count="0"/>`}))
	add("several confirmations", in(edit{plainConfirmed, `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"/>` + plainConfirmed}))
	add("name in the confirmation", in(edit{plainData, `<saml:NameID>proxy</saml:NameID>` + plainData}))
	add("advice", in(edit{"</saml:Conditions>", `</saml:Conditions><saml:Advice><saml:AssertionIDRef>_x</saml:AssertionIDRef></saml:Advice>`}))
	add("extensions", in(edit{"<samlp:Status>", `<samlp:Extensions><x:y xmlns:x="urn:x">z</x:y></samlp:Extensions><samlp:Status>`}))
	add("status detail and message", in(edit{`Success"/>`, `Success"/><samlp:StatusMessage>Welcome</samlp:StatusMessage><samlp:StatusDetail><x:y xmlns:x="urn:x"/></samlp:StatusDetail>`}))
	add("no attributes", in(edit{`<saml:Attribute Name="none"/>`, ``}), func(a *saml.Assertion) { a.Attributes = a.Attributes[:1] })
	add("CDATA and references", in(edit{"staff", "<![CDATA[a&b]]>"}, edit{"研发", "&#x7814;&#21457; &quot;&amp;&lt;&gt;"}), func(a *saml.Assertion) {
		a.Attributes[0].Values[0].Text, a.Attributes[0].Values[1].Text = "a&b", `研发 "&<>`
	})
	add("white space in values", in(edit{"staff", " a\n\tb "}, edit{"alice@", " alice@"}), func(a *saml.Assertion) {
		a.Attributes[0].Values[0].Text, a.NameID.Value = " a\n\tb ", " alice@example.com"
	})
	add("an attribute of another namespace", in(edit{`<saml:Attribute Name="none"/>`, `<saml:Attribute Name="none" xmlns:x="urn:x" x:Name="other" ID="_x"/>`}))
	add("persistent name", in(edit{plainName, `<saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" NameQualifier="https://idp.example/metadata" SPNameQualifier="https://sp.example/metadata" SPProvidedID="7">NDVj</saml:NameID>`}),
		func(a *saml.Assertion) {
			a.NameID = saml.NameID{Value: "NDVj", Format: saml.NameIDPersistent, NameQualifier: testIDP, SPNameQualifier: testSP, SPProvidedID: "7"}
		})
	add("no destination, response unsigned", message{text: plain, signA: s, before: []edit{{` Destination="https://sp.example/acs"`, ""}}})
}

func addAllowed(t testing.TB, add adder) {
	t.Helper()
	s := &signature{}
	with := func(m message, f func(*saml.Config)) message {
		m.config = f
		return m
	}
	sealable := sealable()
	add("Authing's sample", authingSample(t), func(a *saml.Assertion) { *a = *authingUser() })
	add("SHA-1", with(message{text: plain, signA: &signature{method: rsaSHA1, digest: sha1URI}}, func(c *saml.Config) { c.AllowSHA1 = true }))
	add("small RSA", with(message{text: plain, signA: &signature{key: "small"}}, func(c *saml.Config) {
		c.AllowSmallRSA = true
		c.IDP = idps{testIDP: idpWith(testIDP, key(t, "small").Public())}
	}))
	inclusive := func(c *saml.Config) { c.AllowInclusiveC14N = true }
	add("C14N 1.0", with(message{text: plain, signA: &signature{c14n: incC14N10}}, inclusive))
	add("C14N 1.0, both", with(message{text: indent(plain, "\n"), signA: &signature{c14n: incC14N10}, signR: &signature{c14n: incC14N10}}, inclusive))
	add("C14N 1.1", with(message{text: plain, signR: &signature{c14n: incC14N11}}, inclusive))
	add("empty reference", with(message{text: plain, signR: &signature{uri: "-"}}, func(c *saml.Config) { c.AllowEmptyReference = true }))
	add("C14N 1.0 with comments", with(message{text: plain, signA: &signature{c14n: incC14N10 + "#WithComments"}}, inclusive))
	add("C14N 1.1 with comments", with(message{text: plain, signR: &signature{c14n: incC14N11 + "#WithComments"}}, inclusive))
	last := func(c *saml.Config) { c.AllowLastSignature = true }
	add("signature of the assertion last", with(message{text: atEnd(plain, "{A}", "</saml:Assertion>"), signA: s}, last))
	add("signature of the response last", with(message{text: atEnd(plain, "{R}", "</samlp:Response>"), signR: s}, last))
	add("both signatures last", with(message{text: atEnd(atEnd(plain, "{A}", "</saml:Assertion>"), "{R}", "</samlp:Response>"), signA: s, signR: s}, last))
	add("signature of an encrypted assertion last", with(message{text: atEnd(sealable, "{A}", "</saml:Assertion>"), signA: s, encE: &encryption{}}, last))
	add("Triple DES", with(message{text: sealable, signR: s, encE: &encryption{block: desCBC}}, func(c *saml.Config) { c.AllowTripleDES = true }))
	add("ECDH-ES", message{text: plain, signA: s, encE: &encryption{agreement: "wrapping"}, config: exchanges(t)})
	add("ECDH-ES, response signed", message{text: sealable, signR: s, encE: &encryption{agreement: "wrapping", block: aes256GCM}, config: exchanges(t)})
	add("ECDH-ES without key wrap", message{text: plain, signA: s, encE: &encryption{agreement: "direct"}, config: exchanges(t)})
	add("CBC", with(message{text: sealable, signR: s, encE: &encryption{block: aes256CBC}}, func(c *saml.Config) { c.AllowCBC = true }))
	add("RSA 1.5", with(message{text: plain, signA: s, encE: &encryption{transport: rsa15}}, func(c *saml.Config) { c.AllowRSA15 = true }))
	add("comments", with(message{text: strings.Replace(plain, "<saml:Conditions", "<!-- conditions --><saml:Conditions", 1), signR: s, signA: s}, func(c *saml.Config) { c.AllowComments = true }))
	add("no name", with(message{text: strings.Replace(plain, plainName, "", 1), signA: s}, func(c *saml.Config) { c.AllowMissingNameID = true }), func(a *saml.Assertion) { a.NameID = saml.NameID{} })
	add("unsolicited", message{text: strings.ReplaceAll(plain, ` InResponseTo="_request"`, ""), signA: s, unasked: true, config: func(c *saml.Config) { c.AllowUnsolicited = true }},
		func(a *saml.Assertion) { a.InResponseTo = "" })
	add("deflated", message{text: plain, signA: s, config: func(c *saml.Config) { c.AllowDeflatedPOST = true }, encode: deflated})
}

// atEnd moves the mark of a signature to the end of the element.
func atEnd(text, mark, end string) string {
	return strings.Replace(strings.Replace(text, mark, "", 1), end, mark+end, 1)
}

// shortP521 signs until r and s both begin with a zero, which withoutZeros then leaves out as Santuario 2.1 does.
func shortP521(t testing.TB) func(octets []byte) []byte {
	t.Helper()
	return func(octets []byte) []byte {
		for {
			value := (signature{key: "p521", method: more + "ecdsa-sha512"}).sign(t, octets)
			if value[0]|value[66] == 0 {
				return value
			}
		}
	}
}

func withoutZeros(value []byte) []byte { return append(value[1:66:66], value[67:]...) }

// blanks has white space around every value whose type collapses it (XML Schema part 2 §4.3.6).
var blanks = strings.NewReplacer(
	`IssueInstant="`, `IssueInstant=" `, `Destination="https://sp.example/acs"`, `Destination="&#10; https://sp.example/acs  "`,
	`InResponseTo="_request"`, `InResponseTo="&#10;_request "`, `Value="urn`, `Value=" urn`, `Method="urn`, `Method=" urn`,
	`Recipient="https://sp.example/acs"`, `Recipient=" https://sp.example/acs&#9;"`, `NotOnOrAfter="`, `NotOnOrAfter=" `, `NotBefore="`, `NotBefore="&#13;`,
	`AuthnInstant="2026-11-20T09:29:58Z"`, `AuthnInstant="&#13;&#10;2026-11-20T09:29:58Z "`, `Format="urn`, `Format="&#x9; urn`, `xsi:type="`, `xsi:type=" `,
	"<saml:Audience>", "<saml:Audience>\n          ", "</saml:Audience>", "\n        </saml:Audience>",
	"<saml:AuthnContextClassRef>", "<saml:AuthnContextClassRef>\n", "</saml:AuthnContextClassRef>", " </saml:AuthnContextClassRef>",
	`ID="_`, `ID=" _`,
)

const (
	adviceAssertion = `<saml:Assertion ID="_mallory" Version="2.0" IssueInstant="2026-11-20T09:30:00Z"><saml:Issuer>https://idp.example/metadata</saml:Issuer>` +
		`<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo/></ds:Signature><saml:Subject><saml:NameID>mallory@example.com</saml:NameID></saml:Subject></saml:Assertion>`
	adviceAround = `<saml:Advice><saml:AssertionIDRef>_x</saml:AssertionIDRef>` + adviceAssertion + `<saml:EncryptedAssertion/><saml:Assertion/></saml:Advice>`
)

// advised has assertions in its Advice.
func advised(text string) string {
	return strings.Replace(text, "<saml:AuthnStatement ", adviceAround+"<saml:AuthnStatement ", 1)
}

// addField adds what servers in the field send beyond the letter of the specification, or within a letter that few read.
func addField(t testing.TB, add adder) {
	t.Helper()
	s := &signature{}
	zoned := func(zone string) string {
		return regexp.MustCompile(`(T\d\d:\d\d:\d\d)Z"`).ReplaceAllString(plain, "$1"+zone+`"`)
	}
	add("blanks, assertion signed", message{text: blanks.Replace(plain), signA: s})
	add("blanks, both signed", message{text: blanks.Replace(plain), signA: s, signR: s})
	add("blanks, encrypted", message{text: blanks.Replace(sealable()), signR: s, encE: &encryption{}})
	add("times without zone", message{text: zoned(""), signA: s})
	add("times with the offset zero", message{text: zoned(".000+00:00"), signR: s})
	add("times with an offset", message{text: strings.ReplaceAll(zoned("+08:00"), "T09:", "T17:"), signA: s, config: func(c *saml.Config) { c.AllowTimeOffsets = true }})
	add("an assertion in Advice", message{text: advised(plain), signA: s})
	add("an assertion in Advice, response signed", message{text: advised(plain), signR: s})
	add("an assertion in Advice, both signed", message{text: advised(plain), signA: s, signR: s})
	add("an assertion in Advice, encrypted", message{text: advised(sealable()), signR: s, signA: s, encE: &encryption{}})
	digits := strings.NewReplacer(`ID="_response"`, `ID="7f0d-response"`, `ID="_assertion"`, `ID="9c:assertion"`).Replace(plain)
	anyIDs := func(c *saml.Config) { c.AllowAnyIDs = true }
	says := func(a *saml.Assertion) { a.ID = "9c:assertion" }
	add("IDs that are no names", message{text: digits, signA: s, signR: s, config: anyIDs}, says)
	add("IDs that are no names, encrypted", message{text: digits, signA: s, encE: &encryption{}, config: anyIDs}, says)
	add("U+FEFF in a value", message{text: strings.Replace(plain, "staff", "\ufeffstaff", 1), signA: s, signR: s}, func(a *saml.Assertion) { a.Attributes[0].Values[0].Text = "\ufeffstaff" })
}

func deflated(xml []byte) []byte {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.BestCompression)
	_, _ = w.Write(xml)
	_ = w.Close()
	return out.Bytes()
}

// same compares what was read with what the message says.
func same(t testing.TB, want, got *saml.Assertion, about string) {
	t.Helper()
	require.NotNil(t, got, about)
	assert.Equal(t, stripped(want), stripped(got), about)
}

// stripped is a without its octets; values that are XML keep only that they are.
func stripped(a *saml.Assertion) saml.Assertion {
	b := *a
	b.XML, b.RelayState = "", ""
	b.Attributes = nil
	for _, attr := range a.Attributes {
		values := attr.Values
		attr.Values = nil
		for _, v := range values {
			if v.XML != "" {
				v.XML = "{XML}"
			}
			attr.Values = append(attr.Values, v)
		}
		b.Attributes = append(b.Attributes, attr)
	}
	return b
}

func TestShapes(t *testing.T) {
	t.Parallel()
	all := shapes(t)
	require.Equal(t, 95, len(all), "a table that shrinks is seen")
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			got, err := s.complete(t)
			require.NoError(t, err)
			same(t, s.want, got, s.name)
		})
	}
}
