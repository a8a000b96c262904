package saml

import "github.com/seed6e7d3bb2/authing-go/internal/xmlgate"

// manyNames is from how many attributes on their names are looked up and not compared.
const manyNames = 32

// readAttributes reads a saml:AttributeStatement into a (SAML Core §2.7.3). Attributes of the same name stay apart, in
// their order.
func (x *exchange) readAttributes(statement xmlgate.Element, a *Assertion) error {
	attributes, values := countAttributes(statement)
	if a.Attributes == nil {
		a.Attributes = make([]Attribute, 0, attributes)
	}
	all := make([]Value, 0, values) // one array for the values of all
	for e := range statement.Children {
		if e.Is(nsAssertion, "EncryptedAttribute") {
			var err error
			if e, err = x.c.decrypt(e); err != nil {
				return err
			}
		}
		if !e.Is(nsAssertion, "Attribute") {
			return refuse(CheckAttributes, "AttributeStatement holds something other than attributes")
		}
		from := len(all)
		var err error
		if all, err = readValues(e, all); err != nil {
			return err
		}
		attribute := Attribute{Values: all[from:len(all):len(all)]}
		attribute.Name, _ = e.Attr("", "Name")
		attribute.FriendlyName, _ = e.Attr("", "FriendlyName")
		attribute.NameFormat, _ = e.Attr("", "NameFormat")
		if attribute.Name == "" {
			return refuse(CheckAttributes, "an attribute has no Name")
		}
		a.Attributes = append(a.Attributes, attribute)
	}
	return nil
}

// countAttributes is for room: what is encrypted is not counted.
func countAttributes(statement xmlgate.Element) (attributes, values int) {
	for e := range statement.Children {
		attributes++
		for range e.Children {
			values++
		}
	}
	return attributes, values
}

// readValues appends the values of an attribute (SAML Core §2.7.3.1.1).
func readValues(attribute xmlgate.Element, all []Value) ([]Value, error) {
	for e := range attribute.Children {
		if !e.Is(nsAssertion, "AttributeValue") {
			return nil, refuse(CheckAttributes, "an attribute holds something other than values")
		}
		var v Value
		v.Type, _ = e.Attr(nsXSI, "type")
		if null, ok := e.Attr(nsXSI, "nil"); ok {
			v.Nil = null == "true" || null == "1"
		}
		text, ok := e.Text()
		switch {
		case !ok:
			v.XML = e.Raw()
		case v.Nil && text != "":
			return nil, refuse(CheckAttributes, "a value is nil and not empty")
		default:
			v.Text = text
		}
		all = append(all, v)
	}
	return all, nil
}

// checkNames refuses attributes of one name in two formats: Attribute and Values could not tell them apart.
func checkNames(all []Attribute) error {
	var formats map[string]string
	if len(all) > manyNames {
		formats = make(map[string]string, len(all)) // comparing each with all would cost quadratic time
	}
	for i := range all {
		if formats != nil {
			if format, known := formats[all[i].Name]; known && format != all[i].NameFormat {
				return errTwoFormats()
			}
			formats[all[i].Name] = all[i].NameFormat
			continue
		}
		for j := range all[:i] {
			if all[j].Name == all[i].Name && all[j].NameFormat != all[i].NameFormat {
				return errTwoFormats()
			}
		}
	}
	return nil
}

func errTwoFormats() error {
	return refuse(CheckAttributes, "two attributes have the same Name and another NameFormat")
}
