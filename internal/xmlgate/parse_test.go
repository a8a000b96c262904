package xmlgate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// outside allows comments everywhere but in v.
func outside(_, local string) bool { return local != "v" }

// TestRefusals gives each text that is refused beside one that differs in that one fact and passes.
func TestRefusals(t *testing.T) {
	t.Parallel()
	many := func(n int, piece func(int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(piece(i))
		}
		return b.String()
	}
	attrs := func(n int) string { return many(n, func(i int) string { return fmt.Sprintf(" a%d=''", i) }) }
	scoped := func(n int) string {
		return "<r>" + many(n, func(i int) string {
			return fmt.Sprintf("<a xmlns:p%d='u:1' xmlns:q%d='u:1' xmlns:r%d='u:1' xmlns:s%d='u:1' xmlns:t%d='u:1'>", i, i, i, i, i)
		}) + strings.Repeat("</a>", n) + "</r>"
	}
	for name, c := range map[string]struct {
		refused string
		reason  Reason
		twin    string
	}{
		// SAML-1
		"SAML1 document type":                {`<!DOCTYPE a><a/>`, Doctype, `<a/>`},
		"SAML1 document type with entities":  {`<!DOCTYPE a [<!ENTITY b "c">]><a>x</a>`, Doctype, `<a>x</a>`},
		"SAML1 document type inside":         {`<a><!DOCTYPE a></a>`, Doctype, `<a></a>`},
		"SAML1 document type after the root": {`<a/><!DOCTYPE a>`, Doctype, `<a/>`},
		"SAML1 entity declaration":           {`<a><!ENTITY b "c"></a>`, Doctype, `<a></a>`},
		"SAML1 entity":                       {`<a>&b;</a>`, Entity, `<a>&lt;</a>`},
		"SAML1 entity in an attribute":       {`<a b="&c;"/>`, Entity, `<a b="&quot;"/>`},
		"SAML1 entity without its end":       {`<a>&amp</a>`, Entity, `<a>&amp;</a>`},
		"SAML1 reference to nothing":         {`<a>&#0;</a>`, Entity, `<a>&#9;</a>`},
		"SAML1 reference to a surrogate":     {`<a>&#xD800;</a>`, Entity, `<a>&#xD7FF;</a>`},
		"SAML1 reference with a big X":       {`<a>&#X41;</a>`, Entity, `<a>&#x41;</a>`},
		"SAML1 reference out of range":       {`<a>&#x110000;</a>`, Entity, `<a>&#x10FFFF;</a>`},
		"SAML1 reference without digits":     {`<a>&#x;</a>`, Entity, `<a>&#x9;</a>`},

		// SAML-2
		"SAML2 other encoding":           {`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, Declaration, `<?xml version="1.0" encoding="utf-8"?><a/>`},
		"SAML2 UTF-16 label":             {`<?xml version="1.0" encoding="UTF-16"?><a/>`, Declaration, `<?xml version="1.0" encoding="UTF-8"?><a/>`},
		"SAML2 version 1.1":              {`<?xml version="1.1"?><a/>`, Declaration, `<?xml version="1.0"?><a/>`},
		"SAML2 no version":               {`<?xml encoding="UTF-8"?><a/>`, Declaration, `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><a/>`},
		"SAML2 standalone maybe":         {`<?xml version="1.0" standalone="maybe"?><a/>`, Declaration, `<?xml version="1.0" standalone="no"?><a/>`},
		"SAML2 UTF-16 body":              {"\xff\xfe<\x00a\x00/\x00>\x00", Encoding, `<a/>`},
		"SAML2 BOM in the middle":        {"<a>\ufeff</a>", Encoding, "\ufeff<a></a>"},
		"SAML2 two BOMs":                 {"\ufeff\ufeff<a/>", Encoding, "\ufeff<a/>"},
		"SAML2 invalid UTF-8":            {"<a>\xc3</a>", Encoding, "<a>\u00c3</a>"},
		"SAML2 overlong":                 {"<a>\xc0\xbc</a>", Encoding, "<a>\u00fc</a>"},
		"SAML2 noncharacter":             {"<a>\uffff</a>", Encoding, "<a>\ufffd</a>"},
		"SAML2 control":                  {"<a>\x01</a>", Encoding, "<a>\t</a>"},
		"SAML2 control in an attribute":  {"<a b='\x00'/>", Encoding, "<a b='\t'/>"},
		"SAML2 control in CDATA":         {"<a><![CDATA[\x0b]]></a>", Encoding, "<a><![CDATA[\n]]></a>"},
		"SAML2 control in a comment":     {"<a><!--\x0b--></a>", Encoding, "<a><!--\n--></a>"},
		"SAML2 declaration after a line": {"\n<?xml version='1.0'?><a/>", Instruction, "\n<a/>"},

		// SAML-3
		"SAML3 two roots":          {`<a/><b/>`, Root, `<a/>`},
		"SAML3 text after":         {`<a/>x`, Root, "<a/>\n"},
		"SAML3 text before":        {`x<a/>`, Root, " <a/>"},
		"SAML3 reference after":    {`<a/>&#32;`, Root, "<a/> "},
		"SAML3 CDATA after":        {`<a/><![CDATA[]]>`, Root, "<a/>"},
		"SAML3 none":               {``, Root, "<a/>"},
		"SAML3 only a declaration": {`<?xml version="1.0"?>`, Root, `<?xml version="1.0"?><a/>`},
		"SAML3 not closed":         {`<a><b></b>`, Syntax, `<a><b></b></a>`},
		"SAML3 closed twice":       {`<a></a></a>`, Syntax, `<a></a>`},

		// SAML-4
		"SAML4 attribute twice":               {`<a b="" b=""/>`, Duplicate, `<a b="" B=""/>`},
		"SAML4 attribute twice by its name":   {`<a xmlns:p="u:1" xmlns:q="u:1" p:b="" q:b=""/>`, Duplicate, `<a xmlns:p="u:1" xmlns:q="u:2" p:b="" q:b=""/>`},
		"SAML4 declaration twice":             {`<a xmlns:p="u:1" xmlns:p="u:1"/>`, Duplicate, `<a xmlns:p="u:1" xmlns:q="u:1"/>`},
		"SAML4 default declaration twice":     {`<a xmlns="u:1" xmlns="u:1"/>`, Duplicate, `<a xmlns="u:1" xmlns:p="u:1"/>`},
		"SAML4 attribute without white space": {`<a b=""c=""/>`, Syntax, `<a b="" c=""/>`},
		"SAML4 attribute without quotes":      {`<a b=c/>`, Syntax, `<a b='c'/>`},
		"SAML4 attribute without value":       {`<a b/>`, Syntax, `<a b=""/>`},
		"SAML4 attribute with <":              {`<a b="<"/>`, Syntax, `<a b="&lt;"/>`},

		// SAML-5
		"SAML5 prefix not declared":               {`<p:a/>`, Prefix, `<p:a xmlns:p="u:1"/>`},
		"SAML5 attribute's prefix":                {`<a p:b=""/>`, Prefix, `<a p:b="" xmlns:p="u:1"/>`},
		"SAML5 prefix out of scope":               {`<a><b xmlns:p="u:1"/><p:c/></a>`, Prefix, `<a><b xmlns:p="u:1"><p:c/></b></a>`},
		"SAML5 scope of an empty element":         {`<a><b xmlns:p="u:1"/><c p:d=""/></a>`, Prefix, `<a xmlns:p="u:1"><b/><c p:d=""/></a>`},
		"SAML5 empty namespace":                   {`<a xmlns:p=""/>`, Namespace, `<a xmlns=""/>`},
		"SAML5 relative namespace":                {`<a xmlns:p="../x"/>`, Namespace, `<a xmlns:p="x:x"/>`},
		"SAML5 relative default":                  {`<a xmlns="x"/>`, Namespace, `<a xmlns="x:"/>`},
		"SAML5 namespace with a reference":        {`<a xmlns="u:&#65;"/>`, Namespace, `<a xmlns="u:A"/>`},
		"SAML5 namespace with white space":        {"<a xmlns='u: A'/>", Namespace, `<a xmlns='u:A'/>`},
		"SAML5 xml bound":                         {`<a xmlns:xml="u:1"/>`, Namespace, `<a xmlns:xmk="u:1"/>`},
		"SAML5 xmlns bound":                       {`<a xmlns:xmlns="u:1"/>`, Namespace, `<a xmlns:xmlnt="u:1"/>`},
		"SAML5 bound to xml":                      {`<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>`, Namespace, `<a xmlns:p="http://www.w3.org/XML/1998/namespaces"/>`},
		"SAML5 default bound to xmlns":            {`<a xmlns="http://www.w3.org/2000/xmlns/"/>`, Namespace, `<a xmlns="http://www.w3.org/2000/xmlns"/>`},
		"SAML5 element with the prefix of xmlns":  {`<xmlns:a/>`, Namespace, `<xml:a/>`},
		"SAML5 white space before the prefix":     {`< p:a xmlns:p="u:1"/>`, Name, `<p:a  xmlns:p="u:1"/>`},
		"SAML5 end tag of another prefix":         {`<p:a xmlns:p="u:1" xmlns:q="u:1"></q:a>`, Syntax, `<p:a xmlns:p="u:1" xmlns:q="u:1"></p:a>`},
		"SAML5 end tag that goes on":              {`<a></ab>`, Syntax, `<a></a >`},
		"SAML5 end tag with an attribute":         {`<a></a b="">`, Syntax, "<a></a\n>"},
		"SAML5 space in the end of an empty one":  {`<a / >`, Syntax, `<a />`},
		"SAML5 unescaped end of a CDATA section":  {`<a>]]></a>`, Syntax, `<a>]]&gt;</a>`},
		"SAML5 attribute that looks like a bound": {`<a xmlns:p="u:1" xmlns:="u:2"/>`, Name, `<a xmlns:p="u:1" xmlns="u:2"/>`},

		// SAML-6
		"SAML6 no prefix":           {`<:a/>`, Name, `<_a/>`},
		"SAML6 no local name":       {`<p: xmlns:p="u:1"/>`, Name, `<p:a xmlns:p="u:1"/>`},
		"SAML6 two colons":          {`<p:a:b xmlns:p="u:1"/>`, Name, `<p:a-b xmlns:p="u:1"/>`},
		"SAML6 attribute's colon":   {`<a :b=""/>`, Name, `<a b=""/>`},
		"SAML6 digit first":         {`<1a/>`, Name, `<a1/>`},
		"SAML6 comment of nothing":  {`<a><!--></a>`, Syntax, `<a><!----></a>`},
		"SAML6 dashes in comment":   {`<a><!-- -- --></a>`, Syntax, `<a><!-- - --></a>`},
		"SAML6 dash ends comment":   {`<a><!-- ---></a>`, Syntax, `<a><!-- --></a>`},
		"SAML6 odd directive":       {`<a><!x></a>`, Doctype, `<a></a>`},
		"SAML6 directive in quotes": {`<!DOCTYPE a "<!--" x "-->"><a/>`, Doctype, `<a/>`},
		"SAML6 symbol in a name":    {`<a×/>`, Name, `<aÖ/>`},

		// SAML-7; the byte limit has a test of its own
		"SAML7 depth":          {strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65), Limit, strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64)},
		"SAML7 attributes":     {"<a" + attrs(65) + "/>", Limit, "<a" + attrs(64) + "/>"},
		"SAML7 name":           {"<" + strings.Repeat("a", 1025) + "/>", Limit, "<" + strings.Repeat("a", 1024) + "/>"},
		"SAML7 attribute name": {"<a " + strings.Repeat("a", 1025) + "=''/>", Limit, "<a " + strings.Repeat("a", 1024) + "=''/>"},
		"SAML7 value":          {"<a b='" + strings.Repeat("c", 1<<16+1) + "'/>", Limit, "<a b='" + strings.Repeat("c", 1<<16) + "'/>"},
		"SAML7 nodes":          {"<r>" + strings.Repeat("<a/>", 100_000) + "</r>", Limit, "<r>" + strings.Repeat("<a/>", 99_999) + "</r>"},
		"SAML7 declarations":   {scoped(52), Limit, scoped(51)},

		// SAML-8
		"SAML8 instruction before":         {`<?x y?><a/>`, Instruction, `<a/>`},
		"SAML8 instruction inside":         {`<a><?x y?></a>`, Instruction, `<a></a>`},
		"SAML8 declaration inside":         {`<a><?xml version="1.0"?></a>`, Instruction, `<?xml version="1.0"?><a></a>`},
		"SAML8 style sheet":                {`<?xml-stylesheet href=""?><a/>`, Instruction, `<?xml version="1.0"?><a/>`},
		"SAML8 comment in a value":         {`<a><v>a<!---->b</v></a>`, Comment, `<a>a<!---->b<v/></a>`},
		"SAML8 comment deeper in a value":  {`<v><a><!----></a></v>`, Comment, `<a><a><!----></a></a>`},
		"SAML8 comment where none is left": {`<v><!----></v>`, Comment, `<v></v><!---->`},

		// SAML-9
		"SAML9 CDATA behind text":   {`<a>x<![CDATA[y]]></a>`, CDATA, `<a><![CDATA[xy]]></a>`},
		"SAML9 CDATA before text":   {`<a><![CDATA[x]]>y</a>`, CDATA, `<a><![CDATA[xy]]></a>`},
		"SAML9 two CDATA sections":  {`<a><![CDATA[x]]><![CDATA[y]]></a>`, CDATA, `<a><b><![CDATA[x]]></b><c><![CDATA[y]]></c></a>`},
		"SAML9 CDATA and element":   {`<a><![CDATA[x]]><b/></a>`, CDATA, `<a><![CDATA[x<b/>]]></a>`},
		"SAML9 CDATA after element": {`<a><b/><![CDATA[x]]></a>`, CDATA, `<a><![CDATA[<b/>x]]></a>`},
		"SAML9 CDATA not closed":    {`<a><![CDATA[x]]</a>`, Syntax, `<a><![CDATA[x]]]></a>`},

		// SAML-13, and the shape of IDs
		"SAML13 ID twice":             {`<a ID="x"><b ID="x"/></a>`, ID, `<a ID="x"><b ID="y"/></a>`},
		"SAML13 ID and Id":            {`<a ID="x"><b Id="x"/></a>`, ID, `<a ID="x"><b Ie="x"/></a>`},
		"SAML13 id and xml:id":        {`<a id="x"><b xml:id="x"/></a>`, ID, `<a id="x"><b xml:ie="x"/></a>`},
		"SAML13 two on one element":   {`<a ID="x" id="x"/>`, ID, `<a ID="x" id="y"/>`},
		"SAML13 another's id":         {`<a xmlns:p="u:1" id="x" xml:id="x"/>`, ID, `<a xmlns:p="u:1" id="x" p:id="x"/>`},
		"SAML20 quotes in an ID":      {`<a ID="x'"/>`, ID, `<a ID="x"/>`},
		"SAML20 colon in an ID":       {`<a ID="x:y"/>`, ID, `<a ID="x.y"/>`},
		"SAML20 digit begins an ID":   {`<a ID="1"/>`, ID, `<a ID="_1"/>`},
		"SAML20 reference in an ID":   {`<a ID="&#120;"/>`, ID, `<a ID="x"/>`},
		"SAML20 empty ID":             {`<a ID=""/>`, ID, `<a ID="_"/>`},
		"SAML13 the fortieth repeats": {"<r>" + many(40, func(i int) string { return fmt.Sprintf("<a ID='a%d'/>", i) }) + "<b ID='a3'/></r>", ID, "<r>" + many(40, func(i int) string { return fmt.Sprintf("<a ID='a%d'/>", i) }) + "<b ID='b3'/></r>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(c.refused, Options{Comments: outside})
			require.ErrorIs(t, err, c.reason)
			_, err = Parse(c.twin, Options{Comments: outside})
			require.NoError(t, err, c.twin[:min(len(c.twin), 200)])
		})
	}
}

func TestCommentsAreRefusedUnlessAllowed(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"<!----><a/>", "<a/><!---->", "<a><!----></a>"} {
		_, err := Parse(s, Options{})
		require.ErrorIs(t, err, Comment, s)
		_, err = Parse(s, Options{Comments: outside})
		require.NoError(t, err, s)
	}
}

func TestLimitsAreSettable(t *testing.T) {
	t.Parallel()
	_, err := Parse("<a>12345</a>", Options{MaxBytes: 11})
	require.ErrorIs(t, err, Limit)
	_, err = Parse("<a>12345</a>", Options{MaxBytes: 12})
	require.NoError(t, err)
	_, err = Parse("<a><b c=''/>x</a>", Options{MaxNodes: 3})
	require.ErrorIs(t, err, Limit)
	_, err = Parse("<a><b c=''/>x</a>", Options{MaxNodes: 4})
	require.NoError(t, err)
	_, err = Parse("<a>"+strings.Repeat("x", 1<<20), Options{})
	require.ErrorIs(t, err, Limit)
	_, err = Parse("<a>"+strings.Repeat("x", 1<<20-7)+"</a>", Options{})
	require.NoError(t, err)
}

// TestHostileTextsEndSoon gives texts whose cost would not be linear in a careless reader.
func TestHostileTextsEndSoon(t *testing.T) {
	t.Parallel()
	ids := &strings.Builder{}
	for i := range 40_000 {
		fmt.Fprintf(ids, "<a ID='a%d'/>", i)
	}
	prefixes := &strings.Builder{}
	for i := range 250 {
		if i%50 == 0 {
			prefixes.WriteString("<r")
		}
		fmt.Fprintf(prefixes, " xmlns:p%03d='u:%d'", i, i)
		if i%50 == 49 {
			prefixes.WriteString(">")
		}
	}
	for name, s := range map[string]string{
		"deep":       strings.Repeat("<a>", 10_000),
		"IDs":        "<r>" + ids.String() + "</r>",
		"prefixes":   prefixes.String() + strings.Repeat("<p000:a/>", 90_000) + strings.Repeat("</r>", 5),
		"ampersands": "<a>" + strings.Repeat("&", 1<<19),
		"brackets":   "<a>" + strings.Repeat("]", 1<<19) + "</a>",
		"comments":   "<a>" + strings.Repeat("<!---->", 1<<17) + "</a>",
		"CDATA":      "<a>" + strings.Repeat("<![CDATA[", 1<<16) + "</a>",
		"opens":      strings.Repeat("<", 1<<20),
	} {
		start := time.Now()
		_, err := Parse(s, Options{Comments: outside})
		assert.Less(t, time.Since(start), 5*time.Second, name)
		assert.Equal(t, name == "IDs" || name == "prefixes" || name == "brackets" || name == "comments", err == nil, "%s: %v", name, err)
	}
}

func TestErrorsDoNotQuote(t *testing.T) {
	t.Parallel()
	_, err := Parse("<secret></public>", Options{})
	assert.EqualError(t, err, "xml: not well-formed at byte 8")
}
