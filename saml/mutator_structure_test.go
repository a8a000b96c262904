package saml_test

import (
	"fmt"
	"strings"
	"testing"
)

// structure changes every element and every attribute.
func (m *mutants) structure() {
	all := index(m.t, m.doc)
	for i, s := range all {
		piece := m.doc[s.start:s.end]
		for _, object := range []string{"<!---->", "<!--alice-->", "<?x y?>", "<![CDATA[]]>", "<![CDATA[mallory]]>", "&x;", "&#32;", "mallory", "<!DOCTYPE x>", "<x/>"} {
			m.add("inside first", func() string { return put(m.doc, s, true, object) })
			m.add("inside last", func() string { return put(m.doc, s, false, object) })
			m.add("before", func() string { return splice(m.doc, s.start, s.start, object) })
		}
		m.add("duplicate", func() string { return splice(m.doc, s.end, s.end, piece) })
		m.add("duplicate, other user", func() string { return splice(m.doc, s.end, s.end, m.evil(piece)) })
		m.add("duplicate before, other user", func() string { return splice(m.doc, s.start, s.start, m.evil(piece)) })
		m.add("other user", func() string { return splice(m.doc, s.start, s.end, m.evil(piece)) })
		m.add("renamed", func() string { return m.renamed(s, "x") })
		m.add("other prefix", func() string { return strings.Replace(m.doc, "<"+s.name, "<y:"+s.local()+` xmlns:y="urn:x"`, 1) })
		for _, a := range s.attrs {
			m.attribute(s, a)
		}
		for _, added := range []string{` ID="_added"`, ` Id="_assertion"`, ` xml:id="_response"`, ` xmlns="urn:x"`, ` xmlns:saml="urn:x"`, ` x:y="" xmlns:x="urn:x"`, ` xml:lang="en"`, ` Version="2.0"`, ` NotOnOrAfter="2036-01-01T00:00:00Z"`} {
			at := s.start + 1 + len(s.name)
			m.add("attribute added", func() string { return splice(m.doc, at, at, added) })
		}
		if s.parent < 0 {
			continue
		}
		rest, _ := cut(m.doc, s)
		m.add("delete", func() string { return rest })
		m.add("unwrapped", func() string { return splice(m.doc, s.start, s.end, m.doc[s.inner:s.shut]) })
		for _, host := range index(m.t, rest) {
			m.add("move", func() string { return put(rest, host, i%2 == 0, piece) })
		}
		for _, next := range all[i+1:] {
			if next.parent == s.parent {
				m.add("swap", func() string {
					return m.doc[:s.start] + m.doc[next.start:next.end] + m.doc[s.end:next.start] + piece + m.doc[next.end:]
				})
				break
			}
		}
	}
}

func (m *mutants) renamed(s span, name string) string {
	if s.empty() {
		return splice(m.doc, s.start+1, s.start+1+len(s.name), name)
	}
	doc := splice(m.doc, s.shut, s.end, "</"+name+">")
	return splice(doc, s.start+1, s.start+1+len(s.name), name)
}

func (m *mutants) attribute(s span, a attrSpan) {
	m.add("attribute deleted", func() string { return splice(m.doc, a.start, a.end, "") })
	m.add("attribute twice", func() string { return splice(m.doc, a.end, a.end, m.doc[a.start:a.end]) })
	name := strings.Index(m.doc[a.start:a.end], a.name) + a.start
	m.add("attribute renamed", func() string { return splice(m.doc, name, name+len(a.name), a.name+"x") })
	m.add("attribute in other case", func() string { return splice(m.doc, name, name+len(a.name), strings.ToLower(a.name)) })
	value := m.doc[a.value:a.after]
	for _, changed := range []string{"", value + "x", "x" + value, " " + value, value + "&#10;", strings.ToUpper(value), "urn:x", "2036-01-01T00:00:00Z", testACS, testSP, otherIDP, requestID, "_assertion"} {
		m.add("attribute changed", func() string { return splice(m.doc, a.value, a.after, changed) })
	}
	if value != "" {
		m.add("attribute escaped", func() string { return splice(m.doc, a.value, a.value+1, fmt.Sprintf("&#%d;", []rune(value)[0])) })
	}
}

// texts changes every text.
func (m *mutants) texts() {
	for _, s := range index(m.t, m.doc) {
		if !s.leaf || s.inner == s.shut {
			continue
		}
		text := m.doc[s.inner:s.shut]
		for _, changed := range []string{"", " " + text, text + " ", "\n" + text + "\n", text + "x", m.evil(text), strings.ToUpper(text), "<![CDATA[" + text + "]]>", "<x>" + text + "</x>", "AAAA", otherIDP, testSP} {
			m.add("text changed", func() string { return splice(m.doc, s.inner, s.shut, changed) })
		}
		for at := range text {
			if at > 8 && at != len(text)/2 && at != len(text)-1 {
				continue
			}
			for _, object := range []string{"<!---->", "<?x y?>", "<![CDATA[]]>", "&x;", "<x/>", "\r", "\x00", "\ufeff"} {
				m.add("text split", func() string { return splice(m.doc, s.inner+at, s.inner+at, object) })
			}
			if text[at] < 0x80 && text[at] != '&' {
				m.add("text escaped", func() string { return splice(m.doc, s.inner+at, s.inner+at+1, fmt.Sprintf("&#x%x;", text[at])) })
			}
			m.add("text cut", func() string { return splice(m.doc, s.inner+at, s.shut, "") })
		}
	}
}

// inside mutates what is encrypted and encrypts it again, as anyone with the public key of the service provider can.
func (s shape) inside(t testing.TB, j *judge) {
	t.Helper()
	open := s.message
	open.encE = nil
	opened := open.xml(t)
	all := index(t, opened)
	_, assertion := cut(opened, all[find(all, "Assertion")])
	m := &mutants{t: t, doc: inScope(opened, assertion), evil: mallory, stride: 61, named: 61, yield: func(kind, assertion string) {
		e := *s.encE
		e.key = make([]byte, contentKeySize(e.block))
		doc := splice(j.doc, j.encrypted.start, j.encrypted.end, e.wrap(t, assertion, "EncryptedAssertion"))
		j.present("inside: "+kind, doc)
	}}
	m.wraps()
	m.structure()
	m.texts()
}
