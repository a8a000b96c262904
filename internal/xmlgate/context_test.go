package xmlgate

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// at returns the first element of this local name in e, itself included.
func at(e Element, local string) Element {
	if e.Local() == local {
		return e
	}
	for child := range e.Children {
		if found := at(child, local); found.OK() {
			return found
		}
	}
	return Element{}
}

func namespaces(e Element) (all string) {
	for prefix, name := range e.Namespaces {
		all += prefix + "=" + name + " "
	}
	return strings.TrimSpace(all)
}

func TestNamespaces(t *testing.T) {
	t.Parallel()
	root := parse(t, `<r xmlns="u:d" xmlns:p="u:1" xmlns:q="u:q"><s xmlns:p="u:2" xmlns=""><t p:x="" xmlns:r="u:r" xml:id="i"><u xmlns="u:e"/></t></s><v/></r>`)
	for local, want := range map[string]string{
		"r": "=u:d p=u:1 q=u:q", "s": "p=u:2 q=u:q", "t": "p=u:2 q=u:q r=u:r", "u": "=u:e p=u:2 q=u:q r=u:r", "v": "=u:d p=u:1 q=u:q",
	} {
		assert.Equal(t, want, namespaces(at(root, local)), local)
	}
	for range root.Namespaces {
		break
	}
	for prefix, name := range at(root, "s").Declarations {
		assert.Equal(t, "p", prefix)
		assert.Equal(t, "u:2", name)
		break
	}
}

func TestAncestors(t *testing.T) {
	t.Parallel()
	root := parse(t, `<a><b/><c>x<d/>y<e><f/></e></c><g/></a>`)
	for local, want := range map[string]string{"a": "", "b": "a", "c": "a", "d": "ac", "e": "ac", "f": "ace", "g": "a"} {
		e, names := at(root, local), ""
		for around := range e.Ancestors {
			names += around.Local()
		}
		assert.Equal(t, want, names, local)
		assert.Equal(t, want == "", e.Root(), local)
		assert.Equal(t, want != "", e.Parent().OK(), local)
		if want != "" {
			assert.Equal(t, want[len(want)-1:], e.Parent().Local(), local)
		}
	}
	for range at(root, "f").Ancestors {
		break
	}
}

func TestAttributes(t *testing.T) {
	t.Parallel()
	root := parse(t, `<p:a b='"'  xmlns:p="u:p" p:c = "2" d="&lt;" e="f>"/>`)
	assert.Equal(t, "p", root.Prefix())
	assert.Equal(t, "p:a", root.Name())
	var all []string
	var canonical []string
	for a := range root.Attrs {
		all = append(all, a.Space()+"|"+a.Prefix()+"|"+a.Local()+"|"+a.Name()+"|"+a.Value())
		text, ok := a.Canonical()
		canonical = append(canonical, text)
		assert.Equal(t, a.Local() == "e", ok, a.Local())
	}
	assert.Equal(t, []string{`||b|b|"`, "u:p|p|c|p:c|2", "||d|d|<", "||e|e|f>"}, all)
	assert.Equal(t, []string{"", "", "", ` e="f>"`}, canonical)
	for range root.Attrs {
		break
	}
}

func TestOffsets(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][3]int{
		`<a/>`: {0, 4, 4}, `<a></a>`: {0, 3, 7}, ` <a b=">" ></a> `: {1, 11, 15}, "<a b='>' c=\"/>\"\n/>": {0, 18, 18}, `<p:a xmlns:p="u:1">x</p:a>`: {0, 19, 26},
	} {
		start, inner, end := parse(t, in).Offsets()
		assert.Equal(t, want, [3]int{start, inner, end}, in)
	}
}

func TestNodes(t *testing.T) {
	t.Parallel()
	var all []string
	for n := range parse(t, "<a>1<b>2</b>&lt;<c/>\r\n<!-- -->x>y<d><![CDATA[<]]></d></a>").Nodes {
		if e := n.Element(); e.OK() {
			all = append(all, e.Local())
			for inner := range e.Nodes {
				_, ok := inner.Canonical()
				assert.Equal(t, e.Local() == "b", ok)
			}
			continue
		}
		text, ok := n.Canonical()
		assert.Equal(t, text == "1", ok, text)
		all = append(all, "'"+n.Text()+"'")
	}
	require.Equal(t, []string{"'1'", "b", "'<'", "c", "'\n'", "'x>y'", "d"}, all)
}

// consistent holds what is read by several ways against each other.
func consistent(t *testing.T, e Element) {
	start, inner, end := e.Offsets()
	require.Equal(t, e.Raw(), e.d.src[start:end])
	require.Equal(t, byte('>'), e.d.src[inner-1])
	require.True(t, strings.HasPrefix(e.Raw(), "<"+e.Name()))
	scope := map[string]string{"": "", "xml": xmlSpace}
	for prefix, name := range e.Namespaces {
		scope[prefix] = name
	}
	require.Equal(t, e.Space(), scope[e.Prefix()])
	for a := range e.Attrs {
		value, ok := e.Attr(a.Space(), a.Local())
		require.True(t, ok)
		require.Equal(t, value, a.Value())
		if a.Prefix() != "" {
			require.Equal(t, a.Space(), scope[a.Prefix()])
		}
		if text, ok := a.Canonical(); ok {
			require.Equal(t, " "+a.Name()+`="`+a.Value()+`"`, text)
		}
	}
	for n := range e.Nodes {
		if child := n.Element(); child.OK() {
			require.Equal(t, e, child.Parent())
			consistent(t, child)
		} else if text, ok := n.Canonical(); ok {
			require.Equal(t, n.Text(), text)
			require.NotContains(t, text, ">")
		}
	}
}
