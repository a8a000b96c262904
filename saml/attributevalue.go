package saml

import (
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// valueReader reads the values of the attributes of a statement (SAML Core §2.7.3.1.1).
type valueReader struct {
	all       []Value
	statement xmlgate.Element
	// outside tells that the attribute was encrypted and is in a document of its own.
	outside bool
	around  scope // of the statement, found when it is needed
}

// read appends the values of an attribute.
func (v *valueReader) read(attribute xmlgate.Element) error {
	for e := range attribute.Children {
		if !e.Is(nsAssertion, "AttributeValue") {
			return refuse(CheckAttributes, "an attribute holds something other than values")
		}
		var value Value
		qname, _ := e.Attr(nsXSI, "type")
		null, _ := e.Attr(nsXSI, "nil")
		value.Type = xsd.Collapse(qname)
		value.Nil, _ = xsd.ParseBool(null)
		text, ok := e.Text()
		if ok {
			value.Text = text
		} else {
			value.XML = standalone(e, v.scope(attribute))
			value.NameID = nameIn(e)
		}
		if value.Nil && (!ok || text != "") {
			return refuse(CheckAttributes, "a value is nil and not empty")
		}
		v.all = append(v.all, value)
	}
	return nil
}

// nameIn returns the name identifier that is all that a value holds, as in eduPersonTargetedID; else nil.
func nameIn(value xmlgate.Element) *NameID {
	var found xmlgate.Element
	for e := range value.Children {
		if found.OK() {
			return nil
		}
		found = e
	}
	if !value.Blank() {
		return nil
	}
	name, err := readNameID(found)
	if err != nil {
		return nil // it is a value, and not who logs in
	}
	return &name
}

// scope is the namespaces in scope for the values of attribute. Asking each value would cost quadratic time.
func (v *valueReader) scope(attribute xmlgate.Element) scope {
	if v.outside {
		return scopeAt(attribute)
	}
	if v.around == nil {
		v.around = scopeAt(v.statement)
	}
	all := v.around[:len(v.around):len(v.around)]
	for prefix, name := range attribute.Declarations {
		all = append(all, namespace{prefix, name})
	}
	return all
}
