package xmldsig

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// group has its signature at {SIG}. Groups are opened, and entities come as a whole.
const group = `<?xml version="1.0"?>
<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:u="urn:u" xmlns="urn:d" xml:lang='de' ID="g1"  validUntil="x">
  {SIG}<md:Extensions><e u:a="1"/>&#13;</md:Extensions>
  <md:EntityDescriptor ID="e1" entityID="a"><u:x b='&lt;' a="2">t &amp; <u:y/></u:x></md:EntityDescriptor>
  <md:EntitiesDescriptor xmlns:v="urn:v" Name="in"><md:EntityDescriptor xmlns:u="urn:w" entityID="b" v:c="3"><u:x/></md:EntityDescriptor>
  <md:EntityDescriptor xmlns="" entityID="c"><x u:a=""/></md:EntityDescriptor></md:EntitiesDescriptor><md:EntitiesDescriptor/>
<md:EntityDescriptor entityID="d"/></md:EntitiesDescriptor>`

// signedBy signs the root of text, which has a place for it, with any canonicalization.
func signedBy(t testing.TB, text string, method c14n) string {
	t.Helper()
	e := root(t, strings.Replace(text, "{SIG}", "", 1))
	octets, err := (&canonicalizer{}).write(nil, e, xmlgate.Element{}, method, 1<<20)
	require.NoError(t, err)
	id, _ := e.Attr("", "ID")
	inner := signedInner(RSASHA256, id, octets)
	const plain = `<ds:Transform Algorithm="` + exclusive + `"></ds:Transform>`
	require.Contains(t, inner, plain)
	switch {
	case method.comments:
		inner = strings.Replace(inner, plain, `<ds:Transform Algorithm="`+exclusive+`WithComments"></ds:Transform>`, 1)
	case method.inclusive && method.version11:
		inner = strings.Replace(inner, plain, `<ds:Transform Algorithm="`+inclusive11+`"></ds:Transform>`, 1)
	case method.inclusive:
		inner = strings.Replace(inner, plain, `<ds:Transform Algorithm="`+inclusive10+`"></ds:Transform>`, 1)
	case len(method.prefixes) > 0:
		list := strings.Replace(strings.Join(method.prefixes, " "), "  ", " #default ", 1)
		inner = strings.Replace(inner, plain, `<ds:Transform Algorithm="`+exclusive+`"><ec:InclusiveNamespaces xmlns:ec="`+exclusive+`" PrefixList="`+list+`"></ec:InclusiveNamespaces></ds:Transform>`, 1)
	}
	signature, err := Signer{Key: rsaKey()}.sign(RSASHA256, []byte(`<ds:SignedInfo xmlns:ds="`+space+`">`+inner))
	require.NoError(t, err)
	return strings.Replace(text, "{SIG}", `<ds:Signature xmlns:ds="`+space+`"><ds:SignedInfo>`+inner+"<ds:SignatureValue>"+base64.StdEncoding.EncodeToString(signature)+"</ds:SignatureValue></ds:Signature>", 1)
}

// reading is a Handler that keeps what a Stream returned.
type reading struct {
	*Stream
	out []string
}

func (r *reading) Open(e xmlgate.Element) (bool, error) {
	if e.Local() != "EntitiesDescriptor" {
		return false, nil
	}
	e, err := r.Stream.Open(e)
	if err == nil && !e.Root() {
		r.out = append(r.out, tagOf(e))
	}
	return true, err
}

func (r *reading) Child(n xmlgate.Node) error {
	if e := n.Element(); e.OK() && e.Root() {
		return errors.New("no group")
	}
	e, err := r.Stream.Child(n)
	if err == nil && e.OK() {
		if e.Root() {
			r.out = append([]string{tagOf(e)}, r.out...)
		} else {
			r.out = append(r.out, partOf(e))
		}
	}
	return err
}

// partOf is an element as a whole, but of a group its start tag: one without content is opened or not, as it was written,
// which canonical octets do not show.
func partOf(e xmlgate.Element) string {
	if e.Local() == "EntitiesDescriptor" {
		return tagOf(e)
	}
	return e.Raw()
}

func tagOf(e xmlgate.Element) string {
	start, inner, _ := e.Offsets()
	return e.Raw()[:inner-start]
}

// inParts is what a Stream returns of text.
func inParts(text string, p Policy) ([]string, error) {
	r := reading{Stream: NewStream(public(rsaKey()), p)}
	if err := xmlgate.Stream(strings.NewReader(text), xmlgate.Options{}, &r); err != nil {
		return nil, err
	}
	if !r.Signed() {
		return nil, refuse(CheckMissing, "not signed")
	}
	return r.out, nil
}

// asAWhole is what Verify returns of it, in the same parts.
func asAWhole(text string, p Policy) (out []string, err error) {
	d, err := xmlgate.Parse(text, xmlgate.Options{})
	if err != nil {
		return nil, err
	}
	if d, err = Verify(d.Root(), public(rsaKey()), p); err != nil {
		return nil, err
	}
	var walk func(e xmlgate.Element)
	walk = func(e xmlgate.Element) {
		out = append(out, tagOf(e))
		for child := range e.Children {
			if child.Local() == "EntitiesDescriptor" {
				walk(child)
			} else {
				out = append(out, partOf(child))
			}
		}
	}
	walk(d.Root())
	return out, nil
}

var streamMethods = map[string]c14n{
	"exclusive": {}, "with a list": {prefixes: []string{"u", "", "v"}}, "version 1.0": {inclusive: true}, "version 1.1": {inclusive: true, version11: true},
}

func TestStreamReturnsWhatVerifyDoes(t *testing.T) {
	t.Parallel()
	for name, method := range streamMethods {
		text := signedBy(t, group, method)
		p := Policy{AllowInclusiveC14N: true}
		want, err := asAWhole(text, p)
		require.NoError(t, err, name)
		got, err := inParts(text, p)
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
		assert.Len(t, got, 8, name)
		if method.inclusive {
			_, err = inParts(text, Policy{})
			require.ErrorIs(t, err, CheckTransform)
		}
	}
}

// Whatever is changed, a Stream refuses what Verify refuses, or returns the same.
func TestStreamMutants(t *testing.T) {
	t.Parallel()
	text := signedBy(t, group, c14n{})
	check := func(mutant string) {
		want, refusal := asAWhole(mutant, Policy{})
		got, err := inParts(mutant, Policy{})
		if err == nil {
			require.NoError(t, refusal, mutant)
			require.Equal(t, want, got, mutant)
		} else if refusal == nil {
			require.FailNow(t, err.Error(), mutant)
		}
	}
	entity := `<md:EntityDescriptor entityID="d"/>`
	signature := text[strings.Index(text, "<ds:Signature ") : strings.Index(text, "</ds:Signature>")+len("</ds:Signature>")]
	for i := range text {
		if text[i] == '<' {
			for _, more := range []string{" ", "x", entity, signature, `<ds:Object xmlns:ds="` + space + `"/>`, `<ds:Manifest xmlns:ds="` + space + `"/>`} {
				check(text[:i] + more + text[i:])
			}
		}
		if i%3 == 0 {
			check(text[:i] + text[i+1:])
			check(text[:i] + string(text[i]^1) + text[i+1:])
		}
	}
}

func TestStreamRefuses(t *testing.T) {
	t.Parallel()
	good := signedBy(t, group, c14n{})
	from, to := strings.Index(good, "<ds:Signature "), strings.Index(good, "</ds:Signature>")+len("</ds:Signature>")
	signature := good[from:to]
	swap := func(pairs ...string) string {
		text := good
		for i := 0; i < len(pairs); i += 2 {
			require.Contains(t, text, pairs[i])
			text = strings.Replace(text, pairs[i], pairs[i+1], 1)
		}
		return text
	}
	object := `<ds:Object xmlns:ds="` + space + `"/>`
	for name, c := range map[string]struct {
		text string
		want Check
	}{
		"no signature":                  {swap(signature, ""), CheckMissing},
		"not first":                     {swap(signature, "", "  <md:EntityDescriptor ID", signature+"<md:EntityDescriptor ID"), CheckPlace},
		"in a group within":             {swap(signature, "", `Name="in">`, `Name="in">`+signature), CheckMissing},
		"twice":                         {swap("<md:Extensions>", signature+"<md:Extensions>"), CheckPlace},
		"an object in it":               {swap("</ds:Signature>", object+"</ds:Signature>"), CheckShape},
		"an object in its key":          {swap("</ds:SignatureValue>", "</ds:SignatureValue><ds:KeyInfo><ds:X509Data>"+object+"</ds:X509Data></ds:KeyInfo>"), CheckPlace},
		"a group of XML Signature":      {swap("<md:EntitiesDescriptor/>", `<ds:EntitiesDescriptor xmlns:ds="`+space+`"><x/></ds:EntitiesDescriptor>`), CheckPlace},
		"an object in the group":        {swap("<md:EntitiesDescriptor/>", object), CheckPlace},
		"an object in an entity":        {swap(`<u:x/>`, object), CheckPlace},
		"two of a group within":         {swap(`Name="in">`, `Name="in">`+signature+signature), CheckPlace},
		"another ID":                    {swap(`ID="g1"`, `ID="g2"`), CheckReference},
		"an attribute of the root":      {swap(`validUntil="x"`, `validUntil="y"`), CheckDigest},
		"text before it":                {swap("<ds:Signature ", "x<ds:Signature "), CheckDigest},
		"much text before it":           {swap("<ds:Signature ", strings.Repeat(" ", maxLead)+"<ds:Signature "), CheckOctets},
		"text between":                  {swap("</md:Extensions>\n", "</md:Extensions>"), CheckDigest},
		"the name of a group within":    {swap(`Name="in"`, `Name="on"`), CheckDigest},
		"an entity more":                {swap("</md:EntitiesDescriptor>", `<md:EntityDescriptor entityID="e"/></md:EntitiesDescriptor>`), CheckDigest},
		"the last entity":               {swap(`entityID="d"`, `entityID="e"`), CheckDigest},
		"the last entity is in another": {swap("</md:EntitiesDescriptor><md:EntitiesDescriptor/>\n"+`<md:EntityDescriptor entityID="d"/>`, `<md:EntityDescriptor entityID="d"/></md:EntitiesDescriptor><md:EntitiesDescriptor/>`+"\n"), CheckDigest},
	} {
		_, err := inParts(c.text, Policy{})
		require.ErrorIs(t, err, c.want, name)
	}
	_, err := inParts(swap(`Name="in">`, `Name='in' >`), Policy{})
	require.NoError(t, err, "the accepted twin: canonical forms do not show it")
	kept := signedBy(t, group, c14n{comments: true})
	_, err = asAWhole(kept, Policy{})
	require.NoError(t, err)
	_, err = inParts(kept, Policy{})
	require.ErrorIs(t, err, CheckTransform, "comments between the parts are not seen")
	_, err = inParts(kept, Policy{IgnoreComments: true})
	require.NoError(t, err)
	r := reading{Stream: NewStream(public(newRSA(2048)), Policy{})}
	require.ErrorIs(t, xmlgate.Stream(strings.NewReader(good), xmlgate.Options{}, &r), CheckValue, "another key")
	assert.Empty(t, r.out, "nothing is read under another key")
}

// FuzzStreamVerify: whatever was signed, a Stream accepts what Verify does, and returns the same.
func FuzzStreamVerify(f *testing.F) {
	for _, body := range []string{
		`<md:EntityDescriptor entityID="a"/>`, "\r\n&#13;&lt;]]&gt;\u00e9<e a='&#10;&#9; \t\n' b=\"&quot;'\"/>", `<md:EntityDescriptor ID="a"/><md:EntityDescriptor ID="a"/>`,
		`<md:EntitiesDescriptor xmlns="" xmlns:u="urn:z"><x u:a=""/><u:x xmlns=""/>t</md:EntitiesDescriptor><u:x/>`, `<md:EntitiesDescriptor xml:lang="en" xml:base="/"><x xml:space="preserve"/></md:EntitiesDescriptor>`,
		`<md:EntitiesDescriptor xmlns:xml="http://www.w3.org/XML/1998/namespace"></md:EntitiesDescriptor><e><![CDATA[<x>&]]></e>`, `<e xmlns="urn:d"><e xmlns="urn:e"><e xmlns="urn:d"/></e></e>`,
		`<md:EntitiesDescriptor xmlns:md="urn:other"><md:e/></md:EntitiesDescriptor>`, `<e><ds:Signature xmlns:ds="` + space + `"/></e>`, `<md:EntityDescriptor><Signature xmlns="` + space + `"/></md:EntityDescriptor>`,
		`<md:EntitiesDescriptor><Signature xmlns="` + space + `"/><md:EntityDescriptor><md:IDPSSODescriptor><Signature xmlns="` + space + `"/></md:IDPSSODescriptor></md:EntityDescriptor></md:EntitiesDescriptor>`,
		`<EntitiesDescriptor><Signature xmlns="` + space + `"/></EntitiesDescriptor>`, `<EntitiesDescriptor xmlns="` + space + `"/>`, `<EntitiesDescriptor xmlns="` + space + `"><a/></EntitiesDescriptor>`, `<Object xmlns="` + space + `"/>`,
	} {
		for method := range uint8(4) {
			f.Add(body, method)
		}
	}
	methods := []c14n{{}, {prefixes: []string{"u", "", "v"}}, {inclusive: true}, {inclusive: true, version11: true}}
	f.Fuzz(func(t *testing.T, body string, method uint8) {
		const begin = `<md:EntitiesDescriptor xmlns:md="` + metadataSpace + `" xmlns:u="urn:u" xmlns:v="urn:v" xmlns="urn:d" xml:lang='de' ID="g1"> {SIG}`
		text := begin + strings.ReplaceAll(body, "{SIG}", "") + "</md:EntitiesDescriptor>"
		if _, err := xmlgate.Parse(strings.Replace(text, "{SIG}", "", 1), xmlgate.Options{}); err != nil || len(text) > 8<<10 {
			return
		}
		text = signedBy(t, text, methods[method%4])
		p := Policy{AllowInclusiveC14N: true}
		want, refusal := asAWhole(text, p)
		got, err := inParts(text, p)
		if err != nil {
			// A Stream is stricter with CDATA between the parts, and with groups in the space of signatures.
			if !strings.Contains(body, "<![CDATA[") && !strings.Contains(body, space) {
				require.Error(t, refusal, text)
			}
			return
		}
		require.NoError(t, refusal, text)
		require.Equal(t, want, got, text)
	})
}
