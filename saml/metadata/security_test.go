package metadata_test

import (
	"crypto"
	"strings"
	"testing"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// What no parser should have to guess is refused in metadata as in messages: SAML-1 to SAML-9.
func TestSAML1To9Metadata(t *testing.T) {
	t.Parallel()
	const slo = `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"`
	deep := func(n int) string {
		return strings.Repeat("<x>", n) + strings.Repeat("</x>", n)
	}
	for name, c := range map[string]struct {
		bad, good []string
		reason    xmlgate.Reason
	}{
		"SAML-1 document type":          {[]string{"<md:EntityDescriptor", "<!DOCTYPE md:EntityDescriptor><md:EntityDescriptor"}, nil, xmlgate.Doctype},
		"SAML-1 entities":               {[]string{"<md:EntityDescriptor", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><md:EntityDescriptor`}, nil, xmlgate.Doctype},
		"SAML-1 inside":                 {[]string{"<md:Extensions>", "<md:Extensions><!DOCTYPE a>"}, nil, xmlgate.Doctype},
		"SAML-1 an entity":              {[]string{">Example<", ">&example;<"}, []string{">Example<", ">&amp;example;<"}, xmlgate.Entity},
		"SAML-2 another encoding":       {[]string{"<md:EntityDescriptor", `<?xml version="1.0" encoding="ISO-8859-1"?><md:EntityDescriptor`}, []string{"<md:EntityDescriptor", `<?xml version="1.0" encoding="utf-8"?><md:EntityDescriptor`}, xmlgate.Declaration},
		"SAML-2 not UTF-8":              {[]string{">Example<", ">Ex\xe4mple<"}, []string{">Example<", ">Exämple<"}, xmlgate.Encoding},
		"SAML-3 two roots":              {[]string{"</md:EntityDescriptor>", "</md:EntityDescriptor><md:EntityDescriptor/>"}, nil, xmlgate.Root},
		"SAML-3 text behind":            {[]string{"</md:EntityDescriptor>", "</md:EntityDescriptor>x"}, []string{"</md:EntityDescriptor>", "</md:EntityDescriptor>\n"}, xmlgate.Root},
		"SAML-4 an attribute twice":     {[]string{slo, slo + ` Binding="x"`}, []string{slo, slo + ` Other="x"`}, xmlgate.Duplicate},
		"SAML-5 an undeclared prefix":   {[]string{"<md:Extensions>", "<md:Extensions><y:z/>"}, []string{"<md:Extensions>", `<md:Extensions><y:z xmlns:y="urn:y"/>`}, xmlgate.Prefix},
		"SAML-5 a relative namespace":   {[]string{`xmlns:x="urn:x"`, `xmlns:x="x"`}, nil, xmlgate.Namespace},
		"SAML-6 a name with two colons": {[]string{"x:Any", "x:A:ny"}, nil, xmlgate.Name},
		"SAML-7 deep":                   {[]string{">Example<", ">" + deep(65) + "<"}, []string{">Example<", ">" + deep(60) + "<"}, xmlgate.Limit},
		"SAML-7 many":                   {[]string{">Example<", ">" + strings.Repeat("<x/>", 250_000) + "<"}, []string{">Example<", ">" + strings.Repeat("<x/>", 240_000) + "<"}, xmlgate.Limit},
		"SAML-7 an attribute":           {[]string{"javascript:alert(1)", strings.Repeat("x", 1<<16+1)}, []string{"javascript:alert(1)", strings.Repeat("x", 1<<16)}, xmlgate.Limit},
		"SAML-8 an instruction":         {[]string{"<md:Extensions>", "<md:Extensions><?x y?>"}, []string{"<md:Extensions>", "<md:Extensions><!-- x -->"}, xmlgate.Instruction},
		"SAML-8 a comment in a name":    {[]string{"nameid-format:email", "nameid-format:<!-- x -->email"}, nil, xmlgate.Comment},
		"SAML-8 a comment in a key":     {[]string{"</ds:X509Certificate>", "<!-- x --></ds:X509Certificate>"}, nil, xmlgate.Comment},
		// Between the elements of a KeyInfo a comment splits no value.
		"SAML-8 a comment beside a key": {[]string{"</ds:X509Certificate>", "</ds:X509Certificate><ds:X509SKI><!-- x --></ds:X509SKI>"}, []string{"<ds:X509Data>", "<!-- x --><ds:X509Data><!-- x -->"}, xmlgate.Comment},
		"SAML-8 an instruction behind":  {[]string{"</md:EntityDescriptor>", "</md:EntityDescriptor><?x y?>"}, nil, xmlgate.Instruction},
		"SAML-8 one before the root":    {[]string{"<md:EntityDescriptor", "<?XML x?><md:EntityDescriptor"}, []string{"<md:EntityDescriptor", "<?xml-stylesheet type='text/xsl' href='m.xsl'?>\n<md:EntityDescriptor"}, xmlgate.Instruction},
		"SAML-5 xml declared":           {[]string{`xmlns:x="urn:x"`, `xmlns:x="urn:x" xmlns:xml="urn:x"`}, []string{`xmlns:x="urn:x"`, `xmlns:x="urn:x" xmlns:xml="http://www.w3.org/XML/1998/namespace"`}, xmlgate.Namespace},
		"SAML-9 CDATA that splits":      {[]string{"nameid-format:email", "nameid-format:<![CDATA[email]]>"}, nil, xmlgate.CDATA},
		"SAML-13 an ID twice":           {[]string{"<md:Extensions>", `<md:Extensions><x ID="_metadata"/>`}, []string{"<md:Extensions>", `<md:Extensions><x ID="_other"/>`}, xmlgate.ID},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := mdParse(mdDoc(t, c.bad...))
			require.ErrorIs(t, err, metadata.CheckXML)
			require.ErrorIs(t, err, c.reason)
			assert.Nil(t, p)
			_, err = mdParse(mdDoc(t, c.good...))
			require.NoError(t, err, "the accepted twin")
		})
	}
}

// mdSigned signs the root of text by a library that is not ours.
func mdSigned(t testing.TB, text string, key crypto.Signer, method string) string {
	t.Helper()
	return mdSignedBy(t, text, key, method, dsig.MakeC14N10ExclusiveCanonicalizerWithPrefixList(""))
}

func mdSignedBy(t testing.TB, text string, key crypto.Signer, method string, c14n dsig.Canonicalizer) string {
	t.Helper()
	doc := etree.NewDocument()
	require.NoError(t, doc.ReadFromString(text))
	ctx, err := dsig.NewSigningContext(key, nil)
	require.NoError(t, err)
	ctx.Canonicalizer = c14n
	if method != "" {
		require.NoError(t, ctx.SetSignatureMethod(method))
	}
	signature, err := ctx.ConstructSignature(doc.Root(), true)
	require.NoError(t, err)
	doc.Root().InsertChildAt(0, signature)
	text, err = doc.WriteToString()
	require.NoError(t, err)
	return text
}

func mdKeys(keys ...crypto.PublicKey) func(*metadata.Options) {
	return func(o *metadata.Options) { o.Keys = keys }
}

func TestSAML55Signature(t *testing.T) {
	t.Parallel()
	federation, other := otherKey(), ecKeys()["P-256"]
	const a, b = "https://a.example/", "https://b.example/"
	named := func(name, id string) string {
		return strings.Replace(mdNamed(t, name), "entityID=", `ID="`+id+`" entityID=`, 1)
	}
	sign := func(text string) string { return mdSigned(t, text, federation, "") }
	swap := func(text, old, new string) string {
		require.Contains(t, text, old)
		return strings.ReplaceAll(text, old, new)
	}
	one, two := sign(named(a, "_a")), sign(named(b, "_b"))
	unsigned := mdGroup(`ID="_g"`, one, two)
	whole := sign(mdGroup(`ID="_g"`, named(a, "_a"), named(b, "_b")))
	signature := one[strings.Index(one, "<ds:Signature"):strings.Index(one, "</ds:Signature>")] + "</ds:Signature>"
	evil := func(attributes, extensions string) string {
		text := strings.Replace(mdNamed(t, a, "https://idp.example/", "https://evil.example/"), "entityID=", attributes+" entityID=", 1)
		return swap(text, "<md:Extensions>", extensions+"<md:Extensions>")
	}
	rsaKey, ecKey := federation.Public(), other.Public()
	for name, c := range map[string]struct {
		text, ask string
		keys      []crypto.PublicKey
		check     metadata.Check // accepted when empty
		is        xmldsig.Check  // its cause
	}{
		"the entity":                     {one, "", []crypto.PublicKey{rsaKey}, "", ""},
		"the entity, by the second key":  {one, a, []crypto.PublicKey{ecKey, idpKey().Public(), rsaKey}, "", ""},
		"the entity in a group":          {unsigned, a, []crypto.PublicKey{rsaKey}, "", ""},
		"the entity, another is not":     {mdGroup("", one, named(b, "_b")), a, []crypto.PublicKey{rsaKey}, "", ""},
		"the group":                      {whole, b, []crypto.PublicKey{rsaKey}, "", ""},
		"the group and its entities":     {sign(unsigned), b, []crypto.PublicKey{rsaKey}, "", ""},
		"nobody looks at it":             {swap(one, "/sso/post", "/sso/put"), a, nil, "", ""},
		"not signed":                     {named(a, "_a"), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, ""},
		"the entity is not signed":       {mdGroup("", named(a, "_a"), two), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, ""},
		"another key":                    {one, a, []crypto.PublicKey{idpKey().Public()}, metadata.CheckSignature, xmldsig.CheckValue},
		"the key of its own certificate": {mdSigned(t, named(a, "_a"), idpKey(), ""), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, xmldsig.CheckValue},
		"another kind of key":            {one, a, []crypto.PublicKey{ecKey}, metadata.CheckSignature, xmldsig.CheckKey},
		"another content":                {swap(one, "/sso/post", "/sso/put"), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, xmldsig.CheckDigest},
		"another content of a group":     {swap(whole, "/sso/post", "/sso/put"), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, xmldsig.CheckDigest},
		"the group's signature is bad, the entity's is good": {swap(sign(unsigned), "<md:EntitiesDescriptor", `<md:EntitiesDescriptor Name="x"`), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, xmldsig.CheckDigest},
		"the signature of another entity":                    {mdGroup("", evil(`ID="_a"`, signature), two), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, xmldsig.CheckDigest},
		"the signature of another, with another ID":          {mdGroup("", evil(`ID="_e"`, signature), one), a, []crypto.PublicKey{rsaKey}, metadata.CheckEntity, ""},
		"the signed entity in another's extensions":          {evil("", "<md:Extensions>"+one+"</md:Extensions>"), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, ""},
		"the signed entity in another's Object":              {evil(`ID="_e"`, swap(signature, "</ds:Signature>", "<ds:Object>"+swap(one, signature, "")+"</ds:Object></ds:Signature>")), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, xmldsig.CheckPlace},
		"the signed entity beside another":                   {mdGroup("", evil("", ""), one), a, []crypto.PublicKey{rsaKey}, metadata.CheckEntity, ""},
		"a signed role":                                      {swap(named(a, "_a"), "<md:KeyDescriptor use=\"signing\">", signature+"<md:KeyDescriptor use=\"signing\">"), a, []crypto.PublicKey{rsaKey}, metadata.CheckSignature, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := mdParse(c.text, mdWant(c.ask), mdKeys(c.keys...))
			if c.check == "" {
				require.NoError(t, err)
				assert.NotEmpty(t, p.SSO)
				return
			}
			require.ErrorIs(t, err, c.check)
			if c.is != "" {
				require.ErrorIs(t, err, c.is)
			}
			assert.Nil(t, p)
		})
	}
}

// Each option of a signature lifts what it says, and the refusal names it.
func TestSAML55SignatureOptions(t *testing.T) {
	t.Parallel()
	sha1 := mdSigned(t, mdDoc(t), idpKey(), dsig.RSASHA1SignatureMethod)
	p, err := mdParse(sha1, mdKeys(idpKey().Public()))
	require.ErrorIs(t, err, metadata.CheckAlgorithm)
	require.ErrorContains(t, err, "AllowSHA1")
	assert.Nil(t, p)
	_, err = mdParse(sha1, mdKeys(idpKey().Public()), func(o *metadata.Options) { o.AllowSHA1 = true })
	require.NoError(t, err)

	good := mdSigned(t, mdDoc(t), idpKey(), "")
	_, err = mdParse(good, mdKeys(smallKey()))
	require.ErrorContains(t, err, "AllowSmallRSA")
	_, err = mdParse(good, mdKeys(smallKey()), func(o *metadata.Options) { o.AllowSmallRSA = true })
	require.ErrorIs(t, err, xmldsig.CheckValue, "it is tried now")

	inclusive := mdSignedBy(t, mdDoc(t), idpKey(), "", dsig.MakeC14N10RecCanonicalizer())
	_, err = mdParse(inclusive, mdKeys(idpKey().Public()))
	require.ErrorContains(t, err, "AllowInclusiveC14N")
	_, err = mdParse(inclusive, mdKeys(idpKey().Public()), func(o *metadata.Options) { o.AllowInclusiveC14N = true })
	require.NoError(t, err)

	from, to := strings.Index(good, "<ds:Signature "), strings.Index(good, "</ds:Signature>")+len("</ds:Signature>")
	end := strings.LastIndex(good, "</")
	last := good[:from] + good[to:end] + good[from:to] + good[end:]
	_, err = mdParse(last, mdKeys(idpKey().Public()))
	require.ErrorContains(t, err, "AllowLastSignature")
	_, err = mdParse(last, mdKeys(idpKey().Public()), func(o *metadata.Options) { o.AllowLastSignature = true })
	require.NoError(t, err)
	_, err = mdParse(strings.Replace(last, "https://idp.example", "https://evil.example", 1), mdKeys(idpKey().Public()), func(o *metadata.Options) { o.AllowLastSignature = true })
	require.ErrorIs(t, err, xmldsig.CheckDigest)
}

// A Source has the same options.
func TestSAML55SignatureOptionsOfASource(t *testing.T) {
	t.Parallel()
	good := mdSigned(t, mdDoc(t), idpKey(), "")
	from, to := strings.Index(good, "<ds:Signature "), strings.Index(good, "</ds:Signature>")+len("</ds:Signature>")
	end := strings.LastIndex(good, "</")
	for option, c := range map[string]struct {
		text  string
		allow func(*metadata.Config)
	}{
		"AllowSHA1":          {mdSigned(t, mdDoc(t), idpKey(), dsig.RSASHA1SignatureMethod), func(c *metadata.Config) { c.AllowSHA1 = true }},
		"AllowInclusiveC14N": {mdSignedBy(t, mdDoc(t), idpKey(), "", dsig.MakeC14N10RecCanonicalizer()), func(c *metadata.Config) { c.AllowInclusiveC14N = true }},
		"AllowLastSignature": {good[:from] + good[to:end] + good[from:to] + good[end:], func(c *metadata.Config) { c.AllowLastSignature = true }},
	} {
		for _, allowed := range []bool{false, true} {
			mdInCell(t, func(cell *mdCell) {
				cell.serve(c.text)
				_, err := cell.source.IDP(cell.t.Context(), "")
				if allowed {
					require.NoError(cell.t, err, option)
				} else {
					require.ErrorContains(cell.t, err, option)
				}
			}, func(cfg *metadata.Config) {
				if cfg.Keys = []crypto.PublicKey{idpKey().Public()}; allowed {
					c.allow(cfg)
				}
			})
		}
	}
}

// RSASSA-PSS needs no option (RFC 9231 §2.3.10).
func TestSAML55RSAPSS(t *testing.T) {
	t.Parallel()
	for _, alg := range []xmldsig.Algorithm{xmldsig.RSAPSSSHA256, xmldsig.RSAPSSSHA384, xmldsig.RSAPSSSHA512} {
		signed, err := xmldsig.Signer{Key: idpKey(), Algorithm: alg}.Sign(mdDoc(t))
		require.NoError(t, err)
		_, err = mdParse(signed, mdKeys(idpKey().Public()))
		require.NoError(t, err)
		_, err = mdParse(strings.Replace(signed, string(alg), string(xmldsig.RSASHA256), 1), mdKeys(idpKey().Public()))
		require.ErrorIs(t, err, metadata.CheckSignature)
	}
}

// SAML-22: comments are allowed in metadata. The reference of a signature never covers them (XML Signature 1.1 §4.4.3.3), so
// a canonicalization "with comments", as pyFF always names it, has the same octets: what is between <!-- and --> proves
// nothing, is not read, and may change.
func TestSAML22MetadataSignedWithComments(t *testing.T) {
	t.Parallel()
	key := otherKey()
	const a = "https://a.example/"
	entity := strings.Replace(mdNamed(t, a), "entityID=", `ID="_a" entityID=`, 1)
	for name, text := range map[string]string{"an entity": entity, "a group": mdGroup(`ID="_g"`, entity)} {
		signed := mdSignedBy(t, text, key, "", dsig.MakeC14N10ExclusiveWithCommentsCanonicalizerWithPrefixList(""))
		require.Contains(t, signed, "WithComments")
		for _, comment := range []string{"", "<!-- backchannel -->"} {
			commented := strings.Replace(signed, "<ds:X509Data><ds:X509Certificate>MII", "<ds:X509Data>"+comment+"<ds:X509Certificate>MII", 1)
			commented = strings.Replace(commented, "<md:Extensions>", comment+"<md:Extensions>"+comment, 1)
			_, err := mdParse(commented, mdWant(a), mdKeys(key.Public()))
			require.NoError(t, err, name)
			_, err = mdParse(strings.Replace(commented, "/sso/post", "/sso/put", 1), mdWant(a), mdKeys(key.Public()))
			require.ErrorIs(t, err, xmldsig.CheckDigest, name)
			_, err = mdParse(strings.Replace(commented, "<ds:SignedInfo>", "<ds:SignedInfo><!-- x -->", 1), mdWant(a), mdKeys(key.Public()))
			require.ErrorIs(t, err, xmlgate.Comment, name)
		}
	}
}
