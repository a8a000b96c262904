// Package corpus is the rules of the canonical forms one by one (Canonical XML 1.0 and 1.1, Exclusive XML
// Canonicalization 1.0), for tests: package xmldsig must keep them, and internal/interop/xmlsec asks xmlsec1 whether
// they are right.
package corpus

// The recommendations, by the URIs of their forms without comments.
const (
	Exclusive   = "http://www.w3.org/2001/10/xml-exc-c14n#"
	Inclusive10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	Inclusive11 = "http://www.w3.org/2006/12/xml-c14n11"
)

// Form is one text and its canonical form.
type Form struct {
	In       string
	Apex     string   // the local name of the element that is canonicalized; empty for the root
	Method   string   // empty for Exclusive
	Prefixes []string // of the InclusiveNamespaces; "" is the default namespace
	Want     string
}

// Forms returns all, by name.
func Forms() map[string]Form {
	return map[string]Form{
		// Canonical XML 1.0 §1.1, §2.3: the form of tags, text and values, whichever recommendation.
		"empty element":           {In: `<a/>`, Want: `<a></a>`},
		"space in tags":           {In: "<a  b = 'c'\n ></a\t>", Want: `<a b="c"></a>`},
		"single quotes":           {In: `<a b='"'/>`, Want: `<a b="&quot;"></a>`},
		"declaration and space":   {In: "<?xml version='1.0'?>\n<a> </a>\n", Want: `<a> </a>`},
		"comment":                 {In: `<a>b<!-- c -->d<!----></a>`, Want: `<a>bd</a>`},
		"text escapes":            {In: `<a>&amp;&lt;&gt;&quot;&apos;'">]</a>`, Want: `<a>&amp;&lt;&gt;"''"&gt;]</a>`},
		"value escapes":           {In: `<a b="&amp;&lt;&gt;&quot;&apos;>'"/>`, Want: `<a b="&amp;&lt;>&quot;'>'"></a>`},
		"character references":    {In: `<a b="&#65;&#x7231;">&#x41;&#29233;&#x1F600;</a>`, Want: `<a b="A爱">A爱😀</a>`},
		"references to space":     {In: `<a b="&#9;&#10;&#13;&#32;">&#9;&#10;&#13;&#32;</a>`, Want: "<a b=\"&#x9;&#xA;&#xD; \">\t\n&#xD; </a>"},
		"space in a value":        {In: "<a b='1\t2\n3\r4\r\n5'/>", Want: `<a b="1 2 3 4 5"></a>`},
		"line ends":               {In: "<a>1\r2\r\n3\n4\r&#13;</a>", Want: "<a>1\n2\n3\n4\n&#xD;</a>"},
		"CDATA":                   {In: "<a><![CDATA[<b>&amp;]] >\n\"]]></a>", Want: "<a>&lt;b&gt;&amp;amp;]] &gt;\n\"</a>"},
		"empty CDATA":             {In: `<a><![CDATA[]]></a>`, Want: `<a></a>`},
		"two spellings, one text": {In: `<a>x&#121;z</a>`, Want: `<a>xyz</a>`},

		// Canonical XML 1.0 §2.2: the order of attributes.
		"declarations come first":  {In: `<a b="" xmlns:p="u:p" p:c="" xmlns="u:d"/>`, Want: `<a xmlns="u:d" xmlns:p="u:p" b="" p:c=""></a>`},
		"order of declarations":    {In: `<a xmlns:c="u:1" xmlns:b="u:2" c:x="" b:x="" xmlns="u:3"/>`, Want: `<a xmlns="u:3" xmlns:b="u:2" xmlns:c="u:1" c:x="" b:x=""></a>`},
		"namespace before name":    {In: `<a xmlns:a="u:2" xmlns:b="u:1" a:a="" b:b="" a:c=""/>`, Want: `<a xmlns:a="u:2" xmlns:b="u:1" b:b="" a:a="" a:c=""></a>`},
		"no namespace first":       {In: `<p:a xmlns:p="u:1" p:a="" z="" y=""/>`, Want: `<p:a xmlns:p="u:1" y="" z="" p:a=""></p:a>`},
		"one namespace, two names": {In: `<a xmlns:p="u:1" xmlns:q="u:1" q:a="" p:b=""/>`, Want: `<a xmlns:p="u:1" xmlns:q="u:1" q:a="" p:b=""></a>`},
		"order of code points":     {In: `<a z="" À="" a="" Z="" _="" 爱=""/>`, Want: `<a Z="" _="" a="" z="" À="" 爱=""></a>`},
		"xml by its namespace":     {In: `<a xmlns:p="http://www.w3.org/XML" xmlns:q="u:1" q:b="" xml:a="" p:c=""/>`, Want: `<a xmlns:p="http://www.w3.org/XML" xmlns:q="u:1" p:c="" xml:a="" q:b=""></a>`},

		// Exclusive XML Canonicalization 1.0 §3: what is visibly used is declared where it is first used.
		"unused declaration":          {In: `<a xmlns:p="u:1"><b/></a>`, Want: `<a><b></b></a>`},
		"used below":                  {In: `<a xmlns:p="u:1"><p:b/><c p:d=""/></a>`, Want: `<a><p:b xmlns:p="u:1"></p:b><c xmlns:p="u:1" p:d=""></c></a>`},
		"used above":                  {In: `<p:a xmlns:p="u:1"><p:b/></p:a>`, Want: `<p:a xmlns:p="u:1"><p:b></p:b></p:a>`},
		"declared again":              {In: `<p:a xmlns:p="u:1"><p:b xmlns:p="u:1"/></p:a>`, Want: `<p:a xmlns:p="u:1"><p:b></p:b></p:a>`},
		"bound anew":                  {In: `<p:a xmlns:p="u:1"><p:b xmlns:p="u:2"><p:c xmlns:p="u:1"/></p:b><p:d/></p:a>`, Want: `<p:a xmlns:p="u:1"><p:b xmlns:p="u:2"><p:c xmlns:p="u:1"></p:c></p:b><p:d></p:d></p:a>`},
		"bound anew and not used":     {In: `<p:a xmlns:p="u:1"><b xmlns:p="u:2"><p:c xmlns:p="u:1"/></b></p:a>`, Want: `<p:a xmlns:p="u:1"><b><p:c></p:c></b></p:a>`},
		"in a value is no use":        {In: `<a xmlns:xs="u:1" xmlns:xsi="u:2" xsi:type="xs:string"/>`, Want: `<a xmlns:xsi="u:2" xsi:type="xs:string"></a>`},
		"from an ancestor":            {In: `<r xmlns="u:d" xmlns:p="u:p" xmlns:q="u:q"><p:x q:y=""><z/></p:x></r>`, Apex: "x", Want: `<p:x xmlns:p="u:p" xmlns:q="u:q" q:y=""><z xmlns="u:d"></z></p:x>`},
		"nothing inherited":           {In: `<r xml:lang="de" xml:space="preserve"><x/></r>`, Apex: "x", Want: `<x></x>`},
		"default used by elements":    {In: `<a xmlns="u:1" b=""><p:c xmlns:p="u:2"><d/></p:c></a>`, Want: `<a xmlns="u:1" b=""><p:c xmlns:p="u:2"><d></d></p:c></a>`},
		"default not used":            {In: `<p:a xmlns="u:1" xmlns:p="u:2" b=""/>`, Want: `<p:a xmlns:p="u:2" b=""></p:a>`},
		"default ended":               {In: `<a xmlns="u:1"><b xmlns=""><c xmlns=""/></b></a>`, Want: `<a xmlns="u:1"><b xmlns=""><c></c></b></a>`},
		"default ended, used later":   {In: `<a xmlns="u:1"><p:b xmlns="" xmlns:p="u:2"><c/></p:b></a>`, Want: `<a xmlns="u:1"><p:b xmlns:p="u:2"><c xmlns=""></c></p:b></a>`},
		"default ended, never begun":  {In: `<a xmlns=""><b xmlns=""/></a>`, Want: `<a><b></b></a>`},
		"default ended above":         {In: `<r xmlns="u:1"><s xmlns=""><x/></s></r>`, Apex: "x", Want: `<x></x>`},
		"default ended and begun":     {In: `<a xmlns="u:1"><b xmlns=""><c xmlns="u:1"/></b></a>`, Want: `<a xmlns="u:1"><b xmlns=""><c xmlns="u:1"></c></b></a>`},
		"ended between, not rendered": {In: `<p:a xmlns="u:1" xmlns:p="u:2"><b xmlns=""/><c/></p:a>`, Want: `<p:a xmlns:p="u:2"><b></b><c xmlns="u:1"></c></p:a>`},
		"xml is never declared":       {In: `<a xml:id="b"><xml:c/></a>`, Want: `<a xml:id="b"><xml:c></xml:c></a>`},
		"siblings do not see":         {In: `<a xmlns:p="u:1"><p:b/><p:b/></a>`, Want: `<a><p:b xmlns:p="u:1"></p:b><p:b xmlns:p="u:1"></p:b></a>`},

		// Exclusive XML Canonicalization 1.0 §3, §4: prefixes of the list are declared as inclusively.
		"listed":                       {In: `<a xmlns:p="u:1" xmlns:q="u:2"><b/></a>`, Prefixes: []string{"p"}, Want: `<a xmlns:p="u:1"><b></b></a>`},
		"listed, from an ancestor":     {In: `<r xmlns:p="u:1" xmlns:q="u:2"><x><y/></x></r>`, Apex: "x", Prefixes: []string{"p"}, Want: `<x xmlns:p="u:1"><y></y></x>`},
		"listed, declared below":       {In: `<a><b xmlns:p="u:1"/><c xmlns:p="u:1"/></a>`, Prefixes: []string{"p"}, Want: `<a><b xmlns:p="u:1"></b><c xmlns:p="u:1"></c></a>`},
		"listed, declared again":       {In: `<a xmlns:p="u:1"><b xmlns:p="u:1"/><c xmlns:p="u:2"/></a>`, Prefixes: []string{"p"}, Want: `<a xmlns:p="u:1"><b></b><c xmlns:p="u:2"></c></a>`},
		"listed, not declared":         {In: `<a/>`, Prefixes: []string{"p", "", "xml"}, Want: `<a></a>`},
		"listed twice":                 {In: `<p:a xmlns:p="u:1"/>`, Prefixes: []string{"p", "p"}, Want: `<p:a xmlns:p="u:1"></p:a>`},
		"default listed":               {In: `<r xmlns="u:1"><p:x xmlns:p="u:2"><p:b xmlns=""><c/></p:b></p:x></r>`, Apex: "x", Prefixes: []string{""}, Want: `<p:x xmlns="u:1" xmlns:p="u:2"><p:b xmlns=""><c></c></p:b></p:x>`},
		"default listed and not begun": {In: `<r xmlns="u:1"><p:x xmlns="" xmlns:p="u:2"/></r>`, Apex: "x", Prefixes: []string{""}, Want: `<p:x xmlns:p="u:2"></p:x>`},

		// Canonical XML 1.0 §2.4 and 1.1 §2.4: everything in scope.
		"inclusive: unused":             {In: `<a xmlns:p="u:1" xmlns="u:2"><b xmlns:q="u:3"/></a>`, Method: Inclusive10, Want: `<a xmlns="u:2" xmlns:p="u:1"><b xmlns:q="u:3"></b></a>`},
		"inclusive: declared again":     {In: `<a xmlns:p="u:1"><b xmlns:p="u:1"><c xmlns:p="u:2"/></b></a>`, Method: Inclusive10, Want: `<a xmlns:p="u:1"><b><c xmlns:p="u:2"></c></b></a>`},
		"inclusive: from ancestors":     {In: `<r xmlns:p="u:1" xmlns="u:2"><s xmlns:p="u:3"><x xmlns:q="u:4"><y/></x></s></r>`, Apex: "x", Method: Inclusive10, Want: `<x xmlns="u:2" xmlns:p="u:3" xmlns:q="u:4"><y></y></x>`},
		"inclusive: default ended":      {In: `<r xmlns="u:1"><x xmlns=""><y xmlns=""/></x></r>`, Apex: "x", Method: Inclusive10, Want: `<x><y></y></x>`},
		"inclusive: default ended here": {In: `<a xmlns="u:1"><p:b xmlns="" xmlns:p="u:2"><c/></p:b></a>`, Method: Inclusive10, Want: `<a xmlns="u:1"><p:b xmlns="" xmlns:p="u:2"><c></c></p:b></a>`},
		"inclusive 1.0: xml attributes": {In: `<r xml:lang="de" xml:base="u:b" xml:id="i"><s xml:lang="fr" xml:odd=""><x xml:space="preserve" a=""/></s></r>`, Apex: "x", Method: Inclusive10,
			Want: `<x a="" xml:base="u:b" xml:id="i" xml:lang="fr" xml:odd="" xml:space="preserve"></x>`},
		"inclusive 1.0: own wins":       {In: `<r xml:lang="de"><x xml:lang="fr"><y/></x></r>`, Apex: "x", Method: Inclusive10, Want: `<x xml:lang="fr"><y></y></x>`},
		"inclusive 1.1: xml attributes": {In: `<r xml:lang="de" xml:space="default" xml:id="i" xml:odd=""><s xml:lang="fr"><x a=""><y/></x></s></r>`, Apex: "x", Method: Inclusive11, Want: `<x a="" xml:lang="fr" xml:space="default"><y></y></x>`},
		"inclusive 1.1: own base":       {In: `<r><x xml:base="u:b"/></r>`, Apex: "x", Method: Inclusive11, Want: `<x xml:base="u:b"></x>`},
	}
}
