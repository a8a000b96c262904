package saml_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func utf16Of(s string) string {
	out := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return string(out)
}

func TestSAML01Doctype(t *testing.T) {
	refusals(t, signedAssertion, map[string]refusal{
		"before": {replaced(func(s string) string { return "<!DOCTYPE Response>" + s }), saml.CheckXML, nil},
		"with an entity that is the ID": {replaced(func(s string) string {
			return `<!DOCTYPE r [<!ENTITY i "_assertion">]>` + strings.Replace(s, `ID="_assertion"`, `ID="&i;"`, 1)
		}), saml.CheckXML, nil},
		"external entity": {replaced(func(s string) string {
			return `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + strings.Replace(s, "alice@", "&x;", 1)
		}), saml.CheckXML, nil},
		"billion laughs": {replaced(func(s string) string {
			return `<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>` + s
		}), saml.CheckXML, nil},
		"attribute defaults": {replaced(func(s string) string {
			return `<!DOCTYPE r [<!ATTLIST saml:Assertion Id ID "_assertion">]>` + s
		}), saml.CheckXML, nil},
		"inside":                {tampered("<samlp:Status>", "<!DOCTYPE x><samlp:Status>"), saml.CheckXML, nil},
		"in the assertion":      {tampered("<saml:Subject>", "<!DOCTYPE x><saml:Subject>"), saml.CheckXML, nil},
		"undeclared entity":     {tampered("alice@", "&alice;@"), saml.CheckXML, tampered("alice@", "&#97;lice@")},
		"another entity":        {tampered("alice@", "&nbsp;alice@"), saml.CheckXML, tampered("alice@", "&#x61;lice@")},
		"behind":                {replaced(func(s string) string { return s + "<!DOCTYPE x>" }), saml.CheckXML, replaced(func(s string) string { return s + "\n" })},
		"parameter entity only": {replaced(func(s string) string { return `<!ENTITY % x "y">` + s }), saml.CheckXML, nil},
	})
}

func TestSAML02Encoding(t *testing.T) {
	declared := func(d string) change {
		return replaced(func(s string) string { return d + s })
	}
	refusals(t, signedAssertion, map[string]refusal{
		"ISO-8859-1 label": {declared(`<?xml version="1.0" encoding="ISO-8859-1"?>`), saml.CheckXML, declared(`<?xml version="1.0" encoding="UTF-8"?>`)},
		"UTF-7 label":      {declared(`<?xml version="1.0" encoding="UTF-7"?>`), saml.CheckXML, declared(`<?xml version="1.0" encoding="utf-8"?>`)},
		"UTF-16 label":     {declared(`<?xml version="1.0" encoding="UTF-16"?>`), saml.CheckXML, declared(`<?xml version="1.0"?>`)},
		"XML 1.1":          {declared(`<?xml version="1.1" encoding="UTF-8"?>`), saml.CheckXML, declared(`<?xml version='1.0' encoding='UTF-8' standalone='no'?>`)},
		"UTF-16 body":      {replaced(utf16Of), saml.CheckXML, nil},
		// U+FEFF within a value is a character like others (XML 1.0 §2.2).
		"mark in the middle": {
			tampered("<samlp:Status>", "<samlp:Status\ufeff>"), saml.CheckXML, all(declared("\ufeff"), says("staff", "\ufeffstaff\ufeff")),
		},
		"two marks":     {declared("\ufeff\ufeff"), saml.CheckXML, declared("\ufeff")},
		"invalid UTF-8": {tampered("alice@", "alice\xff@"), saml.CheckXML, nil},
		"overlong":      {tampered(`Name="none"`, "Name=\"\xc0\xaf\""), saml.CheckXML, says(`Name="none"`, `Name="/"`)},
		"surrogate":     {tampered("研发", "\xed\xa0\x80"), saml.CheckXML, nil},
		"control":       {tampered("alice@", "alice\x01@"), saml.CheckXML, nil},
	})
}

func TestSAML03OneRoot(t *testing.T) {
	refusals(t, signedAssertion, map[string]refusal{
		"two roots":         {replaced(func(s string) string { return s + s }), saml.CheckXML, nil},
		"an element behind": {replaced(func(s string) string { return s + "<x/>" }), saml.CheckXML, replaced(func(s string) string { return s + " \r\n\t" })},
		"an element before": {replaced(func(s string) string { return "<x/>" + s }), saml.CheckXML, replaced(func(s string) string { return "\n" + s })},
		"text behind":       {replaced(func(s string) string { return s + "x" }), saml.CheckXML, nil},
		"text before":       {replaced(func(s string) string { return "x" + s }), saml.CheckXML, nil},
		"cut off":           {replaced(func(s string) string { return s[:len(s)-1] }), saml.CheckXML, nil},
		"nothing":           {replaced(func(string) string { return " " }), saml.CheckXML, nil},
		"another root": {replaced(func(s string) string {
			return strings.NewReplacer("<samlp:Response", "<samlp:ArtifactResponse", "</samlp:Response", "</samlp:ArtifactResponse").Replace(s)
		}), saml.CheckRoot, nil},
		"only an assertion": {replaced(func(s string) string {
			assertion := s[strings.Index(s, "<saml:Assertion"):strings.Index(s, "</samlp:Response>")]
			return strings.Replace(assertion, " ID=", ` xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="x:x" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ID=`, 1)
		}), saml.CheckRoot, nil},
		"response of another namespace": {replaced(func(s string) string {
			return strings.Replace(s, "urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:1.0:protocol", 1)
		}), saml.CheckRoot, nil},
	})
}

func TestSAML04DuplicateAttributes(t *testing.T) {
	refusals(t, signedAssertion, map[string]refusal{
		"ID twice":          {tampered(`<saml:Assertion ID="_assertion"`, `<saml:Assertion ID="_assertion" ID="_assertion"`), saml.CheckXML, nil},
		"another ID twice":  {tampered(`<saml:Assertion ID="_assertion"`, `<saml:Assertion ID="_evil" ID="_assertion"`), saml.CheckXML, nil},
		"Recipient twice":   {tampered(` Recipient=`, ` Recipient="https://evil.example/" Recipient=`), saml.CheckXML, nil},
		"Destination twice": {tampered(` Destination=`, ` Destination="https://sp.example/acs" Destination=`), saml.CheckXML, nil},
		"by two prefixes": {
			says(`Name="none"`, `Name="none" xmlns:a="urn:a" xmlns:b="urn:a" a:x="" b:x=""`), saml.CheckXML,
			says(`Name="none"`, `Name="none" xmlns:a="urn:a" xmlns:b="urn:b" a:x="" b:x=""`),
		},
	})
}

// xml may be declared to its own name (Namespaces in XML 1.0 §3). No canonical form has that declaration, so a signature
// still fits, and nothing that is read changes.
func TestSAML05Namespaces(t *testing.T) {
	refusals(t, signedAssertion, map[string]refusal{
		"undeclared prefix": {tampered("<samlp:Status>", "<samlp:Extensions><y:x/></samlp:Extensions><samlp:Status>"), saml.CheckXML, tampered("<samlp:Status>", `<samlp:Extensions><y:x xmlns:y="urn:y"/></samlp:Extensions><samlp:Status>`)},
		"empty namespace":   {tampered("<samlp:Status>", `<samlp:Status xmlns:y="">`), saml.CheckXML, tampered("<samlp:Status>", `<samlp:Status xmlns="">`)},
		"relative namespace (void canonicalization)": {
			says(`Name="none"`, `Name="none" xmlns:y="1" y:z=""`), saml.CheckXML,
			says(`Name="none"`, `Name="none" xmlns:y="urn:1" y:z=""`),
		},
		"relative default namespace": {says(`<saml:Attribute Name="none"/>`, `<saml:Attribute Name="none"><saml:AttributeValue><z xmlns="../x"/></saml:AttributeValue></saml:Attribute>`), saml.CheckXML,
			says(`<saml:Attribute Name="none"/>`, `<saml:Attribute Name="none"><saml:AttributeValue><z xmlns="http://x/"/></saml:AttributeValue></saml:Attribute>`)},
		"relative namespace around the signature": {tampered("<samlp:Response ", `<samlp:Response xmlns:ns="1" `), saml.CheckXML, tampered("<samlp:Response ", `<samlp:Response xmlns:ns="urn:1" `)},
		"xml bound":                   {tampered("<samlp:Response ", `<samlp:Response xmlns:xml="urn:1" `), saml.CheckXML, tampered("<samlp:Response ", `<samlp:Response xmlns:xml="http://www.w3.org/XML/1998/namespace" `)},
		"xml bound in what is signed": {tampered("<saml:Subject>", `<saml:Subject xmlns:xml="urn:1">`), saml.CheckXML, tampered("<saml:Subject>", `<saml:Subject xmlns:xml="http://www.w3.org/XML/1998/namespace">`)},
		"xmlns bound":                 {tampered("<samlp:Response ", `<samlp:Response xmlns:xmlns="urn:1" `), saml.CheckXML, nil},
		"bound to xml": {tampered("<samlp:Response ", `<samlp:Response xmlns:y="http://www.w3.org/XML/1998/namespace" `), saml.CheckXML,
			tampered("<samlp:Response ", `<samlp:Response xmlns:y="http://www.w3.org/XML/1998/namespace2" `)},
	})
}

// An ID that is no XML name has an option since it is only a value. Elements and attributes still must have names.
func TestSAML06ConstructsThatChange(t *testing.T) {
	refusals(t, signedAssertion, map[string]refusal{
		"colon first":        {tampered(`<saml:Attribute Name="none"/>`, `<:Attribute Name="none"/>`), saml.CheckXML, nil},
		"attribute's colon":  {tampered(` Name="none"`, ` :Name="none"`), saml.CheckXML, nil},
		"two colons":         {tampered(`<saml:Attribute Name="none"/>`, `<saml:Attribute:x Name="none"/>`), saml.CheckXML, nil},
		"comment of nothing": {all(allowComments, tampered("<saml:Conditions ", "<!--><saml:Conditions ")), saml.CheckXML, all(allowComments, tampered("<saml:Conditions ", "<!----><saml:Conditions "))},
		"dashes in comment":  {all(allowComments, tampered("<saml:Conditions ", "<!-- -- --><saml:Conditions ")), saml.CheckXML, all(allowComments, tampered("<saml:Conditions ", "<!-- - --><saml:Conditions "))},
		"odd directive":      {tampered("<samlp:Status>", "<!x <!-- --> ><samlp:Status>"), saml.CheckXML, nil},
		"quoted directive":   {tampered("<samlp:Status>", `<!x "<" ><samlp:Status>`), saml.CheckXML, nil},
		"carriage return": {
			tampered("staff", "staff&#13;"), saml.CheckSignature, says("staff", "staff&#13;"),
		},
	})
}

func allowComments(m *message) { with(func(c *saml.Config) { c.AllowComments = true })(m) }

func TestSAML08InstructionsAndComments(t *testing.T) {
	open := func() message { m := signedBoth(); allowComments(&m); return m }
	table := map[string]refusal{
		"instruction before":            {replaced(func(s string) string { return "<?x y?>" + s }), saml.CheckXML, nil},
		"instruction inside":            {tampered("<samlp:Status>", "<?x y?><samlp:Status>"), saml.CheckXML, nil},
		"signed instruction in a value": {says("alice@", "alice<?x y?>@"), saml.CheckXML, nil},
		"style sheet":                   {replaced(func(s string) string { return `<?xml-stylesheet href="x.xsl"?>` + s }), saml.CheckXML, nil},
		"where it is not allowed": {all(says("<saml:Conditions ", "<!-- x --><saml:Conditions "), with(func(c *saml.Config) { c.AllowComments = false })), saml.CheckXML,
			says("<saml:Conditions ", "<!-- x --><saml:Conditions ")},
	}
	// The signature does not cover comments: each of these is as well signed as the twin.
	for name, place := range map[string]string{
		"NameID": "@example.com</saml:NameID>", "AttributeValue": "aff</saml:AttributeValue>", "Audience": "metadata</saml:Audience>",
		"AuthnContextClassRef": "PasswordProtectedTransport</saml:AuthnContextClassRef>",
	} {
		table["comment in "+name] = refusal{says(place, "<!---->"+place), saml.CheckXML, says("<saml:Conditions ", "<!----><saml:Conditions ")}
		table["comment in "+name+", added"] = refusal{tampered(place, "<!---->"+place), saml.CheckXML, tampered("<saml:Conditions ", "<!----><saml:Conditions ")}
	}
	table["comment in Issuer"] = refusal{replaced(func(s string) string {
		return strings.Replace(s, "metadata</saml:Issuer>", "<!-- -->metadata</saml:Issuer>", 1)
	}), saml.CheckXML, nil}
	table["comment in StatusMessage"] = refusal{says(`Success"/>`, `Success"/><samlp:StatusMessage>a<!-- -->b</samlp:StatusMessage>`), saml.CheckXML, says(`Success"/>`, `Success"/><samlp:StatusMessage>ab</samlp:StatusMessage>`)}
	for _, name := range []string{"DigestValue", "SignatureValue", "SignedInfo", "Transforms", "Reference"} {
		table["comment in "+name] = refusal{replaced(func(s string) string {
			return strings.Replace(s, "<ds:"+name, "<ds:"+name, 1)[:strings.Index(s, "</ds:"+name)] + "<!-- -->" + s[strings.Index(s, "</ds:"+name):]
		}), saml.CheckXML, nil}
	}
	refusals(t, open, table)
}

func TestSAML09CDATA(t *testing.T) {
	refusals(t, signedBoth, map[string]refusal{
		"splits the name":     {says("alice@", "alice<![CDATA[@]]>"), saml.CheckXML, says("alice@example.com", "<![CDATA[alice@example.com]]>")},
		"empty, in the name":  {says("alice@", "alice<![CDATA[]]>@"), saml.CheckXML, says("alice@", "alice&#64;")},
		"two in a value":      {says("staff", "<![CDATA[st]]><![CDATA[aff]]>"), saml.CheckXML, says("staff", "<![CDATA[staff]]>")},
		"before an element":   {tampered("<saml:Conditions ", "<![CDATA[]]><saml:Conditions "), saml.CheckXML, nil},
		"hides an assertion":  {says("<samlp:Status>", "<samlp:Extensions><![CDATA[<x]]><y/></samlp:Extensions><samlp:Status>"), saml.CheckXML, says("<samlp:Status>", `<samlp:Extensions><x:y xmlns:x="urn:x"><![CDATA[<x]]></x:y></samlp:Extensions><samlp:Status>`)},
		"value made of CDATA": {tampered("staff", "<![CDATA[admin]]>"), saml.CheckSignature, tampered("staff", "<![CDATA[staff]]>")},
	})
}
