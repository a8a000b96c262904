package saml_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// What is verified is what is read: digests are taken from the octets that the key signed, and names from those that
// the digest covers.
func TestSAML23DigestsElsewhere(t *testing.T) {
	const zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	evil := func(place, holder, shut string) change {
		return all(tampered("alice@", "mallory@"), replaced(func(s string) string {
			return strings.Replace(s, place, holder+"<ds:DigestValue xmlns:ds='http://www.w3.org/2000/09/xmldsig#'>"+zeros+"</ds:DigestValue>"+shut+place, 1)
		}))
	}
	refusals(t, signedAssertion, map[string]refusal{
		"in StatusDetail (CVE-2024-45409)": {evil("</samlp:Status>", "<samlp:StatusDetail>", "</samlp:StatusDetail>"), saml.CheckSignature,
			tampered("</samlp:Status>", "<samlp:StatusDetail><x/></samlp:StatusDetail></samlp:Status>")},
		"before the signed one": {evil("<ds:DigestValue>", "", ""), saml.CheckSignature, nil},
		"behind the signed one": {evil("</ds:Reference>", "", ""), saml.CheckSignature, nil},
		"in the method":         {evil("</ds:DigestMethod>", "", ""), saml.CheckSignature, nil},
		"in KeyInfo": {evil("</ds:Signature>", "<ds:KeyInfo>", "</ds:KeyInfo>"), saml.CheckSignature, replaced(func(s string) string {
			return strings.Replace(s, "</ds:Signature>", "<ds:KeyInfo><x/></ds:KeyInfo></ds:Signature>", 1)
		})},
		"split by an instruction": {replaced(func(s string) string { return strings.Replace(s, "<ds:DigestValue>", "<ds:DigestValue>AAAA<?x?>", 1) }), saml.CheckXML, nil},
		"split by a comment": {all(with(func(c *saml.Config) { c.AllowComments = true }), replaced(func(s string) string {
			return strings.Replace(s, "<ds:DigestValue>", "<ds:DigestValue><!--"+zeros+"-->", 1)
		})), saml.CheckXML, with(func(c *saml.Config) { c.AllowComments = true })},
		"split by CDATA": {replaced(func(s string) string {
			return strings.Replace(s, "<ds:DigestValue>", "<ds:DigestValue><![CDATA["+zeros+"]]>", 1)
		}), saml.CheckXML, nil},
		"of no namespace": {replaced(func(s string) string {
			return strings.Replace(s, "<ds:DigestValue>", "<DigestValue>"+zeros+"</DigestValue><ds:DigestValue>", 1)
		}), saml.CheckSignature, nil},
		"of the text that was read": {tampered("alice@", "mallory@"), saml.CheckSignature, nil},
	})
}

// Octets that the signature does not cover are not read: comments, and declarations that nothing signed uses.
func TestSAML23OnlyCoveredOctetsAreRead(t *testing.T) {
	t.Parallel()
	m := signedAssertion()
	m.config = func(c *saml.Config) { c.AllowComments = true }
	says(`<saml:Attribute Name="none"/>`, `<saml:Attribute Name="none"><saml:AttributeValue><x:a xmlns:x="urn:x"><x:b/></x:a></saml:AttributeValue></saml:Attribute>`)(&m)
	tampered("<saml:Conditions ", "<!--mallory--><saml:Conditions ")(&m)
	tampered("<samlp:Response ", `<samlp:Response xmlns:evil="urn:mallory" `)(&m)
	tampered("<saml:Subject>", `<saml:Subject xmlns:evil2="urn:mallory">`)(&m)
	got, err := m.complete(t)
	require.NoError(t, err)
	assert.NotContains(t, got.XML, "mallory")
	for _, a := range got.Attributes {
		for _, v := range a.Values {
			assert.NotContains(t, v.XML, "mallory")
		}
	}
	assert.NotContains(t, got.XML, "Signature")
}

// Documents on which two parsers differ: what REXML and Nokogiri, libxml2 and Xerces, or a reader with and one without
// namespaces make two things of. There is one reader here, so that most are refused, and the rest are read as they are signed.
func TestSAML24TwoParsers(t *testing.T) {
	const status = "<samlp:Status>"
	before := func(s string) change { return tampered(status, "<samlp:Extensions>"+s+"</samlp:Extensions>"+status) }
	refusals(t, signedAssertion, map[string]refusal{
		"DOCTYPE with quotes (CVE-2025-25291)": {replaced(func(s string) string { return `<!DOCTYPE foo [<!ENTITY % x "<!--" > ]>` + s }), saml.CheckXML, nil},
		"DOCTYPE in a comment in a DOCTYPE":    {replaced(func(s string) string { return `<!DOCTYPE foo [<!-- ]> -->]>` + s }), saml.CheckXML, nil},
		"ATTLIST that gives an ID":             {replaced(func(s string) string { return `<!DOCTYPE r [<!ATTLIST saml:Assertion ID CDATA "_x">]>` + s }), saml.CheckXML, nil},
		"ATTLIST that gives a namespace":       {replaced(func(s string) string { return `<!DOCTYPE r [<!ATTLIST Signature xmlns CDATA "urn:x">]>` + s }), saml.CheckXML, nil},
		"xmlns as a prefix (CVE-2025-66567)":   {before(`<xmlns:x/>`), saml.CheckXML, before(`<xml:x/>`)},
		"xmlns bound":                          {before(`<a xmlns:xmlns="urn:x"/>`), saml.CheckXML, before(`<a xmlns:xmlnsx="urn:x"/>`)},
		"xml bound to another":                 {before(`<a xmlns:xml="urn:x"/>`), saml.CheckXML, nil},
		"white space before a name":            {before(`< a/>`), saml.CheckXML, before(`<a />`)},
		"end tag of another prefix":            {before(`<p:a xmlns:p="urn:x" xmlns:q="urn:x"></q:a>`), saml.CheckXML, before(`<p:a xmlns:p="urn:x" xmlns:q="urn:x"></p:a>`)},
		"attribute without a space":            {before(`<a b="1"c="2"/>`), saml.CheckXML, before(`<a b="1" c="2"/>`)},
		"attribute without quotes":             {before(`<a b=1/>`), saml.CheckXML, before(`<a b='1'/>`)},
		"less-than in an attribute":            {before(`<a b="<c>"/>`), saml.CheckXML, before(`<a b=">c&lt;"/>`)},
		"CDATA that hides a tag":               {before(`<a><![CDATA[</a>]]><b/></a>`), saml.CheckXML, before(`<a><![CDATA[</a>]]></a>`)},
		"end of CDATA without one":             {before(`<a>]]></a>`), saml.CheckXML, before(`<a>]]&gt;</a>`)},
		"NUL":                                  {before("<a>\x00</a>"), saml.CheckXML, nil},
		"NUL by reference":                     {before("<a>&#0;</a>"), saml.CheckXML, before("<a>&#9;</a>")},
		"a surrogate by reference":             {before("<a>&#xD83D;&#xDE00;</a>"), saml.CheckXML, before("<a>&#x1F600;</a>")},
		"a long reference":                     {before("<a>&#00000000000000000065;</a>"), saml.CheckXML, before("<a>&#65;</a>")},
		"HTML's entity":                        {before("<a>&nbsp;</a>"), saml.CheckXML, before("<a>&#160;</a>")},
		"UTF-8 in seven bits":                  {before("<a>+ADw-b+AD4-</a>\xe9"), saml.CheckXML, before("<a>+ADw-b+AD4-</a>")},
		"next line":                            {replaced(func(s string) string { return s + "\u0085" }), saml.CheckXML, replaced(func(s string) string { return s + "\n" })},
		"ID of another namespace":              {all(by(signature{uri: "#_x"}), says(`<saml:Assertion ID="_assertion"`, `<saml:Assertion ID="_assertion" xmlns:x="urn:x" x:ID="_x"`)), saml.CheckSignature, says(`<saml:Assertion ID="_assertion"`, `<saml:Assertion ID="_assertion" xmlns:x="urn:x" x:ID="_x"`)},
		"assertion without namespace": {replaced(func(s string) string {
			return strings.NewReplacer("<saml:Assertion ", "<Assertion ", "</saml:Assertion>", "</Assertion>").Replace(s)
		}), saml.CheckAssertion, nil},
		"signature of a namespace with a slash": {replaced(func(s string) string {
			return strings.Replace(s, `xmlns:ds="http://www.w3.org/2000/09/xmldsig#"`, `xmlns:ds="http://www.w3.org/2000/09/xmldsig#/"`, 1)
		}), saml.CheckSignature, nil},
		"signature's prefix bound twice": {replaced(func(s string) string {
			return strings.Replace(s, `<ds:SignedInfo>`, `<ds:SignedInfo xmlns:ds="urn:x">`, 1)
		}), saml.CheckSignature, nil},
		"a name's text by reference, and signed": {tampered("alice@", "&#109;allory@"), saml.CheckSignature, tampered("alice@", "&#97;lice@")},
	})
}
