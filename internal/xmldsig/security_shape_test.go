package xmldsig

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// info and signature name the one fact of a forgery.
func info(old, new string) forgery      { return forgery{info: change(old, new)} }
func signature(old, new string) forgery { return forgery{signature: change(old, new)} }

const (
	reference   = `<ds:Reference URI="#r1">`
	second      = `<ds:Transform Algorithm="` + exclusive + `"/>`
	first       = `<ds:Transform Algorithm="` + enveloped + `"/>`
	transforms  = first + second
	methodTag   = `<ds:SignatureMethod Algorithm="` + string(RSASHA256) + `"/>`
	canonMethod = `<ds:CanonicalizationMethod Algorithm="` + exclusive + `"/>`
	digestTag   = `<ds:DigestMethod Algorithm="` + digestSHA256 + `"/>`
	emptyDigest = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
)

func TestSAML14ReferenceToAnotherElement(t *testing.T) {
	refusals(t, map[string]refusal{
		"to the assertion":        {info(`"#r1"`, `"#a1"`), CheckReference, info(`"#r1"`, `"#r1"`), Policy{}},
		"to nothing":              {info(`"#r1"`, `"#r2"`), CheckReference, info(`"#r1"`, `'#r1'`), Policy{}},
		"an ID of another letter": {info(`"#r1"`, `"#R1"`), CheckReference, info(`"#r1"`, `"#&#114;1"`), Policy{}},
		"to an Id": {forgery{message: strings.Replace(message, `ID="r1"`, `Id="r1"`, 1)}, CheckReference,
			forgery{message: strings.Replace(message, `ID="r1"`, `Id="r2" ID="r1"`, 1)}, Policy{}},
		"to an ID of a namespace": {forgery{message: strings.Replace(message, `ID="r1"`, `samlp:ID="r1"`, 1)}, CheckReference,
			forgery{message: strings.Replace(message, `ID="r1"`, `samlp:ID="r2" ID="r1"`, 1)}, Policy{}},
	})
}

func TestSAML15References(t *testing.T) {
	whole := func(s string) string { // the one Reference
		return s[strings.Index(s, "<ds:Reference"):strings.Index(s, "</ds:SignedInfo>")]
	}
	refusals(t, map[string]refusal{
		"two":           {forgery{info: func(s string) string { return strings.Replace(s, whole(s), whole(s)+whole(s), 1) }}, CheckShape, forgery{info: unchanged}, Policy{}},
		"none":          {forgery{info: func(s string) string { return strings.Replace(s, whole(s), "", 1) }}, CheckShape, forgery{info: unchanged}, Policy{}},
		"no URI":        {info(` URI="#r1"`, ``), CheckReference, forgery{}, Policy{}},
		"empty":         {info(`"#r1"`, `""`), CheckReference, info(`"#r1"`, `"#r1"`), Policy{}},
		"external":      {info(`"#r1"`, `"https://example.com/#r1"`), CheckReference, info(`"#r1"`, `"#r1"`), Policy{}},
		"bare #":        {info(`"#r1"`, `"#"`), CheckReference, info(`"#r1"`, `"#r1"`), Policy{}},
		"without #":     {info(`"#r1"`, `"r1"`), CheckReference, info(`"#r1"`, `"#r1"`), Policy{}},
		"XPointer":      {info(`"#r1"`, `"#xpointer(id('r1'))"`), CheckReference, info(`"#r1"`, `"#r1"`), Policy{}},
		"XPointer root": {info(`"#r1"`, `"#xpointer(/)"`), CheckReference, info(`"#r1"`, `"#r1"`), Policy{}},
		"Type":          {info(reference, `<ds:Reference URI="#r1" Type="http://www.w3.org/2000/09/xmldsig#Manifest">`), CheckReference, info(reference, `<ds:Reference URI="#r1" Id="x">`), Policy{}},
		"another's URI": {info(reference, `<ds:Reference ds:URI="#r1">`), CheckReference, forgery{}, Policy{}},
	})
}

// TestSAML15EmptyReference: the whole document is taken where a policy says so, and only for its root.
func TestSAML15EmptyReference(t *testing.T) {
	t.Parallel()
	whole := info(`"#r1"`, `""`).make(t)
	err := func(e xmlgate.Element, p Policy) error {
		_, err := Verify(e, public(rsaKey()), p)
		return err
	}
	require.NoError(t, err(root(t, whole), Policy{AllowEmptyReference: true}))
	require.ErrorContains(t, err(root(t, whole), Policy{}), "AllowEmptyReference")
	require.ErrorIs(t, err(find(root(t, "<a>"+whole+"</a>"), "Response"), Policy{AllowEmptyReference: true}), CheckReference)
}

func TestSAML16SignedInfos(t *testing.T) {
	decoy := strings.Replace(usualInfo, "#r1", "#a1", 1)
	refusals(t, map[string]refusal{
		"two, the good first": {signature("</ds:SignedInfo>", "</ds:SignedInfo>"+decoy), CheckShape, forgery{}, Policy{}},
		"two, the good last":  {signature("<ds:SignedInfo>", decoy+"<ds:SignedInfo>"), CheckShape, forgery{}, Policy{}},
		"in a wrapper": {forgery{signature: func(s string) string {
			return change("</ds:SignedInfo>", "</ds:SignedInfo></ds:X>")(change("<ds:SignedInfo>", "<ds:X><ds:SignedInfo>")(s))
		}}, CheckShape, forgery{}, Policy{}},
		"in the value":            {signature("</ds:SignatureValue>", decoy+"</ds:SignatureValue>"), CheckValue, forgery{}, Policy{}},
		"of no namespace":         {signature("<ds:SignedInfo>", "<SignedInfo/><ds:SignedInfo>"), CheckShape, forgery{}, Policy{}},
		"in a SignedInfo":         {info("<ds:SignedInfo>", "<ds:SignedInfo>"+usualInfo), CheckShape, forgery{}, Policy{}},
		"empty":                   {signature("<ds:SignedInfo>", "<ds:SignedInfo/><ds:SignedInfo>"), CheckShape, forgery{}, Policy{}},
		"nothing in it":           {forgery{signature: func(s string) string { a, b, _ := strings.Cut(s, insideInfo(s)); return a + b }}, CheckShape, forgery{}, Policy{}},
		"the value first":         {forgery{signature: swapValue}, CheckShape, forgery{}, Policy{}},
		"no value":                {forgery{signature: func(s string) string { return s[:strings.Index(s, "<ds:SignatureValue")] + "</ds:Signature>" }}, CheckShape, forgery{}, Policy{}},
		"text in the Signature":   {signature("<ds:SignedInfo>", "x<ds:SignedInfo>"), CheckShape, signature("<ds:SignedInfo>", "\n <ds:SignedInfo>"), Policy{}},
		"text in SignedInfo":      {info("<ds:SignedInfo>", "<ds:SignedInfo>x"), CheckShape, info("<ds:SignedInfo>", "<ds:SignedInfo>\n"), Policy{}},
		"text in Transforms":      {info("<ds:Transforms>", "<ds:Transforms>x"), CheckTransform, info("<ds:Transforms>", "<ds:Transforms>\n"), Policy{}},
		"text in the Reference":   {info("<ds:Transforms>", "x<ds:Transforms>"), CheckShape, info("<ds:Transforms>", "\n<ds:Transforms>"), Policy{}},
		"attribute of Signature":  {signature(`<ds:Signature `, `<ds:Signature x="" `), CheckShape, signature(`<ds:Signature `, `<ds:Signature Id="x" `), Policy{}},
		"attribute of SignedInfo": {info(`<ds:SignedInfo>`, `<ds:SignedInfo x="">`), CheckShape, info(`<ds:SignedInfo>`, `<ds:SignedInfo Id="x">`), Policy{}},
		"inherited attribute":     {info(`<ds:SignedInfo>`, `<ds:SignedInfo xml:lang="de">`), CheckShape, info(canonMethod, `<ds:CanonicalizationMethod Algorithm="`+inclusive10+`"/>`), Policy{AllowInclusiveC14N: true}},
		"method behind":           {info(canonMethod+methodTag, methodTag+canonMethod), CheckShape, info(canonMethod+methodTag, canonMethod+methodTag), Policy{}},
		"two methods":             {info(methodTag, methodTag+methodTag), CheckShape, forgery{}, Policy{}},
		"two digests":             {info(digestTag, digestTag+digestTag), CheckShape, forgery{}, Policy{}},
		"parameter of the digest": {info(digestTag, `<ds:DigestMethod Algorithm="`+digestSHA256+`">x</ds:DigestMethod>`), CheckShape,
			info(digestTag, `<ds:DigestMethod Algorithm="`+digestSHA256+`"> </ds:DigestMethod>`), Policy{}},
	})
}

// insideInfo returns the text between the tags of SignedInfo.
func insideInfo(s string) string {
	_, s, _ = strings.Cut(s, "<ds:SignedInfo>")
	s, _, _ = strings.Cut(s, "</ds:SignedInfo>")
	return s
}

func swapValue(s string) string {
	from, end := strings.Index(s, "<ds:SignatureValue>"), strings.Index(s, "</ds:Signature>")
	value := s[from:end]
	return change("<ds:SignedInfo>", value+"<ds:SignedInfo>")(s[:from] + s[end:])
}

func TestSAML18ObjectsAndManifests(t *testing.T) {
	const object, manifest = `<ds:Object><a/></ds:Object>`, `<ds:Manifest/>`
	refusals(t, map[string]refusal{
		"Object behind":      {signature("</ds:Signature>", object+"</ds:Signature>"), CheckPlace, signature("</ds:Signature>", "<ds:KeyInfo><a/></ds:KeyInfo></ds:Signature>"), Policy{}},
		"Object in KeyInfo":  {signature("</ds:Signature>", "<ds:KeyInfo>"+object+"</ds:KeyInfo></ds:Signature>"), CheckPlace, signature("</ds:Signature>", "<ds:KeyInfo/></ds:Signature>"), Policy{}},
		"Manifest":           {signature("</ds:Signature>", manifest+"</ds:Signature>"), CheckPlace, forgery{}, Policy{}},
		"Object beside":      {forgery{message: change("<samlp:Status>\n", `<samlp:Status>`+withSpace(object))(message)}, CheckPlace, forgery{message: change("<samlp:Status>\n", "<samlp:Status><Object/>")(message)}, Policy{}},
		"two KeyInfo":        {signature("</ds:Signature>", "<ds:KeyInfo/><ds:KeyInfo/></ds:Signature>"), CheckShape, signature("</ds:Signature>", "<ds:KeyInfo/></ds:Signature>"), Policy{}},
		"KeyInfo in front":   {signature("<ds:SignatureValue>", "<ds:KeyInfo/><ds:SignatureValue>"), CheckShape, signature("</ds:SignatureValue>", "</ds:SignatureValue><ds:KeyInfo/>"), Policy{}},
		"KeyInfo of no name": {signature("</ds:Signature>", "<KeyInfo/></ds:Signature>"), CheckShape, signature("</ds:Signature>", "<ds:KeyInfo/></ds:Signature>"), Policy{}},
	})
}

func withSpace(s string) string {
	return strings.Replace(s, ">", ` xmlns:ds="`+space+`">`, 1)
}

func TestSAML21Transforms(t *testing.T) {
	transform := func(uri string) string { return `<ds:Transform Algorithm="` + uri + `"/>` }
	table := map[string]refusal{
		"three":             {info(second, second+second), CheckTransform, forgery{}, Policy{}},
		"C14N twice":        {info(first, second), CheckTransform, forgery{}, Policy{}},
		"enveloped missing": {info(first, ""), CheckTransform, forgery{}, Policy{}},
		"C14N missing":      {info(second, ""), CheckTransform, forgery{}, Policy{}},
		"enveloped twice":   {info(second, first), CheckTransform, forgery{}, Policy{}},
		"enveloped last":    {info(transforms, second+first), CheckTransform, info(transforms, first+second), Policy{}},
		"none":              {info(transforms, ""), CheckTransform, forgery{}, Policy{}},
		"no Transforms":     {info("<ds:Transforms>"+transforms+"</ds:Transforms>", ""), CheckShape, forgery{}, Policy{}},
		"without Algorithm": {info(second, "<ds:Transform/>"), CheckShape, forgery{}, Policy{}},
		"enveloped with XPath": {info(first, `<ds:Transform Algorithm="`+enveloped+`"><ds:XPath>1</ds:XPath></ds:Transform>`), CheckTransform,
			info(first, `<ds:Transform Algorithm="`+enveloped+`"> </ds:Transform>`), Policy{}},
		"C14N with XPath": {info(second, `<ds:Transform Algorithm="`+exclusive+`"><ds:XPath>1</ds:XPath></ds:Transform>`), CheckShape,
			info(second, `<ds:Transform Algorithm="`+exclusive+`"> </ds:Transform>`), Policy{}},
		"attribute of Transforms": {info("<ds:Transforms>", `<ds:Transforms x="">`), CheckTransform, forgery{}, Policy{}},
	}
	for name, uri := range map[string]string{
		"XPath": "http://www.w3.org/TR/1999/REC-xpath-19991116", "XPath filter 2": "http://www.w3.org/2002/06/xmldsig-filter2",
		"XSLT": "http://www.w3.org/TR/1999/REC-xslt-19991116", "base64": space + "base64", "decrypt": "http://www.w3.org/2002/07/decrypt#XML", "unknown": "urn:x",
		"spelt otherwise": strings.ToUpper(exclusive), "with a space": exclusive + " ",
	} {
		table[name] = refusal{info(second, transform(uri)), CheckTransform, info(second, transform(exclusive)), Policy{}}
		table[name+" first"] = refusal{info(first, transform(uri)), CheckTransform, info(first, transform(enveloped)), Policy{}}
	}
	refusals(t, table)
}

// TestSAML22Canonicalizations also accepts the canonicalizations with comments. The gate of messages refuses comments, and
// without one the octets are the same; where a comment was let through, they are refused. An inclusive one still needs
// its option.
func TestSAML22Canonicalizations(t *testing.T) {
	method := func(uri string) string { return `<ds:CanonicalizationMethod Algorithm="` + uri + `"/>` }
	transform := func(uri string) string { return `<ds:Transform Algorithm="` + uri + `"/>` }
	inclusive := Policy{AllowInclusiveC14N: true}
	table := map[string]refusal{
		"digest of nothing":   {info("DIGEST", emptyDigest), CheckDigest, forgery{}, Policy{}},
		"no method":           {info(canonMethod, ""), CheckShape, forgery{}, Policy{}},
		"method unknown":      {info(canonMethod, method("urn:x")), CheckTransform, forgery{}, Policy{}},
		"inclusive":           {info(canonMethod, method(inclusive10)), CheckTransform, info(canonMethod, method(exclusive)), Policy{}},
		"inclusive transform": {forgery{info: change(second, transform(inclusive10)), transform: rec10}, CheckTransform, forgery{}, Policy{}},
		"inclusive with a list": {info(canonMethod, `<ds:CanonicalizationMethod Algorithm="`+inclusive10+`"><a/></ds:CanonicalizationMethod>`), CheckShape,
			info(canonMethod, method(inclusive10)), inclusive},
		"list with comments": {withComment(forgery{info: change(second, strings.Replace(listOf("saml"), exclusive+`">`, exclusive+`WithComments">`, 1)), transform: c14n{prefixes: []string{"saml"}}}, "<samlp:Status>"), CheckTransform,
			forgery{info: change(second, strings.Replace(listOf("saml"), exclusive+`">`, exclusive+`WithComments">`, 1)), transform: c14n{prefixes: []string{"saml"}}}, Policy{}},
		"text like a comment": {forgery{message: change("alice", "<![CDATA[<!--]]>")(message), transform: c14n{}, info: change(second, transform(exclusive+"WithComments"))}, CheckTransform,
			forgery{message: change("alice", "&lt;!--")(message), info: change(second, transform(exclusive+"WithComments"))}, Policy{}},
		"another list": {info(second, `<ds:Transform Algorithm="`+exclusive+`"><a PrefixList="x"/></ds:Transform>`), CheckShape,
			info(second, `<ds:Transform Algorithm="`+exclusive+`"><InclusiveNamespaces xmlns="`+exclusive+`" PrefixList="x"/></ds:Transform>`), Policy{}},
		"list too long":   {info(second, listOf(strings.Repeat(" x", maxPrefixes+1))), CheckTransform, info(second, listOf(strings.Repeat(" x", maxPrefixes))), Policy{}},
		"two lists":       {info(second, strings.Replace(listOf("x"), "</", `<InclusiveNamespaces xmlns="`+exclusive+`" PrefixList="x"/></`, 1)), CheckShape, info(second, listOf("x")), Policy{}},
		"no list":         {info(second, strings.Replace(listOf("x"), ` PrefixList="x"`, "", 1)), CheckShape, info(second, listOf("")), Policy{}},
		"text for a list": {info(second, `<ds:Transform Algorithm="`+exclusive+`">x</ds:Transform>`), CheckShape, info(second, listOf("#default x")), Policy{}},
	}
	for uri, way := range map[string]c14n{exclusive + "WithComments": {}, inclusive10 + "#WithComments": rec10, inclusive11 + "#WithComments": {inclusive: true, version11: true}} {
		ofInfo, ofContent := info(canonMethod, method(uri)), forgery{info: change(second, transform(uri)), transform: way}
		policy := Policy{AllowInclusiveC14N: way.inclusive}
		table["method "+uri] = refusal{withComment(ofInfo, "</ds:Reference>"), CheckTransform, withComment(ofInfo, "<samlp:Status>"), policy}
		table["transform "+uri] = refusal{withComment(ofContent, "<samlp:Status>"), CheckTransform, ofContent, policy}
		table["misspelt "+uri] = refusal{info(canonMethod, method(strings.ToLower(uri))), CheckTransform, ofInfo, policy}
		if way.inclusive {
			table["method, no option "+uri] = refusal{ofInfo, CheckTransform, forgery{}, Policy{}}
			table["transform, no option "+uri] = refusal{ofContent, CheckTransform, forgery{}, Policy{}}
		}
	}
	refusals(t, table)
}

// withComment puts a comment into what was signed.
func withComment(f forgery, behind string) forgery {
	f.document = change(behind, behind+"<!--x-->")
	return f
}

func listOf(prefixes string) string {
	return `<ds:Transform Algorithm="` + exclusive + `"><x:InclusiveNamespaces xmlns:x="` + exclusive + `" PrefixList="` + prefixes + `"/></ds:Transform>`
}

// TestSAML23DigestComesFromTheSignedOctets puts comments, which the canonical form has not, where two readers of the
// received text would read two things.
func TestSAML23DigestComesFromTheSignedOctets(t *testing.T) {
	t.Parallel()
	whole := forgery{}.make(t)
	evil := strings.Replace(message, "alice", "mallory", 1)
	hash := sha256.Sum256([]byte(evil))
	digest := base64.StdEncoding.EncodeToString(hash[:])
	_, rest, _ := strings.Cut(whole, "<ds:DigestValue>")
	good, _, _ := strings.Cut(rest, "</ds:DigestValue>")
	read := func(s string) (string, error) {
		d, err := xmlgate.Parse(s, xmlgate.Options{Comments: func(string, string) bool { return true }})
		require.NoError(t, err)
		v, err := Verify(d.Root(), public(rsaKey()), Policy{})
		if err != nil {
			return "", err
		}
		return v.Root().Raw(), nil
	}
	for name, changed := range map[string]string{
		"comment in the digest":   strings.Replace(whole, good, good[:9]+"<!--"+digest+"-->"+good[9:], 1),
		"comment before it":       strings.Replace(whole, good, "<!--"+digest+"-->"+good, 1),
		"comment in a value":      strings.Replace(whole, "alice", "al<!--mallory-->ice", 1),
		"comment around":          strings.Replace(whole, "<ds:SignedInfo>", "<!--x--><ds:SignedInfo>", 1),
		"space, references":       strings.Replace(whole, "alice", "&#x61;l&#105;ce", 1),
		"attributes, other order": strings.Replace(whole, `ID="r1" Version="2.0"`, `Version='2.0'  ID="r1"`, 1),
	} {
		got, err := read(changed)
		require.NoError(t, err, name)
		assert.Equal(t, message, got, name)
	}
	for name, changed := range map[string]string{
		"digest of the evil one":      strings.Replace(strings.Replace(whole, "alice", "mallory", 1), good, digest, 1),
		"that, the good in a comment": strings.Replace(strings.Replace(whole, "alice", "mallory", 1), good, digest+"<!--"+good+"-->", 1),
	} {
		_, err := read(changed)
		require.ErrorIs(t, err, CheckValue, name)
	}
	_, err := read(strings.Replace(whole, "alice", "mallory", 1))
	require.ErrorIs(t, err, CheckDigest)
	_, err = read(strings.Replace(whole, "</saml:Subject>", "</saml:Subject><saml:Subject/>", 1))
	require.ErrorIs(t, err, CheckDigest)
}
