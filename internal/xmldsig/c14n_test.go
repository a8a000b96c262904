package xmldsig

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// canonicalForm is the element called apex of a text, or its root, in canonical form.
type canonicalForm struct {
	in, apex, want string
	c14n
}

var (
	rec10 = c14n{inclusive: true}
	rec11 = c14n{inclusive: true, version11: true}
)

func listed(prefixes ...string) c14n { return c14n{prefixes: prefixes} }

// corpus holds the rules of the three recommendations one by one. internal/interop/xmlsec has xmlsec1 judge it.
var corpus = map[string]canonicalForm{
	// Canonical XML 1.0 §1.1, §2.3: the form of tags, text and values, whichever recommendation.
	"empty element":           {in: `<a/>`, want: `<a></a>`},
	"space in tags":           {in: "<a  b = 'c'\n ></a\t>", want: `<a b="c"></a>`},
	"single quotes":           {in: `<a b='"'/>`, want: `<a b="&quot;"></a>`},
	"declaration and space":   {in: "<?xml version='1.0'?>\n<a> </a>\n", want: `<a> </a>`},
	"comment":                 {in: `<a>b<!-- c -->d<!----></a>`, want: `<a>bd</a>`},
	"text escapes":            {in: `<a>&amp;&lt;&gt;&quot;&apos;'">]</a>`, want: `<a>&amp;&lt;&gt;"''"&gt;]</a>`},
	"value escapes":           {in: `<a b="&amp;&lt;&gt;&quot;&apos;>'"/>`, want: `<a b="&amp;&lt;>&quot;'>'"></a>`},
	"character references":    {in: `<a b="&#65;&#x7231;">&#x41;&#29233;&#x1F600;</a>`, want: `<a b="A爱">A爱😀</a>`},
	"references to space":     {in: `<a b="&#9;&#10;&#13;&#32;">&#9;&#10;&#13;&#32;</a>`, want: "<a b=\"&#x9;&#xA;&#xD; \">\t\n&#xD; </a>"},
	"space in a value":        {in: "<a b='1\t2\n3\r4\r\n5'/>", want: `<a b="1 2 3 4 5"></a>`},
	"line ends":               {in: "<a>1\r2\r\n3\n4\r&#13;</a>", want: "<a>1\n2\n3\n4\n&#xD;</a>"},
	"CDATA":                   {in: "<a><![CDATA[<b>&amp;]] >\r\n\"]]></a>", want: "<a>&lt;b&gt;&amp;amp;]] &gt;\n\"</a>"},
	"empty CDATA":             {in: `<a><![CDATA[]]></a>`, want: `<a></a>`},
	"two spellings, one text": {in: `<a>x&#121;z</a>`, want: `<a>xyz</a>`},

	// Canonical XML 1.0 §2.2: the order of attributes.
	"declarations come first":  {in: `<a b="" xmlns:p="u:p" p:c="" xmlns="u:d"/>`, want: `<a xmlns="u:d" xmlns:p="u:p" b="" p:c=""></a>`},
	"order of declarations":    {in: `<a xmlns:c="u:1" xmlns:b="u:2" c:x="" b:x="" xmlns="u:3"/>`, want: `<a xmlns="u:3" xmlns:b="u:2" xmlns:c="u:1" c:x="" b:x=""></a>`},
	"namespace before name":    {in: `<a xmlns:a="u:2" xmlns:b="u:1" a:a="" b:b="" a:c=""/>`, want: `<a xmlns:a="u:2" xmlns:b="u:1" b:b="" a:a="" a:c=""></a>`},
	"no namespace first":       {in: `<p:a xmlns:p="u:1" p:a="" z="" y=""/>`, want: `<p:a xmlns:p="u:1" y="" z="" p:a=""></p:a>`},
	"one namespace, two names": {in: `<a xmlns:p="u:1" xmlns:q="u:1" q:a="" p:b=""/>`, want: `<a xmlns:p="u:1" xmlns:q="u:1" q:a="" p:b=""></a>`},
	"order of code points":     {in: `<a z="" À="" a="" Z="" _="" 爱=""/>`, want: `<a Z="" _="" a="" z="" À="" 爱=""></a>`},
	"xml by its namespace":     {in: `<a xmlns:p="http://www.w3.org/XML" xmlns:q="u:1" q:b="" xml:a="" p:c=""/>`, want: `<a xmlns:p="http://www.w3.org/XML" xmlns:q="u:1" p:c="" xml:a="" q:b=""></a>`},

	// Exclusive XML Canonicalization 1.0 §3: what is visibly used is declared where it is first used.
	"unused declaration":          {in: `<a xmlns:p="u:1"><b/></a>`, want: `<a><b></b></a>`},
	"used below":                  {in: `<a xmlns:p="u:1"><p:b/><c p:d=""/></a>`, want: `<a><p:b xmlns:p="u:1"></p:b><c xmlns:p="u:1" p:d=""></c></a>`},
	"used above":                  {in: `<p:a xmlns:p="u:1"><p:b/></p:a>`, want: `<p:a xmlns:p="u:1"><p:b></p:b></p:a>`},
	"declared again":              {in: `<p:a xmlns:p="u:1"><p:b xmlns:p="u:1"/></p:a>`, want: `<p:a xmlns:p="u:1"><p:b></p:b></p:a>`},
	"bound anew":                  {in: `<p:a xmlns:p="u:1"><p:b xmlns:p="u:2"><p:c xmlns:p="u:1"/></p:b><p:d/></p:a>`, want: `<p:a xmlns:p="u:1"><p:b xmlns:p="u:2"><p:c xmlns:p="u:1"></p:c></p:b><p:d></p:d></p:a>`},
	"bound anew and not used":     {in: `<p:a xmlns:p="u:1"><b xmlns:p="u:2"><p:c xmlns:p="u:1"/></b></p:a>`, want: `<p:a xmlns:p="u:1"><b><p:c></p:c></b></p:a>`},
	"in a value is no use":        {in: `<a xmlns:xs="u:1" xmlns:xsi="u:2" xsi:type="xs:string"/>`, want: `<a xmlns:xsi="u:2" xsi:type="xs:string"></a>`},
	"from an ancestor":            {in: `<r xmlns="u:d" xmlns:p="u:p" xmlns:q="u:q"><p:x q:y=""><z/></p:x></r>`, apex: "x", want: `<p:x xmlns:p="u:p" xmlns:q="u:q" q:y=""><z xmlns="u:d"></z></p:x>`},
	"nothing inherited":           {in: `<r xml:lang="de" xml:space="preserve"><x/></r>`, apex: "x", want: `<x></x>`},
	"default used by elements":    {in: `<a xmlns="u:1" b=""><p:c xmlns:p="u:2"><d/></p:c></a>`, want: `<a xmlns="u:1" b=""><p:c xmlns:p="u:2"><d></d></p:c></a>`},
	"default not used":            {in: `<p:a xmlns="u:1" xmlns:p="u:2" b=""/>`, want: `<p:a xmlns:p="u:2" b=""></p:a>`},
	"default ended":               {in: `<a xmlns="u:1"><b xmlns=""><c xmlns=""/></b></a>`, want: `<a xmlns="u:1"><b xmlns=""><c></c></b></a>`},
	"default ended, used later":   {in: `<a xmlns="u:1"><p:b xmlns="" xmlns:p="u:2"><c/></p:b></a>`, want: `<a xmlns="u:1"><p:b xmlns:p="u:2"><c xmlns=""></c></p:b></a>`},
	"default ended, never begun":  {in: `<a xmlns=""><b xmlns=""/></a>`, want: `<a><b></b></a>`},
	"default ended above":         {in: `<r xmlns="u:1"><s xmlns=""><x/></s></r>`, apex: "x", want: `<x></x>`},
	"default ended and begun":     {in: `<a xmlns="u:1"><b xmlns=""><c xmlns="u:1"/></b></a>`, want: `<a xmlns="u:1"><b xmlns=""><c xmlns="u:1"></c></b></a>`},
	"ended between, not rendered": {in: `<p:a xmlns="u:1" xmlns:p="u:2"><b xmlns=""/><c/></p:a>`, want: `<p:a xmlns:p="u:2"><b></b><c xmlns="u:1"></c></p:a>`},
	"xml is never declared":       {in: `<a xml:id="b"><xml:c/></a>`, want: `<a xml:id="b"><xml:c></xml:c></a>`},
	"siblings do not see":         {in: `<a xmlns:p="u:1"><p:b/><p:b/></a>`, want: `<a><p:b xmlns:p="u:1"></p:b><p:b xmlns:p="u:1"></p:b></a>`},

	// Exclusive XML Canonicalization 1.0 §3, §4: prefixes of the list are declared as inclusively.
	"listed":                       {in: `<a xmlns:p="u:1" xmlns:q="u:2"><b/></a>`, c14n: listed("p"), want: `<a xmlns:p="u:1"><b></b></a>`},
	"listed, from an ancestor":     {in: `<r xmlns:p="u:1" xmlns:q="u:2"><x><y/></x></r>`, apex: "x", c14n: listed("p"), want: `<x xmlns:p="u:1"><y></y></x>`},
	"listed, declared below":       {in: `<a><b xmlns:p="u:1"/><c xmlns:p="u:1"/></a>`, c14n: listed("p"), want: `<a><b xmlns:p="u:1"></b><c xmlns:p="u:1"></c></a>`},
	"listed, declared again":       {in: `<a xmlns:p="u:1"><b xmlns:p="u:1"/><c xmlns:p="u:2"/></a>`, c14n: listed("p"), want: `<a xmlns:p="u:1"><b></b><c xmlns:p="u:2"></c></a>`},
	"listed, not declared":         {in: `<a/>`, c14n: listed("p", "", "xml"), want: `<a></a>`},
	"listed twice":                 {in: `<p:a xmlns:p="u:1"/>`, c14n: listed("p", "p"), want: `<p:a xmlns:p="u:1"></p:a>`},
	"default listed":               {in: `<r xmlns="u:1"><p:x xmlns:p="u:2"><p:b xmlns=""><c/></p:b></p:x></r>`, apex: "x", c14n: listed(""), want: `<p:x xmlns="u:1" xmlns:p="u:2"><p:b xmlns=""><c></c></p:b></p:x>`},
	"default listed and not begun": {in: `<r xmlns="u:1"><p:x xmlns="" xmlns:p="u:2"/></r>`, apex: "x", c14n: listed(""), want: `<p:x xmlns:p="u:2"></p:x>`},

	// Canonical XML 1.0 §2.4 and 1.1 §2.4: everything in scope.
	"inclusive: unused":             {in: `<a xmlns:p="u:1" xmlns="u:2"><b xmlns:q="u:3"/></a>`, c14n: rec10, want: `<a xmlns="u:2" xmlns:p="u:1"><b xmlns:q="u:3"></b></a>`},
	"inclusive: declared again":     {in: `<a xmlns:p="u:1"><b xmlns:p="u:1"><c xmlns:p="u:2"/></b></a>`, c14n: rec10, want: `<a xmlns:p="u:1"><b><c xmlns:p="u:2"></c></b></a>`},
	"inclusive: from ancestors":     {in: `<r xmlns:p="u:1" xmlns="u:2"><s xmlns:p="u:3"><x xmlns:q="u:4"><y/></x></s></r>`, apex: "x", c14n: rec10, want: `<x xmlns="u:2" xmlns:p="u:3" xmlns:q="u:4"><y></y></x>`},
	"inclusive: default ended":      {in: `<r xmlns="u:1"><x xmlns=""><y xmlns=""/></x></r>`, apex: "x", c14n: rec10, want: `<x><y></y></x>`},
	"inclusive: default ended here": {in: `<a xmlns="u:1"><p:b xmlns="" xmlns:p="u:2"><c/></p:b></a>`, c14n: rec10, want: `<a xmlns="u:1"><p:b xmlns="" xmlns:p="u:2"><c></c></p:b></a>`},
	"inclusive 1.0: xml attributes": {in: `<r xml:lang="de" xml:base="u:b" xml:id="i"><s xml:lang="fr" xml:odd=""><x xml:space="preserve" a=""/></s></r>`, apex: "x", c14n: rec10,
		want: `<x a="" xml:base="u:b" xml:id="i" xml:lang="fr" xml:odd="" xml:space="preserve"></x>`},
	"inclusive 1.0: own wins":       {in: `<r xml:lang="de"><x xml:lang="fr"><y/></x></r>`, apex: "x", c14n: rec10, want: `<x xml:lang="fr"><y></y></x>`},
	"inclusive 1.1: xml attributes": {in: `<r xml:lang="de" xml:space="default" xml:id="i" xml:odd=""><s xml:lang="fr"><x a=""><y/></x></s></r>`, apex: "x", c14n: rec11, want: `<x a="" xml:lang="fr" xml:space="default"><y></y></x>`},
	"inclusive 1.1: own base":       {in: `<r><x xml:base="u:b"/></r>`, apex: "x", c14n: rec11, want: `<x xml:base="u:b"></x>`},
}

func TestCanonicalForm(t *testing.T) {
	t.Parallel()
	for name, test := range corpus {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := xmlgate.Parse(test.in, xmlgate.Options{Comments: func(string, string) bool { return true }})
			require.NoError(t, err)
			e := d.Root()
			if test.apex != "" {
				e = find(e, test.apex)
			}
			assert.Equal(t, test.want, octets(t, e, test.c14n))
		})
	}
}

// find returns the first element below e that has this local name.
func find(e xmlgate.Element, local string) xmlgate.Element {
	if e.Local() == local {
		return e
	}
	for child := range e.Children {
		if found := find(child, local); found.OK() {
			return found
		}
	}
	return xmlgate.Element{}
}
