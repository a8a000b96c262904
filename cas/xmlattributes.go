package cas

import (
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// attributeDepth is how many elements, or JSON objects, enclose an attribute's value, plus one for its own.
const attributeDepth = 4

// xmlReader reads attributes, in each form that servers write: CAS §2.5.7 leaves it to them.
type xmlReader struct {
	allowNone bool // Config.AllowNoNamespace
}

// attributes reads the elements in cas:attributes, and those beside cas:user, as RubyCAS writes them.
func (r xmlReader) attributes(success, attributes xmlgate.Element) (inside, beside attributeSet, err error) {
	if attributes.OK() {
		if !attributes.Blank() {
			return inside, beside, refuse(CheckAttributes, "attributes has text between its elements")
		}
		inside = newAttributeSet(attributes)
		for child := range attributes.Children {
			if err := r.add(&inside, child, attributeDepth); err != nil {
				return inside, beside, err
			}
		}
	}
	for child := range success.Children {
		if part, _ := new(xmlParts).of(child.Local()); part != nil {
			continue
		}
		if beside.list == nil {
			beside = newAttributeSet(success)
		}
		if err := r.add(&beside, child, attributeDepth); err != nil {
			return inside, beside, err
		}
	}
	return inside, beside, nil
}

func newAttributeSet(e xmlgate.Element) attributeSet {
	n := 0
	for range e.Children {
		n++
	}
	return attributeSet{list: make([]Attribute, 0, n)}
}

// add reads one attribute: an element of its name, or an element attribute with the name in name="" and the value in
// value="" or inside, as phpCAS and go-cas know them. An attribute may have any other namespace (CAS appendix A).
func (r xmlReader) add(set *attributeSet, e xmlgate.Element, depth int) error {
	if e.Space() == "" && !r.allowNone {
		return refuse(CheckAttributes, "an attribute has no namespace, and AllowNoNamespace is not set")
	}
	name := e.Local()
	if name == "attribute" {
		given, named := e.Attr("", "name")
		text, valued := e.Attr("", "value")
		switch {
		case named && given == "" || valued && !named:
			return refuse(CheckAttributes, "an attribute element has no name")
		case valued && (!e.Leaf() || !e.Blank()):
			return refuse(CheckAttributes, "an attribute element has a value and content")
		case valued:
			set.add(attributeName(given), Value{kind: String, text: text})
			return nil
		case named:
			name = given
		}
	}
	value, err := r.value(e, depth)
	if err != nil {
		return err
	}
	set.add(attributeName(name), value)
	return nil
}

// value reads an element without elements as a string, without guessing another type, and one with elements as an
// object. It has the same depth limit as JSON, because lists make its JSON form deeper.
func (r xmlReader) value(e xmlgate.Element, depth int) (Value, error) {
	if text, ok := e.Text(); ok {
		return Value{kind: String, text: text}, nil
	}
	if depth == maxJSONDepth {
		return Value{}, refuse(CheckSyntax, "it is nested deeper than %d", maxJSONDepth)
	}
	if !e.Blank() {
		return Value{}, refuse(CheckAttributes, "an attribute has text and elements")
	}
	set := newAttributeSet(e)
	for child := range e.Children {
		if err := r.add(&set, child, depth+1); err != nil {
			return Value{}, err
		}
	}
	return Value{kind: Object, parts: set.list}, nil
}
