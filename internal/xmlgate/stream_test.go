package xmlgate

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// painter opens the elements called g, and writes what it gets as picture writes a whole tree.
type painter struct {
	out    strings.Builder
	names  []string
	most   int    // nodes that were there at once
	failAt string // the call that fails
}

var errPainter = errors.New("no more")

func (p *painter) failing(call string) error {
	if p.failAt == call {
		return errPainter
	}
	return nil
}

func (p *painter) Open(e Element) (bool, error) {
	if e.Local() != "g" {
		return false, nil
	}
	p.out.WriteString(startOf(e))
	p.names = append(p.names, fmt.Sprintf("{%s}%s", e.Space(), e.Local()))
	return true, p.failing("open")
}

func (p *painter) Child(n Node) error {
	if e := n.Element(); e.OK() {
		around := 0
		for range e.Ancestors {
			around++
		}
		if around != len(p.names) {
			return fmt.Errorf("%d elements around it, want %d", around, len(p.names))
		}
	}
	p.most = max(p.most, len(n.d.nodes))
	p.out.WriteString(pictureOf(n))
	return p.failing("child")
}

func (p *painter) Close() error {
	last := len(p.names) - 1
	p.out.WriteString("</" + p.names[last] + ">")
	p.names = p.names[:last]
	return p.failing("close")
}

// startOf writes names, attributes, and all the namespaces in scope.
func startOf(e Element) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<{%s}%s", e.Space(), e.Local())
	for a := range e.Attrs {
		fmt.Fprintf(&b, " {%s}%s=%q", a.Space(), a.Local(), a.Value())
	}
	for prefix, name := range e.Namespaces {
		fmt.Fprintf(&b, " %s:%q", prefix, name)
	}
	return b.String() + ">"
}

func pictureOf(n Node) string {
	e := n.Element()
	if !e.OK() {
		return fmt.Sprintf("%q", n.Text())
	}
	var b strings.Builder
	b.WriteString(startOf(e))
	for child := range e.Nodes {
		b.WriteString(pictureOf(child))
	}
	fmt.Fprintf(&b, "</{%s}%s>", e.Space(), e.Local())
	return b.String()
}

// cdataInGroup tells whether CDATA is a child of an element called g, of which all around it are called so.
func cdataInGroup(e Element) bool {
	if e.Local() != "g" {
		return false
	}
	for n := range e.Nodes {
		child := n.Element()
		if child.OK() && cdataInGroup(child) || !child.OK() && n.d.nodes[n.i].flags&cdata != 0 {
			return true
		}
	}
	return false
}

const streamSample = `<?xml version="1.0"?><?style a="b>c"?><!-- <g> -->
<p:g xmlns:p="urn:p" xmlns="urn:d" ID="r" a='>'>t&amp;u<e ID="a"><x>]</x>é<!-- > --><y xmlns="" z="<!--"/></e>
<g xml:lang="de"><p:e xmlns:q="urn:q" ID="b"><q:x/></p:e> <g/><g ID="c"><e/>x<!-- - -->y</g></g><e><![CDATA[<e>]]></e><e xmlns:q="urn:r"><q:x/></e>
</p:g>
<!-- end -->`

func streamOptions() Options {
	return Options{Comments: func(string, string) bool { return true }, Instructions: true}
}

// FuzzStream: a text in parts is what it is as a whole.
func FuzzStream(f *testing.F) {
	for _, s := range []string{
		strings.ReplaceAll(streamSample, `z="<!--"`, `z="-->"`), "\ufeff<g>\u4e00<e>\ufffd</e></g>", "<g><e></g></e>", "<g/>x", "<g/><g/>", "<g><e/><e ID='1'/><g ID='1'/></g>",
		"<g><![CDATA[x]]></g>", "<g><e/><!DOCTYPE g></g>", "<g><e xmlns:p='urn:p'/><p:e/></g>", "<a><g/></a>", "<g>\xe9</g>", "<g xmlns:a='urn:a'><g xmlns:a='urn:b'><a:e/></g><a:e/></g>", "",
		"<g><?x?></g>", "<?x?><?XML?><g/>", "<g a='1' a='1'/>", "<g", "<g>]]></g>", "<!-- --><g></g> ", "<g a='", "<g><!-- -- --></g>",
		"<g><e><?x?><![CDATA[y]]>z<!-- --></e><e ID='1' xmlns='x'/><?x?></g>",
	} {
		f.Add(s, uint8(1))
		f.Add(s, uint8(13))
	}
	f.Fuzz(func(t *testing.T, s string, part uint8) {
		var p painter
		err := streamBy(int(part)+1, strings.NewReader(s), streamOptions(), &p)
		whole, refusal := Parse(s, streamOptions())
		// With OddParts no more is read of what is accepted without, and nothing panics.
		o, odd := streamOptions(), painter{}
		o.OddParts = true
		if again := streamBy(int(part)+1, strings.NewReader(s), o, &odd); err == nil {
			require.NoError(t, again)
			require.Equal(t, p.out.String(), odd.out.String())
		}
		if refusal == nil && !cdataInGroup(whole.Root()) {
			require.NoError(t, err)
			require.Equal(t, pictureOf(Node(whole.Root())), p.out.String())
			require.Empty(t, p.names)
			return
		}
		var typed *Error
		require.ErrorAs(t, err, &typed)
	})
}

func TestStreamIsTheWholeText(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(streamSample, `z="<!--"`, `z="-->"`)
	d, err := Parse(text, streamOptions())
	require.NoError(t, err)
	want := pictureOf(Node(d.Root()))
	for part := 1; part < 2*len(text); part++ {
		var p painter
		require.NoError(t, streamBy(part, strings.NewReader(text), streamOptions(), &p))
		require.Equal(t, want, p.out.String())
	}
	var p painter
	require.NoError(t, Stream(iotest.OneByteReader(strings.NewReader(text)), streamOptions(), &p))
	require.Equal(t, want, p.out.String())
}

// What a text is refused for does not depend on how it is read, and the place is that in the whole text.
func TestStreamRefuses(t *testing.T) {
	t.Parallel()
	many := strings.Repeat(`<e xmlns:p="urn:p"><p:x ID="_">x</p:x></e>`, 1000)
	n := 0
	for strings.Contains(many, `"_"`) {
		many = strings.Replace(many, `"_"`, fmt.Sprintf(`"_%d"`, n), 1)
		n++
	}
	for end, want := range map[string]Reason{
		`<e ID="_0"/></g>`: ID, `<p:e/></g>`: Prefix, `<e></g>`: Syntax, `</g><g/>`: Root, `</g>x`: Root, `<e>`: Syntax, `<![CDATA[x]]></g>`: CDATA, `<?x?></g>`: Instruction,
		`<!DOCTYPE g></g>`: Doctype, "\xff</g>": Encoding, "\x01</g>": Encoding, "<e>&x;</e></g>": Entity, "</g><?x?>": Instruction, "<e a='1' a='1'/></g>": Duplicate, strings.Repeat("<e>", 70): Limit,
	} {
		text := "<g>" + many + end
		_, whole := Parse(text, streamOptions())
		for _, part := range []int{100, 5000, minPart} {
			err := streamBy(part, strings.NewReader(text), streamOptions(), &painter{})
			require.ErrorIs(t, err, want, end)
			if want != CDATA {
				require.Equal(t, whole, err, end)
			}
		}
	}
	require.NoError(t, Stream(strings.NewReader("<g>"+many+"</g>"), streamOptions(), &painter{}), "the accepted twin")
}

// What is kept does not grow with the text, but for its IDs.
func TestStreamIsBounded(t *testing.T) {
	t.Parallel()
	child := `<e xmlns:%[1]s="urn:%[1]s" a="1"><x/>text</e> `
	var b strings.Builder
	for i := range 70_000 {
		fmt.Fprintf(&b, child, fmt.Sprintf("p%d", i))
	}
	text := "<g>" + b.String() + "</g>"
	o := streamOptions()
	o.MaxNodes, o.MaxBytes = 6, len(text)
	var p painter
	require.NoError(t, Stream(strings.NewReader(text), o, &p), "more namespaces and nodes than a whole text may have")
	assert.LessOrEqual(t, p.most, 4)
	o.MaxNodes = 4
	require.ErrorIs(t, Stream(strings.NewReader(text), o, &painter{}), Limit, "one child has more nodes")
	o.MaxNodes, o.MaxBytes = 6, len(text)-1
	require.ErrorIs(t, Stream(strings.NewReader(text), o, &painter{}), Limit, "one byte too many")
}

func TestStreamErrors(t *testing.T) {
	t.Parallel()
	for _, call := range []string{"open", "child", "close"} {
		require.ErrorIs(t, Stream(strings.NewReader("<g><e/></g>"), Options{}, &painter{failAt: call}), errPainter)
	}
	require.ErrorIs(t, Stream(iotest.ErrReader(errPainter), Options{}, &painter{}), errPainter)
	require.ErrorIs(t, Stream(iotest.TimeoutReader(iotest.OneByteReader(strings.NewReader("<g><e/></g>"))), Options{}, &painter{}), iotest.ErrTimeout)
}

// A processing instruction is accepted before the root alone, and with its option.
func TestInstructionsBeforeTheRoot(t *testing.T) {
	t.Parallel()
	o := Options{Instructions: true}
	for text, want := range map[string]Reason{
		`<?xml-stylesheet type="text/xsl" href="a.xsl"?><a/>`: "", "<?xml version='1.0'?>\n<?x?>\n<?y z?><a/>": "", "<?x?><?x?><a/>": "",
		"<a><?x?></a>": Instruction, "<a/><?x?>": Instruction, "<?x?><?xml version='1.0'?><a/>": Instruction, "<?XmL?><a/>": Instruction, "<? x?><a/>": Syntax, "<?x:y?><a/>": Syntax, "<?x": Syntax,
		"<?x \x01?><a/>": Encoding,
	} {
		_, err := Parse(text, o)
		if want == "" {
			require.NoError(t, err, text)
			_, err = Parse(text, Options{})
			require.ErrorIs(t, err, Instruction, "without the option")
			continue
		}
		require.ErrorIs(t, err, want, text)
	}
}

// The prefix xml may be declared to its own name and to no other (Namespaces in XML 1.0 §3).
func TestSAML05XMLMayBeDeclaredToItsOwnName(t *testing.T) {
	t.Parallel()
	const own = "http://www.w3.org/XML/1998/namespace"
	d, err := Parse(`<a xmlns:xml="`+own+`" xml:lang="de"><b xmlns:xml='`+own+`' xmlns:c="urn:c"/></a>`, Options{})
	require.NoError(t, err)
	lang, ok := d.Root().Attr(own, "lang")
	assert.True(t, ok)
	assert.Equal(t, "de", lang)
	for prefix := range d.Root().Declarations {
		assert.Fail(t, "a declaration", prefix)
	}
	for child := range d.Root().Children {
		for prefix := range child.Namespaces {
			assert.Equal(t, "c", prefix)
		}
	}
	for _, text := range []string{
		`<a xmlns:xml="urn:x"/>`, `<a xmlns:xml=""/>`, `<a xmlns:x="` + own + `"/>`, `<a xmlns="` + own + `"/>`, `<a xmlns:xml="` + own + `/"/>`, `<a xmlns:xml="` + own + ` "/>`,
		`<a xmlns:xml="http&#58;//www.w3.org/XML/1998/namespace"/>`, `<a xmlns:xmlns="http://www.w3.org/2000/xmlns/"/>`,
	} {
		_, err := Parse(text, Options{})
		require.ErrorIs(t, err, Namespace, text)
	}
	_, err = Parse(`<a xmlns:xml="`+own+`" xmlns:xml="`+own+`"/>`, Options{})
	require.ErrorIs(t, err, Duplicate)
}

// oddities opens the elements called g, and keeps why its children are odd.
type oddities struct{ all []string }

func (o *oddities) Open(e Element) (bool, error) { return e.Is("", "g"), nil }
func (o *oddities) Close() error                 { return nil }
func (o *oddities) Child(n Node) error {
	if e := n.Element(); e.OK() {
		reason := "fine"
		if odd := e.Odd(); odd != nil {
			reason = odd.Error()
		}
		o.all = append(o.all, e.Local()+": "+reason)
	}
	return nil
}

// What breaks a rule of the gate and none of XML costs the one child that has it, when that is asked for.
func TestOddParts(t *testing.T) {
	t.Parallel()
	for part, want := range map[string]Reason{
		"<a><!-- x --></a>": Comment, "<a>x<![CDATA[y]]></a>": CDATA, "<a><![CDATA[x]]>y</a>": CDATA, "<a><![CDATA[x]]><b/></a>": CDATA, "<a><![CDATA[x]]><![CDATA[y]]></a>": CDATA,
		"<a><?x y?></a>": Instruction, "<a ID='1'/>": IDName, "<a ID=''/>": IDName, "<a ID='first'/>": ID, "<a><b ID='x'/><b ID='x'/></a>": ID,
		"<a xmlns:x='y'/>": Namespace, "<a xmlns='y'/>": Namespace, "<a><b><!-- x --><?x?></b></a>": Comment,
	} {
		text := "<g><f ID='first'/>" + part + "<a ID='last'/></g>"
		var o oddities
		require.NoError(t, Stream(strings.NewReader(text), Options{OddParts: true}, &o), part)
		require.Len(t, o.all, 3, part)
		assert.Equal(t, "f: fine", o.all[0], part)
		assert.True(t, strings.HasPrefix(o.all[1], "a: xml: "+string(want)+" at byte "), "%s: %s", part, o.all[1])
		assert.Equal(t, "a: fine", o.all[2], part)
		require.ErrorIs(t, Stream(strings.NewReader(text), Options{}, &oddities{}), want, "without the option: %s", part)
		require.ErrorIs(t, Stream(strings.NewReader(strings.Replace(text, "g>", "h>", 2)), Options{OddParts: true}, &oddities{}), want, "in no opened element: %s", part)
		_, err := Parse(text, Options{OddParts: true})
		require.ErrorIs(t, err, want, "of a text that is read whole: %s", part)
	}
	// What is between the parts, or an opened element says of itself, is in no part.
	var o oddities
	require.NoError(t, Stream(strings.NewReader("<g ID='x'><a/><?x?><a/><!-- x --><g ID='x' xmlns:x='y'><a/></g><a/></g>"), Options{OddParts: true}, &o))
	assert.Equal(t, []string{"a: fine", "a: fine", "a: fine", "a: fine"}, o.all)
	for text, want := range map[string]Reason{
		"<g><a></b></g>": Syntax, "<g><a b='' b=''/></g>": Duplicate, "<g><x:a/></g>": Prefix, "<g><a>&x;</a></g>": Entity, "<g><!DOCTYPE a></g>": Doctype, "<g><a><?xml x?></a></g>": Instruction,
		"<g><a xmlns:x=''/></g>": Namespace, "<g><a><!-- -- --></a></g>": Syntax, "<g><a><?x \x01?></a></g>": Encoding, "<g><![CDATA[x]]></g>": CDATA,
		"<g>" + strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64) + "</g>": Limit, "<g ID='1'/>": IDName, "<g ID='1'></g>": IDName,
	} {
		require.ErrorIs(t, Stream(strings.NewReader(text), Options{OddParts: true}, &oddities{}), want, text)
	}
}
