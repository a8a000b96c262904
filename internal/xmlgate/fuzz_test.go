package xmlgate

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// FuzzGate: what the gate accepts, encoding/xml's strict decoder accepts and reads in the same way.
func FuzzGate(f *testing.F) {
	for _, s := range []string{
		`<?xml version="1.0" encoding="UTF-8"?><a xmlns="u:1" b="c"><p:d xmlns:p="u:2" p:e="&lt;">x</p:d></a>`,
		"\ufeff<a><!-- x --><![CDATA[y]]></a>", "<a ID='x'>\r\n&#13;</a>", "<a xmlns:xml='u:1'/>", "<a:b:c/>", "<:a/>",
		"<!DOCTYPE a><a/>", "<a><?x?></a>", "<a>]]></a>", "<名 属='值'/>", "<a b='1' b='2'/>", "<a/><b/>", "<a ID='1'>b<![CDATA[c]]><v ID='1'/><v><![CDATA[d]]></v></a>", "<a><b></a></b>",
	} {
		f.Add(s)
	}
	files, err := filepath.Glob("../../cas/testdata/*")
	require.NoError(f, err)
	for _, name := range files {
		data, err := os.ReadFile(name)
		require.NoError(f, err)
		_, reply, _ := strings.Cut(string(data), "\n---\n")
		_, body, _ := strings.Cut(reply, "\n\n")
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, s string) {
		comments := func(_, local string) bool { return local != "v" }
		strict, refused := Parse(s, Options{Comments: comments})
		d, err := Parse(s, Options{Comments: comments, Unsigned: true})
		if refused == nil {
			require.NoError(t, err, "%q", s)
			require.Equal(t, picture(strict.Root()), picture(d.Root()))
			consistent(t, strict.Root())
		}
		if err != nil {
			var typed *Error
			require.ErrorAs(t, err, &typed)
			require.LessOrEqual(t, typed.Offset, len(s))
			return
		}
		want, err := oracle(s)
		require.NoError(t, err, "the gate accepts %q", s)
		require.Equal(t, want, picture(d.Root()))
		consistent(t, d.Root())
	})
}

// oracle draws what encoding/xml reads.
func oracle(s string) (string, error) {
	var b strings.Builder
	dec := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(s, byteOrderMark)))
	depth, text := 0, ""
	flush := func() {
		if text != "" && depth > 0 {
			b.WriteString("[" + text + "]")
		}
		text = ""
	}
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			flush()
			depth++
			b.WriteString("<" + token.Name.Space + " " + token.Name.Local)
			for _, a := range token.Attr {
				if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
					continue
				}
				b.WriteString("|" + a.Name.Space + " " + a.Name.Local + "=" + spaces(a.Value))
			}
			b.WriteString(">")
		case xml.EndElement:
			flush()
			depth--
			b.WriteString("</>")
		case xml.CharData:
			text += string(token)
		case xml.Directive:
			return "", errors.New("a directive")
		}
	}
}

// picture draws what the gate reads.
func picture(e Element) string {
	var b strings.Builder
	draw(&b, e.d, e.i)
	return b.String()
}

func draw(b *strings.Builder, d *Document, i int32) {
	e, n := (Element{d, i}), &d.nodes[i]
	b.WriteString("<" + e.Space() + " " + e.Local())
	own := d.attributes(n)
	for j := range own {
		if a := &own[j]; a.space != inXMLNS {
			b.WriteString("|" + d.spaces[a.space] + " " + d.attrLocal(a) + "=" + spaces(d.attrValue(a)))
		}
	}
	b.WriteString(">")
	text := ""
	for j := i + 1; ; j = d.nodes[j].next {
		if j < n.next && !d.nodes[j].isElement() {
			text += d.data(j)
			continue
		}
		if text != "" {
			b.WriteString("[" + text + "]")
			text = ""
		}
		if j >= n.next {
			break
		}
		draw(b, d, j)
	}
	b.WriteString("</>")
}

// spaces hides the one difference that is known: encoding/xml does not normalize attribute values.
func spaces(s string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && isSpace(byte(r)) {
			return ' '
		}
		return r
	}, s)
}

// TestNamesAreASubset tries every character in both places of a name.
func TestNamesAreASubset(t *testing.T) {
	t.Parallel()
	accepted := 0
	for r := rune(0x80); r <= 0xFFFF; r++ {
		if !utf8.ValidRune(r) || !isLetter(r) {
			continue
		}
		accepted++
		for _, s := range []string{"<" + string(r) + "/>", "<a" + string(r) + "/>"} {
			_, err := oracle(s)
			assert.NoError(t, err, "%U", r)
			_, err = Parse(s, Options{})
			assert.NoError(t, err, "%U", r)
		}
	}
	assert.Greater(t, accepted, 30_000)
}
