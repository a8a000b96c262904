package xmldsig

import (
	"strings"
	"testing"
)

// renamed gives an element of SignedInfo another name, or the same name in another namespace.
func renamed(old, new string) forgery {
	return forgery{info: func(s string) string {
		return strings.ReplaceAll(change("<"+old, "<"+new)(s), "</"+old, "</"+strings.Fields(new)[0])
	}}
}

// TestSAML16Names: each element of a signature is looked for by its name and its namespace.
func TestSAML16Names(t *testing.T) {
	table := map[string]refusal{
		"SignedInfo":     {renamed("ds:SignedInfo", `x:SignedInfo xmlns:x="urn:x"`), CheckShape, forgery{}, Policy{}},
		"SignatureValue": {forgery{signature: func(s string) string { return strings.ReplaceAll(s, "ds:SignatureValue", "ds:Value") }}, CheckShape, forgery{}, Policy{}},
		"SignatureValue of another namespace": {forgery{signature: func(s string) string {
			return strings.NewReplacer("<ds:SignatureValue", `<x:SignatureValue xmlns:x="urn:x"`, "</ds:SignatureValue", "</x:SignatureValue").Replace(s)
		}}, CheckShape, forgery{}, Policy{}},
	}
	for _, name := range []string{"SignatureMethod", "Reference", "DigestMethod", "DigestValue"} {
		table[name] = refusal{renamed("ds:"+name, "ds:X"+name), CheckShape, forgery{}, Policy{}}
		table[name+" of another namespace"] = refusal{renamed("ds:"+name, "x:"+name+` xmlns:x="urn:x"`), CheckShape, forgery{}, Policy{}}
	}
	for name, other := range map[string]string{"": "ds:X", " of another namespace": `x:Transform xmlns:x="urn:x" `} {
		table["Transform"+name] = refusal{info(second, strings.Replace(second, "ds:Transform ", other+" ", 1)), CheckTransform, forgery{}, Policy{}}
	}
	for name, other := range map[string]string{"": "ds:X", " of another namespace": `x:Transforms xmlns:x="urn:x"`} {
		table["Transforms"+name] = refusal{forgery{info: func(s string) string {
			return strings.NewReplacer("<ds:Transforms>", "<"+other+">", "</ds:Transforms>", "</"+strings.Fields(other)[0]+">").Replace(s)
		}}, CheckShape, forgery{}, Policy{}}
	}
	refusals(t, table)
}

// TestSAML16Attributes: an attribute is looked for by its namespace too, and no other may stand there.
func TestSAML16Attributes(t *testing.T) {
	inclusive := Policy{AllowInclusiveC14N: true}
	canon10 := `<ds:CanonicalizationMethod Algorithm="` + inclusive10 + `"/>`
	in10 := func(tag string) forgery {
		return forgery{info: func(s string) string { return change("<ds:SignedInfo>", tag)(change(canonMethod, canon10)(s)) }}
	}
	refusals(t, map[string]refusal{
		"Id of another namespace":   {signature(`<ds:Signature `, `<ds:Signature xmlns:x="urn:x" x:Id="1" `), CheckShape, signature(`<ds:Signature `, `<ds:Signature xmlns:x="urn:x" Id="x1" `), Policy{}},
		"beside inherited ones":     {in10(`<ds:SignedInfo xmlns:x="urn:x" x:y="">`), CheckShape, in10(`<ds:SignedInfo xmlns:x="urn:x" xml:lang="de">`), inclusive},
		"of the digest's method":    {info(digestTag, strings.Replace(digestTag, "/>", ` x=""/>`, 1)), CheckShape, info(digestTag, digestTag), Policy{}},
		"of the signature's method": {info(methodTag, strings.Replace(methodTag, "/>", ` x=""/>`, 1)), CheckShape, info(methodTag, methodTag), Policy{}},
		"no URI, empty ones taken":  {info(` URI="#r1"`, ``), CheckReference, info(` URI="#r1"`, ` URI=""`), Policy{AllowEmptyReference: true}},
		"of another, empty taken":   {info(` URI="#r1"`, ` Type="x" URI=""`), CheckReference, info(` URI="#r1"`, ` URI=""`), Policy{AllowEmptyReference: true}},
		"list of two":               {info(second, strings.Replace(listOf("x"), ` PrefixList=`, ` x="" PrefixList=`, 1)), CheckShape, info(second, listOf("x")), Policy{}},
		"list with something in it": {info(second, strings.Replace(listOf("x"), `"/></`, `">x</x:InclusiveNamespaces></`, 1)), CheckShape, info(second, strings.Replace(listOf("x"), `"/></`, `"> </x:InclusiveNamespaces></`, 1)), Policy{}},
		"text and then a list":      {info(second, strings.Replace(listOf("x"), `<x:`, `x<x:`, 1)), CheckShape, info(second, strings.Replace(listOf("x"), `<x:`, ` <x:`, 1)), Policy{}},
	})
}

// TestSAML22DefaultNamespaceOfAList: #default stands for the namespace without prefix, that nothing here needs.
func TestSAML22DefaultNamespaceOfAList(t *testing.T) {
	listed := forgery{
		message:   strings.Replace(message, "<samlp:Status>", `<samlp:Status xmlns="urn:default">`, 1),
		transform: c14n{prefixes: []string{""}},
	}
	with := func(list string) forgery {
		f := listed
		f.info = change(second, listOf(list))
		return f
	}
	refusals(t, map[string]refusal{
		"not listed":        {with("x"), CheckDigest, with("#default"), Policy{}},
		"beside another":    {with("default"), CheckDigest, with("x #default"), Policy{}},
		"as no name stands": {with("#"), CheckDigest, with("#default"), Policy{}},
	})
}

// TestSAML11SignedInTheWrongPlace: an Assertion may have its own signature only directly in what is signed, and nothing
// else of SAML may.
func TestSAML11SignedInTheWrongPlace(t *testing.T) {
	other := func(s string) forgery {
		return forgery{message: change("</samlp:Status>", "</samlp:Status>"+s)(message)}
	}
	const s = `xmlns:saml="` + samlSpace + `"`
	refusals(t, map[string]refusal{
		"of an Assertion in one": {with(assertion, "<saml:Assertion>"+emptySig+"</saml:Assertion>"), CheckPlace, with(assertion, "<saml:Assertion>"+otherSig+"</saml:Assertion>"), Policy{}},
		"of another element":     {other(`<saml:Advice ` + s + `>` + emptySig + `</saml:Advice>`), CheckPlace, other(`<saml:Assertion ` + s + `>` + emptySig + `</saml:Assertion>`), Policy{}},
	})
}
