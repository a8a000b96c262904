package xmlgate

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// outside allows comments everywhere but in v.
func outside(_, local string) bool { return local != "v" }

// refusal is a text that is refused, beside one that differs in that one fact and passes.
type refusal struct {
	refused string
	reason  Reason
	twin    string
}

func refusals(t *testing.T, table map[string]refusal) {
	t.Helper()
	t.Parallel()
	for name, r := range table {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(r.refused, Options{Comments: outside})
			require.ErrorIs(t, err, r.reason)
			_, err = Parse(r.twin, Options{Comments: outside})
			require.NoError(t, err, r.twin[:min(len(r.twin), 200)])
		})
	}
}

func many(n int, piece func(int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(piece(i))
	}
	return b.String()
}

func TestSAML1DocumentTypesAndEntities(t *testing.T) {
	refusals(t, map[string]refusal{
		"document type":                {`<!DOCTYPE a><a/>`, Doctype, `<a/>`},
		"document type with entities":  {`<!DOCTYPE a [<!ENTITY b "c">]><a>x</a>`, Doctype, `<a>x</a>`},
		"document type inside":         {`<a><!DOCTYPE a></a>`, Doctype, `<a></a>`},
		"document type after the root": {`<a/><!DOCTYPE a>`, Doctype, `<a/>`},
		"entity declaration":           {`<a><!ENTITY b "c"></a>`, Doctype, `<a></a>`},
		"entity":                       {`<a>&b;</a>`, Entity, `<a>&lt;</a>`},
		"entity in an attribute":       {`<a b="&c;"/>`, Entity, `<a b="&quot;"/>`},
		"entity without its end":       {`<a>&amp</a>`, Entity, `<a>&amp;</a>`},
		"reference to nothing":         {`<a>&#0;</a>`, Entity, `<a>&#9;</a>`},
		"reference to a surrogate":     {`<a>&#xD800;</a>`, Entity, `<a>&#xD7FF;</a>`},
		"reference with a big X":       {`<a>&#X41;</a>`, Entity, `<a>&#x41;</a>`},
		"reference out of range":       {`<a>&#x110000;</a>`, Entity, `<a>&#x10FFFF;</a>`},
		"reference without digits":     {`<a>&#x;</a>`, Entity, `<a>&#x9;</a>`},
	})
}

func TestSAML2Encodings(t *testing.T) {
	refusals(t, map[string]refusal{
		"other encoding":   {`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, Declaration, `<?xml version="1.0" encoding="utf-8"?><a/>`},
		"UTF-16 label":     {`<?xml version="1.0" encoding="UTF-16"?><a/>`, Declaration, `<?xml version="1.0" encoding="UTF-8"?><a/>`},
		"version 1.1":      {`<?xml version="1.1"?><a/>`, Declaration, `<?xml version="1.0"?><a/>`},
		"no version":       {`<?xml encoding="UTF-8"?><a/>`, Declaration, `<?xml version='1.0' encoding='UTF-8' standalone='yes' ?><a/>`},
		"standalone maybe": {`<?xml version="1.0" standalone="maybe"?><a/>`, Declaration, `<?xml version="1.0" standalone="no"?><a/>`},
		"UTF-16 body":      {"\xff\xfe<\x00a\x00/\x00>\x00", Encoding, `<a/>`},
		// Inside, U+FEFF is a character like others (XML 1.0 §2.2); it is neither white space nor part of a name.
		"BOM in the middle":        {"<a \ufeff></a>", Name, "<a>\ufeff</a>"},
		"BOM in a name":            {"<a\ufeff></a\ufeff>", Name, "<a b='\ufeff'></a>"},
		"BOM behind the root":      {"<a/>\ufeff", Root, "\ufeff<a/>\n"},
		"two BOMs":                 {"\ufeff\ufeff<a/>", Root, "\ufeff<a>\ufeff\ufeff</a>"},
		"invalid UTF-8":            {"<a>\xc3</a>", Encoding, "<a>\u00c3</a>"},
		"overlong":                 {"<a>\xc0\xbc</a>", Encoding, "<a>\u00fc</a>"},
		"noncharacter":             {"<a>\uffff</a>", Encoding, "<a>\ufffd</a>"},
		"control":                  {"<a>\x01</a>", Encoding, "<a>\t</a>"},
		"control in an attribute":  {"<a b='\x00'/>", Encoding, "<a b='\t'/>"},
		"control in CDATA":         {"<a><![CDATA[\x0b]]></a>", Encoding, "<a><![CDATA[\n]]></a>"},
		"control in a comment":     {"<a><!--\x0b--></a>", Encoding, "<a><!--\n--></a>"},
		"declaration after a line": {"\n<?xml version='1.0'?><a/>", Instruction, "\n<a/>"},
	})
}

func TestSAML3OneRoot(t *testing.T) {
	refusals(t, map[string]refusal{
		"two roots":          {`<a/><b/>`, Root, `<a/>`},
		"text after":         {`<a/>x`, Root, "<a/>\n"},
		"text before":        {`x<a/>`, Root, " <a/>"},
		"reference after":    {`<a/>&#32;`, Root, "<a/> "},
		"CDATA after":        {`<a/><![CDATA[]]>`, Root, "<a/>"},
		"none":               {``, Root, "<a/>"},
		"only a declaration": {`<?xml version="1.0"?>`, Root, `<?xml version="1.0"?><a/>`},
		"not closed":         {`<a><b></b>`, Syntax, `<a><b></b></a>`},
		"closed twice":       {`<a></a></a>`, Syntax, `<a></a>`},
	})
}

func TestSAML4DuplicateAttributes(t *testing.T) {
	refusals(t, map[string]refusal{
		"attribute twice":               {`<a b="" b=""/>`, Duplicate, `<a b="" B=""/>`},
		"attribute twice by its name":   {`<a xmlns:p="u:1" xmlns:q="u:1" p:b="" q:b=""/>`, Duplicate, `<a xmlns:p="u:1" xmlns:q="u:2" p:b="" q:b=""/>`},
		"declaration twice":             {`<a xmlns:p="u:1" xmlns:p="u:1"/>`, Duplicate, `<a xmlns:p="u:1" xmlns:q="u:1"/>`},
		"default declaration twice":     {`<a xmlns="u:1" xmlns="u:1"/>`, Duplicate, `<a xmlns="u:1" xmlns:p="u:1"/>`},
		"attribute without white space": {`<a b=""c=""/>`, Syntax, `<a b="" c=""/>`},
		"attribute without quotes":      {`<a b=c/>`, Syntax, `<a b='c'/>`},
		"attribute without value":       {`<a b/>`, Syntax, `<a b=""/>`},
		"attribute with <":              {`<a b="<"/>`, Syntax, `<a b="&lt;"/>`},
	})
}

// SAML-5: xml declared to its own name, which Namespaces in XML 1.0 §3 permits, is accepted since Shibboleth's metadata has
// it: TestSAML05XMLMayBeDeclaredToItsOwnName.
func TestSAML5Namespaces(t *testing.T) {
	refusals(t, map[string]refusal{
		"prefix not declared":               {`<p:a/>`, Prefix, `<p:a xmlns:p="u:1"/>`},
		"attribute's prefix":                {`<a p:b=""/>`, Prefix, `<a p:b="" xmlns:p="u:1"/>`},
		"prefix out of scope":               {`<a><b xmlns:p="u:1"/><p:c/></a>`, Prefix, `<a><b xmlns:p="u:1"><p:c/></b></a>`},
		"scope of an empty element":         {`<a><b xmlns:p="u:1"/><c p:d=""/></a>`, Prefix, `<a xmlns:p="u:1"><b/><c p:d=""/></a>`},
		"empty namespace":                   {`<a xmlns:p=""/>`, Namespace, `<a xmlns=""/>`},
		"relative namespace":                {`<a xmlns:p="../x"/>`, Namespace, `<a xmlns:p="x:x"/>`},
		"relative default":                  {`<a xmlns="x"/>`, Namespace, `<a xmlns="x:"/>`},
		"namespace with a reference":        {`<a xmlns="u:&#65;"/>`, Namespace, `<a xmlns="u:A"/>`},
		"namespace with white space":        {"<a xmlns='u: A'/>", Namespace, `<a xmlns='u:A'/>`},
		"xml bound":                         {`<a xmlns:xml="u:1"/>`, Namespace, `<a xmlns:xmk="u:1"/>`},
		"xmlns bound":                       {`<a xmlns:xmlns="u:1"/>`, Namespace, `<a xmlns:xmlnt="u:1"/>`},
		"bound to xml":                      {`<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>`, Namespace, `<a xmlns:p="http://www.w3.org/XML/1998/namespaces"/>`},
		"default bound to xmlns":            {`<a xmlns="http://www.w3.org/2000/xmlns/"/>`, Namespace, `<a xmlns="http://www.w3.org/2000/xmlns"/>`},
		"element with the prefix of xmlns":  {`<xmlns:a/>`, Namespace, `<xml:a/>`},
		"white space before the prefix":     {`< p:a xmlns:p="u:1"/>`, Name, `<p:a  xmlns:p="u:1"/>`},
		"end tag of another prefix":         {`<p:a xmlns:p="u:1" xmlns:q="u:1"></q:a>`, Syntax, `<p:a xmlns:p="u:1" xmlns:q="u:1"></p:a>`},
		"end tag that goes on":              {`<a></ab>`, Syntax, `<a></a >`},
		"end tag with an attribute":         {`<a></a b="">`, Syntax, "<a></a\n>"},
		"space in the end of an empty one":  {`<a / >`, Syntax, `<a />`},
		"unescaped end of a CDATA section":  {`<a>]]></a>`, Syntax, `<a>]]&gt;</a>`},
		"attribute that looks like a bound": {`<a xmlns:p="u:1" xmlns:="u:2"/>`, Name, `<a xmlns:p="u:1" xmlns="u:2"/>`},
	})
}

func TestSAML6ConstructsThatChange(t *testing.T) {
	refusals(t, map[string]refusal{
		"no prefix":           {`<:a/>`, Name, `<_a/>`},
		"no local name":       {`<p: xmlns:p="u:1"/>`, Name, `<p:a xmlns:p="u:1"/>`},
		"two colons":          {`<p:a:b xmlns:p="u:1"/>`, Name, `<p:a-b xmlns:p="u:1"/>`},
		"attribute's colon":   {`<a :b=""/>`, Name, `<a b=""/>`},
		"digit first":         {`<1a/>`, Name, `<a1/>`},
		"comment of nothing":  {`<a><!--></a>`, Syntax, `<a><!----></a>`},
		"comment of a dash":   {`<a><!---></a>`, Syntax, `<a><!----></a>`},
		"comment without end": {`<a><!-- x`, Syntax, `<a><!-- x --></a>`},
		"dashes in comment":   {`<a><!-- -- --></a>`, Syntax, `<a><!-- - --></a>`},
		"dash ends comment":   {`<a><!-- ---></a>`, Syntax, `<a><!-- --></a>`},
		"odd directive":       {`<a><!x></a>`, Doctype, `<a></a>`},
		"directive in quotes": {`<!DOCTYPE a "<!--" x "-->"><a/>`, Doctype, `<a/>`},
		"symbol in a name":    {`<a×/>`, Name, `<aÖ/>`},
	})
}

func TestSAML7Limits(t *testing.T) {
	attrs := func(n int) string { return many(n, func(i int) string { return fmt.Sprintf(" a%d=''", i) }) }
	scoped := func(n int) string {
		return "<r>" + many(n, func(i int) string {
			return fmt.Sprintf("<a xmlns:p%d='u:1' xmlns:q%d='u:1' xmlns:r%d='u:1' xmlns:s%d='u:1' xmlns:t%d='u:1'>", i, i, i, i, i)
		}) + strings.Repeat("</a>", n) + "</r>"
	}
	refusals(t, map[string]refusal{
		"depth":          {strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65), Limit, strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64)},
		"attributes":     {"<a" + attrs(65) + "/>", Limit, "<a" + attrs(64) + "/>"},
		"name":           {"<" + strings.Repeat("a", 1025) + "/>", Limit, "<" + strings.Repeat("a", 1024) + "/>"},
		"attribute name": {"<a " + strings.Repeat("a", 1025) + "=''/>", Limit, "<a " + strings.Repeat("a", 1024) + "=''/>"},
		"value":          {"<a b='" + strings.Repeat("c", 1<<16+1) + "'/>", Limit, "<a b='" + strings.Repeat("c", 1<<16) + "'/>"},
		"nodes":          {"<r>" + strings.Repeat("<a/>", 100_000) + "</r>", Limit, "<r>" + strings.Repeat("<a/>", 99_999) + "</r>"},
		"declarations":   {scoped(52), Limit, scoped(51)},
		"namespace":      {"<a xmlns='u:" + strings.Repeat("c", 1023) + "'/>", Limit, "<a xmlns='u:" + strings.Repeat("c", 1022) + "'/>"},
	})
}

// Attributes of one local name are told apart by their namespaces, which may be long and differ at their end.
func TestSAML7LongNamespacesCostNoSquare(t *testing.T) {
	const spaces = 16
	message := "<r" + many(spaces, func(i int) string { return fmt.Sprintf(" xmlns:%c='u:%s%c'", 'a'+i, strings.Repeat("x", 1<<15), 'a'+i) }) + ">" +
		strings.Repeat("<e"+many(spaces, func(i int) string { return fmt.Sprintf(" %c:x=''", 'a'+i) })+"/>", 4000) + "</r>"
	_, err := Parse(message, Options{})
	require.ErrorIs(t, err, Limit)
}

func TestSAML8InstructionsAndComments(t *testing.T) {
	refusals(t, map[string]refusal{
		"instruction before":         {`<?x y?><a/>`, Instruction, `<a/>`},
		"instruction inside":         {`<a><?x y?></a>`, Instruction, `<a></a>`},
		"declaration inside":         {`<a><?xml version="1.0"?></a>`, Instruction, `<?xml version="1.0"?><a></a>`},
		"style sheet":                {`<?xml-stylesheet href=""?><a/>`, Instruction, `<?xml version="1.0"?><a/>`},
		"comment in a value":         {`<a><v>a<!---->b</v></a>`, Comment, `<a>a<!---->b<v/></a>`},
		"comment deeper in a value":  {`<v><a><!----></a></v>`, Comment, `<a><a><!----></a></a>`},
		"comment where none is left": {`<v><!----></v>`, Comment, `<v></v><!---->`},
	})
}

func TestSAML9CDATA(t *testing.T) {
	refusals(t, map[string]refusal{
		"CDATA behind text":   {`<a>x<![CDATA[y]]></a>`, CDATA, `<a><![CDATA[xy]]></a>`},
		"CDATA before text":   {`<a><![CDATA[x]]>y</a>`, CDATA, `<a><![CDATA[xy]]></a>`},
		"two CDATA sections":  {`<a><![CDATA[x]]><![CDATA[y]]></a>`, CDATA, `<a><b><![CDATA[x]]></b><c><![CDATA[y]]></c></a>`},
		"CDATA and element":   {`<a><![CDATA[x]]><b/></a>`, CDATA, `<a><![CDATA[x<b/>]]></a>`},
		"CDATA after element": {`<a><b/><![CDATA[x]]></a>`, CDATA, `<a><![CDATA[<b/>x]]></a>`},
		"CDATA not closed":    {`<a><![CDATA[x]]</a>`, Syntax, `<a><![CDATA[x]]]></a>`},
	})
}

func TestSAML13DuplicateIDs(t *testing.T) {
	ids := many(40, func(i int) string { return fmt.Sprintf("<a ID='a%d'/>", i) })
	refusals(t, map[string]refusal{
		"ID twice":             {`<a ID="x"><b ID="x"/></a>`, ID, `<a ID="x"><b ID="y"/></a>`},
		"ID and Id":            {`<a ID="x"><b Id="x"/></a>`, ID, `<a ID="x"><b Ie="x"/></a>`},
		"id and xml:id":        {`<a id="x"><b xml:id="x"/></a>`, ID, `<a id="x"><b xml:ie="x"/></a>`},
		"two on one element":   {`<a ID="x" id="x"/>`, ID, `<a ID="x" id="y"/>`},
		"another's id":         {`<a xmlns:p="u:1" id="x" xml:id="x"/>`, ID, `<a xmlns:p="u:1" id="x" p:id="x"/>`},
		"the fortieth repeats": {"<r>" + ids + "<b ID='a3'/></r>", ID, "<r>" + ids + "<b ID='b3'/></r>"},
	})
}

func TestSAML20IDsAreNames(t *testing.T) {
	refusals(t, map[string]refusal{
		"quotes in an ID":      {`<a ID="x'"/>`, IDName, `<a ID="x"/>`},
		"colon in an ID":       {`<a ID="x:y"/>`, IDName, `<a ID="x.y"/>`},
		"digit begins an ID":   {`<a ID="1"/>`, IDName, `<a ID="_1"/>`},
		"reference in an ID":   {`<a ID="&#120;"/>`, IDName, `<a ID="x"/>`},
		"empty ID":             {`<a ID=""/>`, IDName, `<a ID="_"/>`},
		"white space in an ID": {`<a ID="x y"/>`, IDName, "<a ID=\" x\n\"/>"},
	})
}

// In messages that are never signed, CDATA and IDs are refused only where comments are, so that the values that are
// compared stay one text.
func TestUnsignedMessages(t *testing.T) {
	t.Parallel()
	o := Options{Unsigned: true, Comments: func(_, local string) bool { return local != "v" }}
	for _, c := range []struct {
		strict, loose string
		reason        Reason
	}{
		{`<v>x<![CDATA[y]]></v>`, `<a>x<![CDATA[y]]></a>`, CDATA},
		{`<v><![CDATA[x]]>y</v>`, `<a><![CDATA[x]]>y</a>`, CDATA},
		{`<v><![CDATA[x]]><![CDATA[y]]></v>`, `<a><![CDATA[x]]><![CDATA[y]]></a>`, CDATA},
		{`<v><a>x<![CDATA[y]]></a></v>`, `<a><a>x<![CDATA[y]]></a></a>`, CDATA},
		{`<a><v/><v>x<![CDATA[y]]></v></a>`, `<a><v/>x<![CDATA[y]]><b/></a>`, CDATA},
		{`<v ID="1"/>`, `<a ID="1"/>`, IDName},
		{`<v><a ID="1"/></v>`, `<a><a ID="1"/></a>`, IDName},
		{`<a><v id="x"/><v ID="x"/></a>`, `<a ID="x"><a id="x"/><v xml:id="x"/></a>`, ID},
	} {
		_, err := Parse(c.strict, o)
		require.ErrorIs(t, err, c.reason, c.strict)
		_, err = Parse(c.loose, o)
		require.NoError(t, err, c.loose)
		for _, usual := range []Options{{}, {AnyIDs: true}, {Comments: o.Comments}, {Unsigned: true}} {
			_, err = Parse(c.loose, usual)
			require.Equal(t, c.reason == IDName && usual.AnyIDs, err == nil, "%s: %v", c.loose, usual.AnyIDs)
		}
	}
	for text, want := range map[string]string{
		`<a>x<![CDATA[<&]]>y<!-- -->z&amp;<![CDATA[]]></a>`: "x<&yz&", `<a><![CDATA[x]]><![CDATA[` + "\r\n" + `]]></a>`: "x\n", `<a><v><![CDATA[x]]></v></a>`: "",
	} {
		d, err := Parse(text, o)
		require.NoError(t, err, text)
		got, ok := d.Root().Text()
		require.Equal(t, want != "", ok)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{`<a><![CDATA[x]]`, `<a>]]></a>`, `<a><![CDATA[` + "\x01" + `]]></a>`, `<![CDATA[x]]><a/>`, `<a/><![CDATA[x]]>`, `<a ID="1" ID="2"/>`} {
		_, err := Parse(text, o)
		require.Error(t, err, text)
	}
}

// Each element is asked about comments once, however many it holds, and again when another one of its name is opened.
func TestSAML07CommentsAreAskedAboutOncePerElement(t *testing.T) {
	t.Parallel()
	asked := 0
	o := Options{Comments: func(_, local string) bool { asked++; return local != "no" }}
	comments := strings.Repeat("<!---->", 1000)
	_, err := Parse(strings.Repeat("<a>", 60)+comments+"<a>"+comments+"</a>"+comments+"<a>"+comments+"</a><a/>"+comments+strings.Repeat("</a>", 60), o)
	require.NoError(t, err)
	require.Equal(t, 62, asked)
	for _, s := range []string{"<a><!----><no><!----></no></a>", "<a><a><!----></a><no><!----></no></a>", "<no><a><!----></a></no>"} {
		_, err = Parse(s, o)
		require.ErrorIs(t, err, Comment, s)
	}
}
