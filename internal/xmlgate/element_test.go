package xmlgate

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parse(t *testing.T, s string) Element {
	t.Helper()
	d, err := Parse(s, Options{Comments: func(string, string) bool { return true }})
	require.NoError(t, err)
	return d.Root()
}

func TestText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<a/>`:                  "",
		`<a></a>`:               "",
		`<a> x </a>`:            " x ",
		"<a>1\r\n2\r3\n\r4</a>": "1\n2\n3\n\n4",
		"<a>&#13;&#xA;&lt;&gt;&amp;&quot;&apos;</a>": "\r\n<>&\"'",
		`<a>&amp;lt;</a>`:                 "&lt;",
		`<a>&#x7231;丽&#19997;</a>`:        "爱丽丝",
		"<a><![CDATA[<b>&amp;\r\n]]></a>": "<b>&amp;\n",
		"<a><![CDATA[\rx]]></a>":          "\nx",
		"<a>\rx</a>":                      "\nx",
		"<a><![CDATA[\r\n]]></a>":         "\n",
		`<a>ad<!-- x -->min</a>`:          "admin",
		`<a>]]</a>`:                       "]]",
	} {
		text, ok := parse(t, in).Text()
		assert.True(t, ok, in)
		assert.Equal(t, want, text, in)
	}
	_, ok := parse(t, "<a>x<b/></a>").Text()
	assert.False(t, ok)
}

func TestTree(t *testing.T) {
	t.Parallel()
	root := parse(t, "\ufeff<?xml version='1.0'?>\n<p:a xmlns:p='u:p' xmlns='u:d' b='1' p:b=' &lt;\n2\t&#10;'> <c/>\n<p:d><e xmlns=''>x</e></p:d> </p:a>\n")
	assert.True(t, root.Is("u:p", "a"))
	assert.True(t, root.Blank())
	assert.False(t, root.Leaf())
	value, ok := root.Attr("", "b")
	assert.True(t, ok)
	assert.Equal(t, "1", value)
	value, _ = root.Attr("u:p", "b")
	assert.Equal(t, " < 2 \n", value)
	_, ok = root.Attr("u:d", "b")
	assert.False(t, ok, "an attribute without prefix has no namespace")

	var names []string
	for child := range root.Children {
		names = append(names, child.Space()+" "+child.Local()+" "+child.Raw())
		for inner := range child.Children {
			names = append(names, inner.Space()+" "+inner.Local()+" "+inner.Raw())
		}
	}
	assert.Equal(t, []string{"u:d c <c/>", "u:p d <p:d><e xmlns=''>x</e></p:d>", " e <e xmlns=''>x</e>"}, names)
	assert.False(t, parse(t, "<a>x<b/></a>").Blank())
	assert.False(t, Element{}.OK())
}
