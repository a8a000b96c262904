package saml_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func TestSAML10NoSignature(t *testing.T) {
	unsigned := func(m *message) { m.signA, m.signR = nil, nil }
	refusals(t, signedBoth, map[string]refusal{
		"none":                      {unsigned, saml.CheckSignature, func(m *message) { m.signA = nil }},
		"encrypted and not signed":  {all(unsigned, func(m *message) { m.encE = &encryption{} }), saml.CheckEncryption, all(func(m *message) { m.encE, m.signR = &encryption{}, nil })},
		"response not signed":       {all(func(m *message) { m.signR = nil }, with(func(c *saml.Config) { c.WantResponseSigned = true })), saml.CheckSignature, with(func(c *saml.Config) { c.WantResponseSigned = true })},
		"assertion not signed":      {all(func(m *message) { m.signA = nil }, with(func(c *saml.Config) { c.WantAssertionsSigned = true })), saml.CheckSignature, with(func(c *saml.Config) { c.WantAssertionsSigned = true })},
		"only the inner, encrypted": {all(func(m *message) { m.encE, m.signA, m.text = &encryption{}, nil, sealable() }, with(func(c *saml.Config) { c.WantAssertionsSigned = true })), saml.CheckSignature, all(func(m *message) { m.encE, m.text = &encryption{}, sealable() }, with(func(c *saml.Config) { c.WantAssertionsSigned = true }))},
	})
}

// Without the signature of the response that of the assertion is left, which is enough unless both are wanted.
func TestSAML10RemovedSignatureCounts(t *testing.T) {
	t.Parallel()
	m := signedBoth()
	m.finish = func(s string) string {
		from, to := strings.Index(s, "<ds:Signature"), strings.Index(s, "</ds:Signature>")
		return s[:from] + s[to+len("</ds:Signature>"):]
	}
	got, err := m.complete(t)
	require.NoError(t, err, "the assertion's own signature is enough")
	same(t, alice(), got, "")
	m.config = func(c *saml.Config) { c.WantResponseSigned = true }
	_, err = m.complete(t)
	require.ErrorIs(t, err, saml.CheckSignature)
}

const someSignature = `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>`

func TestSAML11SignatureElsewhere(t *testing.T) {
	table := map[string]refusal{}
	for name, hold := range map[string]struct{ old, open, shut string }{
		"Extensions":              {"<samlp:Status>", "<samlp:Extensions>", "</samlp:Extensions><samlp:Status>"},
		"metadata in Extensions":  {"<samlp:Status>", `<samlp:Extensions><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_md" entityID="x">`, "</md:EntityDescriptor></samlp:Extensions><samlp:Status>"},
		"StatusDetail":            {`Success"/>`, `Success"/><samlp:StatusDetail>`, "</samlp:StatusDetail>"},
		"Object":                  {"<samlp:Status>", `<samlp:Extensions><ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">`, "</ds:Object></samlp:Extensions><samlp:Status>"},
		"Advice":                  {"<saml:AuthnStatement", "<saml:Advice>", "</saml:Advice><saml:AuthnStatement"},
		"SubjectConfirmationData": {`InResponseTo="_request"/></saml:SubjectConfirmation>`, `InResponseTo="_request">`, "</saml:SubjectConfirmationData></saml:SubjectConfirmation>"},
		"AttributeValue":          {`<saml:Attribute Name="none"/>`, `<saml:Attribute Name="none"><saml:AttributeValue>`, "</saml:AttributeValue></saml:Attribute>"},
		"Subject":                 {"</saml:Subject>", "", "</saml:Subject>"},
		"behind all":              {"</saml:Assertion>", "", "</saml:Assertion>"},
	} {
		twin := says(hold.old, hold.open+`<x:y xmlns:x="urn:x"/>`+hold.shut)
		if hold.open == `<samlp:Extensions><ds:Object xmlns:ds="http://www.w3.org/2000/09/xmldsig#">` {
			twin = says(hold.old, `<samlp:Extensions><x:Object xmlns:x="urn:x"></x:Object></samlp:Extensions><samlp:Status>`)
		}
		table[name] = refusal{says(hold.old, hold.open+someSignature+hold.shut), saml.CheckSignature, twin}
		// Where the assertion has none of its own, a stray one must not pass for it.
		table[name+", and nothing else is signed"] = refusal{all(func(m *message) { m.signR, m.signA = nil, nil }, says(hold.old, hold.open+someSignature+hold.shut)), saml.CheckSignature, nil}
	}
	refusals(t, signedBoth, table)
}

// The named permutations of "On Breaking SAML" are made of every valid message by TestMutants; that they would fool a
// reader that trusts the first assertion it finds is TestMutantsFoolTheNaive.
func TestSAML12Wrapping(t *testing.T) {
	t.Parallel()
	for _, first := range []func() message{signedAssertion, signedResponse, signedBoth} {
		m := first()
		s := shape{name: "plain", message: m, want: alice()}
		j := newJudge(t, s)
		doc := m.xml(t)
		w := &mutants{t: t, doc: doc, stride: 101, named: 1, evil: mallory, yield: j.present}
		j.present("none", doc)
		require.Equal(t, 1, j.agreed["none"])
		w.wraps()
		assert.Empty(t, j.fooled)
		for i := 1; i <= 9 && !raceDetector; i++ {
			assert.NotZero(t, j.presented[fmt.Sprintf("xsw%d", i)])
		}
	}
}

func TestSAML13DuplicateIDs(t *testing.T) {
	extension := func(attribute string) change {
		return tampered("<samlp:Status>", `<samlp:Extensions><x:y xmlns:x="urn:x" `+attribute+`/></samlp:Extensions><samlp:Status>`)
	}
	refusals(t, signedAssertion, map[string]refusal{
		"ID":                        {extension(`ID="_assertion"`), saml.CheckXML, extension(`ID="_assertion2"`)},
		"Id":                        {extension(`Id="_assertion"`), saml.CheckXML, extension(`Id="_assertion2"`)},
		"id":                        {extension(`id="_assertion"`), saml.CheckXML, extension(`id="_assertion2"`)},
		"xml:id":                    {extension(`xml:id="_assertion"`), saml.CheckXML, extension(`xml:id="_assertion2"`)},
		"the response's":            {extension(`ID="_response"`), saml.CheckXML, extension(`ID="_responses"`)},
		"response and assertion":    {tampered(`ID="_response"`, `ID="_assertion"`), saml.CheckXML, tampered(`ID="_response"`, `ID="_another"`)},
		"in another case of letter": {tampered(`<saml:Attribute Name="none"/>`, `<saml:Attribute Name="none" id="_response"/>`), saml.CheckXML, says(`<saml:Attribute Name="none"/>`, `<saml:Attribute Name="none" id="_none"/>`)},
	})
}

func TestSAML14ReferenceToAnotherElement(t *testing.T) {
	to := func(uri string) change { return by(signature{uri: uri}) }
	refusals(t, signedAssertion, map[string]refusal{
		"the response":    {to("#_response"), saml.CheckSignature, to("#_assertion")},
		"nobody":          {to("#_nobody"), saml.CheckSignature, nil},
		"case of letters": {to("#_ASSERTION"), saml.CheckSignature, nil},
		"no ID":           {all(says(` ID="_assertion"`, ""), to("#_assertion")), saml.CheckSignature, nil},
		"an attribute that is no ID": {all(says(`<saml:Assertion ID="_assertion"`, `<saml:Assertion AssertionID="_x" ID="_assertion"`), to("#_x")), saml.CheckSignature,
			says(`<saml:Assertion ID="_assertion"`, `<saml:Assertion AssertionID="_x" ID="_assertion"`)},
		"Id instead of ID": {all(says(` ID="_assertion"`, ` Id="_assertion"`), to("#_assertion")), saml.CheckSignature, nil},
	})
}

const oneReference = `<ds:Reference URI="#_assertion"><ds:Transforms><ds:Transform Algorithm="` + enveloped + `"></ds:Transform><ds:Transform Algorithm="` + excC14N + `"></ds:Transform></ds:Transforms>` +
	`<ds:DigestMethod Algorithm="` + sha256URI + `"></ds:DigestMethod><ds:DigestValue>{DIGESTVALUE}</ds:DigestValue></ds:Reference>`

func TestSAML15References(t *testing.T) {
	uri := func(s string) change { return shaped(`URI="#_assertion"`, s) }
	refusals(t, signedAssertion, map[string]refusal{
		"two":              {shaped(oneReference, oneReference+oneReference), saml.CheckSignature, shaped(oneReference, " "+oneReference+" ")},
		"two, other first": {shaped(oneReference, strings.Replace(oneReference, "#_assertion", "#_response", 1)+oneReference), saml.CheckSignature, nil},
		"two, other last":  {shaped(oneReference, oneReference+strings.Replace(oneReference, "#_assertion", "#_response", 1)), saml.CheckSignature, nil},
		"none":             {shaped(oneReference, ""), saml.CheckSignature, nil},
		"external":         {uri(`URI="https://evil.example/x.xml"`), saml.CheckSignature, nil},
		"file":             {uri(`URI="file:///etc/passwd"`), saml.CheckSignature, nil},
		"bare #":           {uri(`URI="#"`), saml.CheckSignature, nil},
		"name without #":   {uri(`URI="_assertion"`), saml.CheckSignature, nil},
		"two #":            {uri(`URI="##_assertion"`), saml.CheckSignature, nil},
		"xpointer id":      {uri(`URI="#xpointer(id('_assertion'))"`), saml.CheckSignature, nil},
		"xpointer root":    {uri(`URI="#xpointer(/)"`), saml.CheckSignature, nil},
		"no URI":           {uri(``), saml.CheckSignature, nil},
		"empty":            {uri(`URI=""`), saml.CheckSignature, nil},
		"percent escape":   {uri(`URI="#%5Fassertion"`), saml.CheckSignature, uri(`URI="#&#95;assertion"`)},
		"white space":      {uri(`URI="#_assertion "`), saml.CheckSignature, uri(`Id="_reference" URI="#_assertion"`)},
		"a Type":           {uri(`URI="#_assertion" Type="http://www.w3.org/2000/09/xmldsig#Manifest"`), saml.CheckSignature, nil},
	})
}

// An empty reference covers the whole document: it can only be taken when that is what is signed.
func TestSAML15EmptyReference(t *testing.T) {
	allowed := with(func(c *saml.Config) { c.AllowEmptyReference = true })
	refusals(t, signedResponse, map[string]refusal{
		"not allowed":      {by(signature{uri: "-"}), saml.CheckSignature, all(by(signature{uri: "-"}), allowed)},
		"of the assertion": {all(func(m *message) { m.signA, m.signR = &signature{uri: "-"}, nil }, allowed), saml.CheckSignature, all(func(m *message) { m.signA, m.signR = &signature{}, nil }, allowed)},
	})
	m := signedResponse()
	m.signR = &signature{uri: "-"}
	_, err := m.complete(t)
	require.ErrorContains(t, err, "AllowEmptyReference")
}

func TestSAML16SignedInfo(t *testing.T) {
	info := func(s string) (begin, inside, end string) {
		from, to := strings.Index(s, "<ds:SignedInfo>"), strings.Index(s, "</ds:SignedInfo>")+len("</ds:SignedInfo>")
		return s[:from], s[from:to], s[to:]
	}
	evil := func(s string) string { return strings.Replace(s, "<ds:DigestValue>", "<ds:DigestValue>AAAA", 1) }
	refusals(t, signedAssertion, map[string]refusal{
		"two":             {replaced(func(s string) string { a, b, c := info(s); return a + b + b + c }), saml.CheckSignature, nil},
		"another first":   {replaced(func(s string) string { a, b, c := info(s); return a + evil(b) + b + c }), saml.CheckSignature, nil},
		"another last":    {replaced(func(s string) string { a, b, c := info(s); return a + b + evil(b) + c }), saml.CheckSignature, nil},
		"in a wrapper":    {replaced(func(s string) string { a, b, c := info(s); return a + "<ds:x>" + b + "</ds:x>" + c }), saml.CheckSignature, nil},
		"in a SignedInfo": {replaced(func(s string) string { a, b, c := info(s); return a + "<ds:SignedInfo>" + b + "</ds:SignedInfo>" + c }), saml.CheckSignature, nil},
		"in KeyInfo": {replaced(func(s string) string {
			a, b, c := info(s)
			return strings.Replace(a+evil(b)+c, "</ds:Signature>", "<ds:KeyInfo>"+b+"</ds:KeyInfo></ds:Signature>", 1)
		}), saml.CheckSignature, nil},
		"behind the value": {replaced(func(s string) string {
			a, b, c := info(s)
			return a + strings.Replace(c, "</ds:Signature>", b+"</ds:Signature>", 1)
		}), saml.CheckSignature, nil},
		"of no namespace": {replaced(func(s string) string {
			return strings.NewReplacer("<ds:SignedInfo>", "<SignedInfo>", "</ds:SignedInfo>", "</SignedInfo>").Replace(s)
		}), saml.CheckSignature, nil},
		"none":         {replaced(func(s string) string { a, _, c := info(s); return a + c }), saml.CheckSignature, nil},
		"an attribute": {shaped("<ds:SignedInfo>", `<ds:SignedInfo x="y">`), saml.CheckSignature, shaped("<ds:SignedInfo>", `<ds:SignedInfo Id="_info">`)},
		"text":         {shaped("<ds:SignedInfo>", "<ds:SignedInfo>x"), saml.CheckSignature, shaped("<ds:SignedInfo>", "<ds:SignedInfo>\n")},
		"two methods":  {shaped(`<ds:SignatureMethod Algorithm="`+rsaSHA256+`"></ds:SignatureMethod>`, strings.Repeat(`<ds:SignatureMethod Algorithm="`+rsaSHA256+`"></ds:SignatureMethod>`, 2)), saml.CheckSignature, nil},
		"order": {replaced(func(s string) string {
			a, b, c := info(s)
			value := c[:strings.Index(c, "</ds:SignatureValue>")+len("</ds:SignatureValue>")]
			return a + value + b + c[len(value):]
		}), saml.CheckSignature, nil},
	})
}

func signatureOf(s string) string {
	return s[strings.Index(s, "<ds:Signature ") : strings.Index(s, "</ds:Signature>")+len("</ds:Signature>")]
}

func TestSAML17SeveralSignatures(t *testing.T) {
	times := func(n int) change {
		return replaced(func(s string) string { return strings.Replace(s, signatureOf(s), strings.Repeat(signatureOf(s), n), 1) })
	}
	refusals(t, signedAssertion, map[string]refusal{
		"two of the assertion":   {times(2), saml.CheckSignature, times(1)},
		"three of the assertion": {times(3), saml.CheckSignature, nil},
		"another's first":        {replaced(func(s string) string { return strings.Replace(s, signatureOf(s), someSignature+signatureOf(s), 1) }), saml.CheckSignature, nil},
		"another's last":         {replaced(func(s string) string { return strings.Replace(s, signatureOf(s), signatureOf(s)+someSignature, 1) }), saml.CheckSignature, nil},
		"copied to the response": {replaced(func(s string) string { return strings.Replace(s, "<samlp:Status>", signatureOf(s)+"<samlp:Status>", 1) }), saml.CheckSignature, nil},
	})
}

func TestSAML17SeveralSignaturesOfTheResponse(t *testing.T) {
	refusals(t, signedResponse, map[string]refusal{
		"two": {replaced(func(s string) string { return strings.Replace(s, signatureOf(s), signatureOf(s)+signatureOf(s), 1) }), saml.CheckSignature, nil},
		"three": {replaced(func(s string) string {
			return strings.Replace(s, "</samlp:Response>", signatureOf(s)+signatureOf(s)+"</samlp:Response>", 1)
		}), saml.CheckSignature, nil},
		"in the assertion too": {replaced(func(s string) string { return strings.Replace(s, "<saml:Subject>", signatureOf(s)+"<saml:Subject>", 1) }), saml.CheckSignature, nil},
	})
}

func TestSAML18Objects(t *testing.T) {
	inside := func(s string) change {
		return replaced(func(doc string) string { return strings.Replace(doc, "</ds:Signature>", s+"</ds:Signature>", 1) })
	}
	refusals(t, signedAssertion, map[string]refusal{
		"empty Object":      {inside("<ds:Object/>"), saml.CheckSignature, inside("<ds:KeyInfo/>")},
		"Object":            {inside("<ds:Object><x/></ds:Object>"), saml.CheckSignature, inside("<ds:KeyInfo><x/></ds:KeyInfo>")},
		"Manifest":          {inside("<ds:Object><ds:Manifest>" + oneReferenceOf("_assertion") + "</ds:Manifest></ds:Object>"), saml.CheckSignature, nil},
		"bare Manifest":     {inside("<ds:Manifest/>"), saml.CheckSignature, nil},
		"two KeyInfo":       {inside("<ds:KeyInfo/><ds:KeyInfo/>"), saml.CheckSignature, inside("<ds:KeyInfo/>")},
		"Object in KeyInfo": {inside("<ds:KeyInfo><ds:Object/></ds:KeyInfo>"), saml.CheckSignature, inside("<ds:KeyInfo><ds:KeyName/></ds:KeyInfo>")},
		"properties":        {inside("<ds:Object><ds:SignatureProperties/></ds:Object>"), saml.CheckSignature, nil},
		"unknown":           {inside(`<x:y xmlns:x="urn:x"/>`), saml.CheckSignature, nil},
		"text":              {inside("x"), saml.CheckSignature, inside("\n")},
	})
}

func oneReferenceOf(id string) string {
	return strings.NewReplacer("#_assertion", "#"+id, "{DIGESTVALUE}", base64.StdEncoding.EncodeToString(make([]byte, 32))).Replace(oneReference)
}

// AllowLastSignature accepts a signature that is last: the octets that it covers are the same.
func TestSAML19Place(t *testing.T) {
	allowed := with(func(c *saml.Config) { c.AllowLastSignature = true })
	moved := func(before string) change {
		return func(m *message) {
			m.text = strings.Replace(strings.Replace(m.text, "{A}", "", 1), before, "{A}"+before, 1)
		}
	}
	refusals(t, signedAssertion, map[string]refusal{
		"behind the subject": {moved("<saml:Conditions "), saml.CheckSignature, moved("<saml:Subject>")},
		"last":               {moved("</saml:Assertion>"), saml.CheckSignature, all(moved("</saml:Assertion>"), allowed)},
		"nearly last":        {all(moved("<saml:AttributeStatement>"), allowed), saml.CheckSignature, all(moved("</saml:Assertion>"), allowed)},
		"last, changed":      {all(moved("</saml:Assertion>"), allowed, tampered("alice@", "mallory@")), saml.CheckSignature, all(moved("</saml:Assertion>"), allowed)},
		"last, of another element": {all(allowed, replaced(func(s string) string {
			return strings.Replace(strings.Replace(s, signatureOf(s), "", 1), "</samlp:Response>", signatureOf(s)+"</samlp:Response>", 1)
		})), saml.CheckSignature, nil},
		"first and last": {all(moved("</saml:Assertion>"), allowed, replaced(func(s string) string {
			return strings.Replace(s, "<saml:Subject>", signatureOf(s)+"<saml:Subject>", 1)
		})), saml.CheckSignature, all(moved("</saml:Assertion>"), allowed)},
		"before the issuer": {func(m *message) {
			m.text = strings.Replace(strings.Replace(m.text, "{A}", "", 1), "\">"+"<saml:Issuer>", "\">{A}<saml:Issuer>", 2)
			m.text = strings.Replace(m.text, "{A}", "", 1)
		}, saml.CheckSignature, nil},
		"in the subject": {moved("{N}<saml:NameID"), saml.CheckSignature, nil},
		"beside the assertion": {replaced(func(s string) string {
			return strings.Replace(strings.Replace(s, signatureOf(s), "", 1), "<saml:Assertion ", signatureOf(s)+"<saml:Assertion ", 1)
		}), saml.CheckSignature, nil},
		"as root's last": {replaced(func(s string) string {
			return strings.Replace(strings.Replace(s, signatureOf(s), "", 1), "</samlp:Response>", signatureOf(s)+"</samlp:Response>", 1)
		}), saml.CheckSignature, nil},
	})
}

func TestSAML20Quotes(t *testing.T) {
	id := func(s string) change {
		return all(says(` ID="_assertion"`, ` ID="`+s+`"`), by(signature{uri: "#" + s}))
	}
	refusals(t, signedAssertion, map[string]refusal{
		"apostrophe":   {id("_a'b"), saml.CheckXML, id("_a-b")},
		"quotation":    {id("_a&quot;b"), saml.CheckXML, id("_a.b")},
		"XPath":        {id("' or '1'='1"), saml.CheckXML, id("_or_1")},
		"brackets":     {id("_a]|//*[1"), saml.CheckXML, nil},
		"white space":  {id("_a b"), saml.CheckXML, nil},
		"colon":        {id("a:b"), saml.CheckXML, nil},
		"digit first":  {id("1a"), saml.CheckXML, id("a1")},
		"escaped name": {id("&#95;a"), saml.CheckXML, id("_é")},
	})
}

// AllowAnyIDs takes what begins with a digit or has marks. What XPath or a quotation could be broken with stays out, and so
// do two IDs that are one.
func TestSAML20AnyIDs(t *testing.T) {
	id := func(s string) change {
		return all(says(` ID="_assertion"`, ` ID="`+s+`"`), by(signature{uri: "#" + s}))
	}
	anyIDs := func() message {
		m := signedAssertion()
		with(func(c *saml.Config) { c.AllowAnyIDs = true })(&m)
		return m
	}
	refusals(t, anyIDs, map[string]refusal{
		"apostrophe":           {id("1a'b"), saml.CheckVersion, id("1a-b")},
		"quotation":            {id("1a&quot;b"), saml.CheckVersion, id("urn:uuid:1a.b")},
		"XPath":                {id("' or '1'='1"), saml.CheckVersion, id("or=1=1")},
		"brackets":             {id("1a]|//*[1"), saml.CheckVersion, id("dGVzdA+/==")},
		"white space":          {id("1a b"), saml.CheckVersion, id("1a_b@c~d")},
		"empty":                {id(""), saml.CheckXML, id("0")},
		"a fragment":           {id("1#a"), saml.CheckVersion, id("１é")},
		"reference to another": {all(says(` ID="_assertion"`, ` ID="1a"`), by(signature{uri: "#1A"})), saml.CheckSignature, id("1a")},
		"reference decoded":    {all(says(` ID="_assertion"`, ` ID="1:a"`), by(signature{uri: "#1%3Aa"})), saml.CheckSignature, id("1:a")},
		"twice":                {all(id("1a"), says(`ID="_response"`, `ID="1a"`)), saml.CheckXML, all(id("1a"), says(`ID="_response"`, `ID="1b"`))},
		"twice, spelt twice":   {all(id("1a"), says(`ID="_response"`, `ID="&#49;a"`)), saml.CheckXML, all(id("1a"), says(`ID="_response"`, `ID="&#50;a"`))},
		"twice, with a blank":  {all(id("1a"), says(`ID="_response"`, `ID=" 1a"`)), saml.CheckXML, all(id("1a"), says(`ID="_response"`, `ID=" 1b"`))},
	})
}

// The two errors of an ID are two; the one that an option lifts names it.
func TestSAML13TheErrorsOfIDs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1a":         "saml: refused (xml): the message, and AllowAnyIDs is off: xml: ID is not a name at byte ",
		"_assertion": "saml: refused (xml): the message: xml: ID given twice at byte ",
	} {
		m := signedAssertion()
		tampered(`ID="_response"`, `ID="`+text+`"`)(&m)
		_, err := m.complete(t)
		require.ErrorIs(t, err, saml.CheckXML)
		assert.Regexp(t, "^"+regexp.QuoteMeta(want)+"[0-9]+$", err.Error())
	}
}

func TestSAML21Transforms(t *testing.T) {
	const env = `<ds:Transform Algorithm="` + enveloped + `"></ds:Transform>`
	const exc = `<ds:Transform Algorithm="` + excC14N + `"></ds:Transform>`
	one := func(algorithm, inside string) string {
		return `<ds:Transform Algorithm="` + algorithm + `">` + inside + `</ds:Transform>`
	}
	list := func(s ...string) change { return shaped(env+exc, strings.Join(s, "")) }
	xpath := one("http://www.w3.org/TR/1999/REC-xpath-19991116", "<ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath>")
	refusals(t, signedAssertion, map[string]refusal{
		"XPath":                      {list(env, xpath, exc), saml.CheckSignature, list(env, exc)},
		"XPath alone":                {list(xpath, exc), saml.CheckSignature, nil},
		"XPath filter 2":             {list(env, one("http://www.w3.org/2002/06/xmldsig-filter2", `<f:XPath xmlns:f="http://www.w3.org/2002/06/xmldsig-filter2" Filter="subtract">//*</f:XPath>`)), saml.CheckSignature, nil},
		"XSLT":                       {list(env, one("http://www.w3.org/TR/1999/REC-xslt-19991116", `<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>`)), saml.CheckSignature, nil},
		"base64":                     {list(env, one("http://www.w3.org/2000/09/xmldsig#base64", "")), saml.CheckSignature, nil},
		"decrypt":                    {list(env, one("http://www.w3.org/2002/07/decrypt#XML", ""), exc), saml.CheckSignature, nil},
		"unknown":                    {list(env, one("urn:x", "")), saml.CheckSignature, nil},
		"three":                      {list(env, exc, exc), saml.CheckSignature, nil},
		"enveloped twice":            {list(env, env, exc), saml.CheckSignature, nil},
		"C14N twice":                 {list(exc, exc), saml.CheckSignature, nil},
		"C14N first":                 {list(exc, env), saml.CheckSignature, nil},
		"no C14N":                    {list(env), saml.CheckSignature, nil},
		"none":                       {list(), saml.CheckSignature, nil},
		"enveloped with a parameter": {list(one(enveloped, "<ds:XPath/>"), exc), saml.CheckSignature, nil},
		"C14N with a parameter":      {list(env, one(excC14N, "<ds:XPath/>")), saml.CheckSignature, by(signature{list: "xs"})},
		"two prefix lists":           {list(env, one(excC14N, strings.Repeat(`<ec:InclusiveNamespaces xmlns:ec="`+excC14N+`" PrefixList="xs"></ec:InclusiveNamespaces>`, 2))), saml.CheckSignature, nil},
	})
}

func TestSAML21EnvelopedMissing(t *testing.T) {
	t.Parallel()
	// Without the transform the digest would be of the element with its signature, which no signer can make; the text
	// is refused before that is found out.
	m := signedAssertion()
	m.signA = &signature{edits: []edit{{`<ds:Transform Algorithm="` + enveloped + `"></ds:Transform>`, ""}}}
	_, err := m.complete(t)
	require.ErrorIs(t, err, saml.CheckSignature)
	require.ErrorContains(t, err, "transforms")
}

// A canonicalization with comments is the one without where there is none, and the gate refuses comments. Where it lets
// them through, a signature that claims to cover them is refused when there is one.
func TestSAML22Canonicalization(t *testing.T) {
	comment := all(with(func(c *saml.Config) { c.AllowComments = true }), tampered("<saml:Conditions ", "<!-- x --><saml:Conditions "))
	c14n := func(s string) change { return by(signature{c14n: s}) }
	inclusive := with(func(c *saml.Config) { c.AllowInclusiveC14N = true })
	emptyDigest := base64.StdEncoding.EncodeToString(hashOf(t, sha256URI, nil))
	refusals(t, signedAssertion, map[string]refusal{
		"exclusive with comments":   {all(c14n(excC14N+"WithComments"), comment), saml.CheckSignature, c14n(excC14N + "WithComments")},
		"1.0 with comments":         {all(c14n(incC14N10+"#WithComments"), inclusive, comment), saml.CheckSignature, all(c14n(incC14N10+"#WithComments"), inclusive)},
		"1.1 with comments":         {all(c14n(incC14N11+"#WithComments"), inclusive, comment), saml.CheckSignature, all(c14n(incC14N11+"#WithComments"), inclusive)},
		"1.0, comments not allowed": {c14n(incC14N10 + "#WithComments"), saml.CheckSignature, all(c14n(incC14N10+"#WithComments"), inclusive)},
		"1.1, comments not allowed": {c14n(incC14N11 + "#WithComments"), saml.CheckSignature, all(c14n(incC14N11+"#WithComments"), inclusive)},
		"a comment, not allowed":    {all(c14n(excC14N+"WithComments"), tampered("<saml:Conditions ", "<!-- x --><saml:Conditions ")), saml.CheckXML, all(c14n(excC14N), comment)},
		"1.0 not allowed":           {c14n(incC14N10), saml.CheckSignature, all(c14n(incC14N10), inclusive)},
		"1.1 not allowed":           {c14n(incC14N11), saml.CheckSignature, all(c14n(incC14N11), inclusive)},
		"unknown":                   {c14n("urn:x"), saml.CheckSignature, nil},
		"none":                      {c14n(" "), saml.CheckSignature, nil},
		"digest of nothing":         {shaped("{DIGESTVALUE}", emptyDigest), saml.CheckSignature, nil},
		"digest of another":         {shaped("{DIGESTVALUE}", base64.StdEncoding.EncodeToString(make([]byte, 32))), saml.CheckSignature, nil},
		"digest cut off":            {shaped("<ds:DigestValue>{DIGESTVALUE}", "<ds:DigestValue>"), saml.CheckSignature, nil},
	})
	m := signedAssertion()
	m.signA = &signature{c14n: incC14N10}
	_, err := m.complete(t)
	require.ErrorContains(t, err, "AllowInclusiveC14N")
}
