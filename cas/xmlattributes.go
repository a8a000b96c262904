package cas

import (
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// attributeDepth is how many elements, or JSON objects, enclose an attribute's value, plus one for its own.
const attributeDepth = 4

// xmlAttributes reads the attributes of a user (CAS §2.5.7): one element each, or <cas:attribute name="" value=""/>,
// which some servers write. With pairsOnly other elements are not attributes.
func xmlAttributes(e xmlgate.Element, pairsOnly bool) ([]Attribute, error) {
	if !e.OK() {
		return nil, nil
	}
	if !e.Blank() {
		return nil, refuse(CheckAttributes, "attributes has text between its elements")
	}
	set := newAttributeSet(e)
	for child := range e.Children {
		if child.Space() != e.Space() {
			return nil, refuse(CheckAttributes, "an attribute is in another namespace")
		}
		if child.Local() == "attribute" {
			name, value, pair, err := xmlPair(child)
			if err != nil {
				return nil, err
			}
			if pair {
				set.add(name, Value{kind: String, text: value})
				continue
			}
		}
		if pairsOnly {
			continue
		}
		value, err := xmlValue(child, attributeDepth)
		if err != nil {
			return nil, err
		}
		set.add(child.Local(), value)
	}
	return set.list, nil
}

func newAttributeSet(e xmlgate.Element) attributeSet {
	n := 0
	for range e.Children {
		n++
	}
	return attributeSet{list: make([]Attribute, 0, n)}
}

// xmlPair reads <cas:attribute name="" value=""/>; an element without both attributes is not a pair.
func xmlPair(e xmlgate.Element) (name, value string, pair bool, err error) {
	name, named := e.Attr("", "name")
	value, valued := e.Attr("", "value")
	switch {
	case !named && !valued:
		return "", "", false, nil
	case !named || !valued || name == "" || !e.Leaf() || !e.Blank():
		return "", "", false, refuse(CheckAttributes, "an attribute element must have a name, a value and nothing else")
	}
	return name, value, true, nil
}

// xmlValue reads an element without elements as a string, without guessing another type, and one with elements as an
// object. It has the same depth limit as JSON, because lists make its JSON form deeper.
func xmlValue(e xmlgate.Element, depth int) (Value, error) {
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
		if child.Space() != e.Space() {
			return Value{}, refuse(CheckAttributes, "an attribute is in another namespace")
		}
		value, err := xmlValue(child, depth+1)
		if err != nil {
			return Value{}, err
		}
		set.add(child.Local(), value)
	}
	return Value{kind: Object, parts: set.list}, nil
}
