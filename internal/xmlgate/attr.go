package xmlgate

import "strings"

// Attr is a cursor at one attribute.
type Attr struct {
	d *Document
	i int32
}

func (a Attr) attr() *attr { return &a.d.attrs[a.i] }

// Space returns the name of a's namespace, "" for none.
func (a Attr) Space() string { return a.d.spaces[a.attr().space] }

// Local returns a's name without its prefix.
func (a Attr) Local() string { return a.d.attrLocal(a.attr()) }

// Prefix returns the prefix of a's name, "" for none.
func (a Attr) Prefix() string { return a.d.prefix(a.attr().start, a.attr().local) }

// Name returns a's name as it was written, with its prefix.
func (a Attr) Name() string {
	at := a.attr()
	return a.d.src[at.start : at.start+int32(at.name)]
}

// Value returns a's value, normalized (XML 1.0 §3.3.3).
func (a Attr) Value() string { return a.d.attrValue(a.attr()) }

// Canonical returns a as it was written, with a space before it, when its canonical form is the same.
func (a Attr) Canonical() (text string, ok bool) {
	at := a.attr()
	if at.flags&(tight|escaped) != tight {
		return "", false
	}
	return a.d.src[at.start-1 : at.end+1], true
}

// Before reports whether a comes before b, which has another expanded name, in canonical order: by namespace, then
// by local name (Canonical XML 1.0 §2.2).
func (a Attr) Before(b Attr) bool {
	x, y := a.attr(), b.attr()
	if x.space != y.space {
		if order := strings.Compare(a.d.spaces[x.space], a.d.spaces[y.space]); order != 0 {
			return order < 0
		}
	}
	return a.d.attrLocal(x) < a.d.attrLocal(y)
}

// Attrs walks the attributes of e in their order, without namespace declarations.
func (e Element) Attrs(yield func(Attr) bool) {
	n := e.node()
	for i := n.attr; i < n.attr+int32(n.attrs); i++ {
		if e.d.attrs[i].space != inXMLNS && !yield(Attr{e.d, i}) {
			return
		}
	}
}

// Declarations walks the namespaces that e itself declares. The prefix "" is the default namespace, and the name ""
// undeclares it. The prefix xml is left out: a declaration of it changes nothing, and no canonical form has it.
func (e Element) Declarations(yield func(prefix, name string) bool) {
	n := e.node()
	for i := n.attr; i < n.attr+int32(n.attrs); i++ {
		a := &e.d.attrs[i]
		if a.space != inXMLNS {
			continue
		}
		prefix := ""
		if a.local > 0 {
			prefix = e.d.attrLocal(a)
		}
		if prefix != "xml" && !yield(prefix, e.d.src[a.value:a.end]) {
			return
		}
	}
}
