package saml_test

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// span is an element of a text, by offsets: <a x="1">...</a> from start to end, its inside from inner to shut. An empty
// element tag has no inside: then inner and shut are end.
type span struct {
	start, inner, shut, end int
	name                    string // as it is written
	parent                  int    // -1 for the root
	attrs                   []attrSpan
	leaf                    bool // text and nothing else inside
}

// attrSpan is an attribute: from the white space before its name to behind the quote.
type attrSpan struct {
	start, end   int
	name         string
	value, after int // the value without its quotes
}

func (s span) local() string { return s.name[strings.LastIndexByte(s.name, ':')+1:] }

func (s span) empty() bool { return s.inner == s.end }

var attrPattern = regexp.MustCompile(`\s+([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')`)

// index lists the elements of a well-formed text in document order, by the standard library's reader.
func index(t testing.TB, doc string) []span {
	t.Helper()
	var all []span
	open := []int{-1}
	d := xml.NewDecoder(strings.NewReader(doc))
	for {
		from := int(d.InputOffset())
		token, err := d.RawToken()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err, doc)
		to := int(d.InputOffset())
		switch token.(type) {
		case xml.StartElement:
			if p := open[len(open)-1]; p >= 0 {
				all[p].leaf = false
			}
			tag := doc[from:to]
			s := span{start: from, inner: to, parent: open[len(open)-1], leaf: true, name: strings.TrimRight(tag[1:strings.IndexAny(tag, " \t\r\n/>")], "/>")}
			for _, m := range attrPattern.FindAllStringSubmatchIndex(tag, -1) {
				a := attrSpan{start: from + m[0], end: from + m[1], name: tag[m[2]:m[3]], value: from + m[4], after: from + m[5]}
				if m[4] < 0 {
					a.value, a.after = from+m[6], from+m[7]
				}
				s.attrs = append(s.attrs, a)
			}
			open = append(open, len(all))
			all = append(all, s)
		case xml.EndElement:
			s := &all[open[len(open)-1]]
			open = open[:len(open)-1]
			s.shut, s.end = from, to
		}
	}
}

// splice replaces a part of a text.
func splice(doc string, from, to int, piece string) string { return doc[:from] + piece + doc[to:] }

// put makes piece the first or last child of an element.
func put(doc string, s span, first bool, piece string) string {
	switch {
	case s.empty():
		return splice(doc, s.end-len("/>"), s.end, ">"+piece+"</"+s.name+">")
	case first:
		return splice(doc, s.inner, s.inner, piece)
	}
	return splice(doc, s.shut, s.shut, piece)
}

// cut takes an element out of a text.
func cut(doc string, s span) (rest, piece string) {
	return splice(doc, s.start, s.end, ""), doc[s.start:s.end]
}

func find(all []span, local string) int {
	for i, s := range all {
		if s.local() == local {
			return i
		}
	}
	return -1
}
