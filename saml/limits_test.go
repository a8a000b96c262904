package saml_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func repeated(n int, piece func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(piece(i))
	}
	return b.String()
}

// cost is what one login allocates and how long it takes. Nothing else may run: these tests are not parallel.
func cost(t *testing.T, m message, doc string) (got *saml.Assertion, bytes int, took time.Duration, err error) {
	t.Helper()
	c, login, r := m.client(t), m.pending(), m.present(doc)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	got, err = c.CompleteLogin(t.Context(), login, r)
	took = time.Since(began)
	runtime.ReadMemStats(&after)
	return got, int(after.TotalAlloc - before.TotalAlloc), took, err
}

// crowded is a message whose user is in many groups, each with its type and its distinguished name.
func crowded(m message, groups int) message {
	values := repeated(groups, func(i int) string {
		return fmt.Sprintf(`<saml:AttributeValue xsi:type="xs:string">CN=team %05d,OU=Groups,DC=corp,DC=example</saml:AttributeValue>`, i)
	})
	says(`<saml:Attribute Name="none"/>`, `<saml:Attribute Name="none">`+values+`</saml:Attribute>`)(&m)
	return m
}

func TestSAML07TwentyThousandGroups(t *testing.T) {
	const groups = 20_000 / thinned
	for name, m := range map[string]message{
		"assertion signed": signedAssertion(), "encrypted": sealed(),
		"both, indented": {text: indent(plain, "\n"), signR: &signature{}, signA: &signature{}},
	} {
		m = crowded(m, groups)
		doc := m.xml(t)
		got, bytes, _, err := cost(t, m, doc)
		require.NoError(t, err, name)
		require.Len(t, got.Attributes, 2, name)
		require.Len(t, got.Attributes[1].Values, groups, name)
		last := got.Attributes[1].Values[groups-1]
		assert.Equal(t, saml.Value{Type: "xs:string", Text: fmt.Sprintf("CN=team %05d,OU=Groups,DC=corp,DC=example", groups-1)}, last, name)
		assert.Len(t, last.Text, 42)
		t.Logf("%s: %d bytes, %.1f times as many allocated", name, len(doc), float64(bytes)/float64(len(doc)))
		assert.Less(t, bytes, 64*len(doc), name)
	}
}

// TestSAML07TooMuch presents what costs a careless reader its time or memory. Each row is refused, or accepted where it
// stands in what is not read, for no more than a multiple of what a harmless message of its kind costs.
func TestSAML07TooMuch(t *testing.T) {
	if raceDetector {
		t.Skip("it is about time and memory, of which the race detector takes ten times as much")
	}
	m := signedAssertion()
	doc := m.xml(t)
	ample := crowded(m, 20_000)
	_, _, unit, err := cost(t, ample, ample.xml(t))
	require.NoError(t, err)
	extension := func(s string) string {
		return strings.Replace(doc, "<samlp:Status>", "<samlp:Extensions>"+s+"</samlp:Extensions><samlp:Status>", 1)
	}
	signature := func(old, replacement string) string { return strings.Replace(doc, old, replacement, 1) }
	long := strings.Repeat("x", 900)
	declarations := repeated(50, func(i int) string { return fmt.Sprintf(" xmlns:p%d='u:%s%d'", i, long, i) })
	const inclusive = `<ec:InclusiveNamespaces xmlns:ec="` + excC14N + `" PrefixList="%s"/>`
	const c14n = `<ds:CanonicalizationMethod Algorithm="` + excC14N + `">`
	crafted := func(list, info string) string {
		info = c14n + list + `</ds:CanonicalizationMethod>` + info
		return strings.Replace(signature(c14n+`</ds:CanonicalizationMethod>`, info), "<samlp:Response ", "<samlp:Response"+declarations+" ", 1)
	}
	list := fmt.Sprintf(inclusive, repeated(32, func(i int) string { return fmt.Sprintf("p%d ", i) }))
	const none, plainEnd = `<saml:Attribute Name="none"/>`, `</saml:AttributeStatement>`
	signs := func(old, replacement string) string { // what an identity provider that is no friend can sign
		m := signedAssertion()
		says(old, replacement)(&m)
		return m.xml(t)
	}
	value := func(s string) string {
		return `<saml:Attribute Name="x"><saml:AttributeValue>` + s + `</saml:AttributeValue></saml:Attribute>`
	}
	for name, row := range map[string]struct {
		doc   string
		check saml.Check // empty is accepted
	}{
		"depth":                         {extension(strings.Repeat("<a>", 100_000) + strings.Repeat("</a>", 100_000)), saml.CheckXML},
		"depth that never ends":         {extension(strings.Repeat("<a>", 100_000)), saml.CheckXML},
		"attributes of one":             {extension("<a" + repeated(500_000, func(i int) string { return fmt.Sprintf(" a%d=''", i) }) + "/>"), saml.CheckXML},
		"attributes of many":            {extension(strings.Repeat("<a b='' c='' d='' e=''/>", 200_000)), saml.CheckXML},
		"attributes told apart by name": {extension("<r" + declarations + ">" + strings.Repeat("<a"+repeated(50, func(i int) string { return fmt.Sprintf(" p%d:a=''", i) })+"/>", 4_000) + "</r>"), ""},
		"a million nodes":               {extension(strings.Repeat("<a/>", 1_000_000)), saml.CheckXML},
		"nodes within the limit":        {extension(strings.Repeat("<a/>", 240_000)), ""},
		"deep and wide":                 {extension(strings.Repeat(strings.Repeat("<a>", 50)+strings.Repeat("</a>", 50), 4_000)), ""},
		"one long text":                 {extension("<a>" + strings.Repeat("&amp;", 800_000) + "</a>"), ""},
		"a long attribute":              {extension("<a b='" + strings.Repeat("x", 1<<16+1) + "'/>"), saml.CheckXML},
		"IDs":                           {extension(repeated(100_000, func(i int) string { return fmt.Sprintf("<a ID='i%d'/>", i) })), ""},
		"IDs, and one again":            {extension(repeated(100_000, func(i int) string { return fmt.Sprintf("<a ID='i%d'/>", i) }) + "<a ID='i7'/>"), saml.CheckXML},
		"namespaces":                    {extension(repeated(60_000, func(i int) string { return fmt.Sprintf("<a xmlns='u:%d'/>", i) })), ""},
		"too many namespaces":           {extension(repeated(100_000, func(i int) string { return fmt.Sprintf("<a xmlns='u:%d'/>", i) })), saml.CheckXML},
		"namespaces in scope":           {extension(repeated(6, func(i int) string { return "<r" + strings.ReplaceAll(declarations, ":p", fmt.Sprintf(":q%d", i)) + ">" })), saml.CheckXML},
		"a long prefix list":            {crafted(fmt.Sprintf(inclusive, repeated(9_000, func(i int) string { return fmt.Sprintf("p%d ", i) })), ""), saml.CheckSignature},
		"a prefix list and nodes":       {crafted(list, strings.Repeat("<p0:a/>", 200_000)), saml.CheckSignature},
		"a prefix list and rebinding":   {crafted(list, strings.Repeat("<p0:a xmlns:p0='u:y' xmlns:p1='u:y'/>", 50_000)), saml.CheckSignature},
		"declarations that multiply":    {crafted("", strings.Repeat("<p0:a/>", 200_000)), saml.CheckSignature},
		"many references":               {signature("</ds:SignedInfo>", strings.Repeat(oneReferenceOf("_assertion"), 8_000)+"</ds:SignedInfo>"), saml.CheckSignature},
		"many transforms":               {signature("</ds:Transforms>", strings.Repeat(`<ds:Transform Algorithm="`+excC14N+`"/>`, 40_000)+"</ds:Transforms>"), saml.CheckSignature},
		"a long value":                  {signature("<ds:SignatureValue>", "<ds:SignatureValue>"+strings.Repeat("AAAA\n", 400_000)), saml.CheckSignature},
		"a long KeyInfo":                {signature("</ds:Signature>", "<ds:KeyInfo>"+strings.Repeat("<a/>", 200_000)+"</ds:KeyInfo></ds:Signature>"), ""},
		"signatures":                    {extension(strings.Repeat("<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>", 40_000)), saml.CheckSignature},
		"assertions":                    {extension(strings.Repeat("<saml:Assertion/>", 200_000)), saml.CheckAssertion},
		"confirmations":                 {signature(plainConfirmed, strings.Repeat(plainConfirmed, 20_000)), saml.CheckSignature},
		"status codes":                  {signature("<samlp:Status>", "<samlp:Status>"+strings.Repeat("<samlp:StatusCode/>", 200_000)), saml.CheckStatus},
		"issuers":                       {signature("<samlp:Status>", strings.Repeat("<saml:Issuer>x</saml:Issuer>", 80_000)+"<samlp:Status>"), saml.CheckIssuer},
		"encrypted keys that are named": {manyKeys(t, 20_000, 30_000), saml.CheckEncryption},
		"encrypted keys":                {manyKeys(t, 1, 60_000), saml.CheckEncryption},
		"keys that are named":           {manyKeys(t, 60_000, 1), saml.CheckEncryption},
		"types without end":             {signs(none, value(`<r xsi:type="xs:r">`+repeated(110_000, func(i int) string { return fmt.Sprintf(`<a xsi:type="p%06d:x"/>`, i) })+"</r>")), ""},
		"statements":                    {signs(plainEnd, plainEnd+strings.Repeat(`<saml:AttributeStatement>`+value("<a/>")+plainEnd, 40_000)), saml.CheckAttributes},
		"statements, one too many":      {signs(plainEnd, plainEnd+strings.Repeat(`<saml:AttributeStatement>`+value("<a/>")+plainEnd, 100)), saml.CheckAttributes},
		"statements that end it":        {signs(plainEnd, plainEnd+strings.Repeat(`<saml:AttributeStatement>`+value("<a/>")+plainEnd, 99)), ""},
		"encrypted attributes":          {signs(none, none+sealedAttributes(t, 65)), saml.CheckAttributes},
		"encrypted attributes, few":     {signs(none, none+sealedAttributes(t, 64)), ""},
	} {
		_, bytes, took, err := cost(t, m, row.doc)
		if row.check == "" {
			assert.NoError(t, err, name)
		} else {
			assert.ErrorIs(t, err, row.check, name)
		}
		assert.Less(t, bytes, 128<<20+16*len(row.doc), name)
		assert.Less(t, took, 100*unit+time.Second, "%s: it costs more than what it stands for", name)
	}
}

// sealedAttributes are encrypted attributes, each with a key of its own.
func sealedAttributes(t *testing.T, n int) string {
	t.Helper()
	const attribute = `{X}<saml:Attribute xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Name="sealed"/>{/X}`
	one := (&encryption{edits: []edit{{` Id="_dataEncryptedAttribute"`, ""}, {` Id="_keyEncryptedAttribute"`, ""}}}).mark(t, attribute, "{X}", "{/X}", "EncryptedAttribute")
	return strings.Repeat(one, n)
}

// manyKeys is a message with many EncryptedKeys and as many ways to find one.
func manyKeys(t *testing.T, named, there int) string {
	t.Helper()
	doc := message{text: plain, encE: &encryption{sibling: true}}.xml(t)
	from, to := strings.Index(doc, "<xenc:EncryptedKey"), strings.Index(doc, "</xenc:EncryptedKey>")+len("</xenc:EncryptedKey>")
	doc = doc[:from] + repeated(there, func(i int) string {
		return fmt.Sprintf(`<xenc:EncryptedKey xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" Id="_k%d"/>`, i)
	}) + doc[to:]
	one := fmt.Sprintf(`<ds:RetrievalMethod Type="http://www.w3.org/2001/04/xmlenc#EncryptedKey" URI="#_k%d"/>`, there-1)
	from = strings.Index(doc, "<ds:RetrievalMethod")
	to = from + strings.Index(doc[from:], "/>") + len("/>")
	return doc[:from] + strings.Repeat(one, named) + doc[to:]
}

func TestSAML07Sizes(t *testing.T) {
	large := func(n int) change {
		return tampered("<samlp:Status>", "<samlp:Extensions><x>"+strings.Repeat("x", n)+"</x></samlp:Extensions><samlp:Status>")
	}
	bomb := func(m *message) {
		m.config = func(c *saml.Config) { c.AllowDeflatedPOST = true }
		m.encode = deflated
	}
	refusals(t, signedAssertion, map[string]refusal{
		"posted":                  {large(9 << 20), saml.CheckMalformed, large(1 << 20)},
		"posted, settable":        {all(large(1<<20), with(func(c *saml.Config) { c.MaxMessage = 1 << 20 })), saml.CheckMalformed, all(large(1<<19), with(func(c *saml.Config) { c.MaxMessage = 1 << 20 }))},
		"deflate bomb":            {all(bomb, large(8<<20)), saml.CheckMalformed, all(bomb, large(1<<19))},
		"deflated, settable":      {all(bomb, large(1<<19), with(func(c *saml.Config) { c.MaxInflated = 1 << 19 })), saml.CheckMalformed, all(bomb, large(1<<18), with(func(c *saml.Config) { c.MaxInflated = 1 << 19 }))},
		"deflated, not asked for": {func(m *message) { m.encode = deflated }, saml.CheckXML, bomb},
		"nodes, settable":         {with(func(c *saml.Config) { c.MaxNodes = 60 }), saml.CheckXML, with(func(c *saml.Config) { c.MaxNodes = 200 })},
	})
}

// A bomb of 64 MiB is inflated no further than to the limit.
func TestSAML07DeflateBombCostsNothing(t *testing.T) {
	m := signedAssertion()
	m.config = func(c *saml.Config) { c.AllowDeflatedPOST = true }
	m.encode = func([]byte) []byte { return deflated(make([]byte, 64<<20)) }
	_, bytes, _, err := cost(t, m, "")
	require.ErrorIs(t, err, saml.CheckMalformed)
	assert.Less(t, bytes, 16<<20)
}
