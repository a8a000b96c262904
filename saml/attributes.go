package saml

import "github.com/seed6e7d3bb2/authing-go/internal/xmlgate"

const (
	// manyNames is the number of attributes from which names are looked up in a map and not compared.
	manyNames = 32
	// maxSealed is how many attributes may be encrypted: each has keys of its own, and each key costs an RSA operation.
	maxSealed = 64
)

// readAttributes reads a saml:AttributeStatement into a (SAML Core §2.7.3). Attributes of the same Name are not merged,
// and keep their order.
func (x *exchange) readAttributes(statement xmlgate.Element, a *Assertion) error {
	attributes, values := countAttributes(statement)
	if a.Attributes == nil {
		a.Attributes = make([]Attribute, 0, attributes)
	}
	v := valueReader{all: make([]Value, 0, values), statement: statement} // one array for the values of all
	for e := range statement.Children {
		v.outside = false
		if e.Is(nsAssertion, "EncryptedAttribute") {
			if x.sealed++; x.sealed > maxSealed {
				return refuse(CheckAttributes, "over %d attributes are encrypted", maxSealed)
			}
			var err error
			if e, err = x.c.decrypt(e); err != nil {
				return err
			}
			v.outside = true
		}
		if !e.Is(nsAssertion, "Attribute") {
			return refuse(CheckAttributes, "AttributeStatement holds something other than attributes")
		}
		from := len(v.all)
		if err := v.read(e); err != nil {
			return err
		}
		attribute := Attribute{Values: v.all[from:len(v.all):len(v.all)]}
		attribute.Name, _ = e.Attr("", "Name")
		attribute.FriendlyName, _ = e.Attr("", "FriendlyName")
		attribute.NameFormat, _ = tokenAttr(e, "NameFormat")
		if attribute.Name == "" {
			return refuse(CheckAttributes, "an attribute has no Name")
		}
		a.Attributes = append(a.Attributes, attribute)
	}
	return nil
}

// countAttributes says how much room to make. Encrypted attributes are not counted.
func countAttributes(statement xmlgate.Element) (attributes, values int) {
	for e := range statement.Children {
		attributes++
		for range e.Children {
			values++
		}
	}
	return attributes, values
}

// checkNames refuses attributes of one Name in two formats: Attribute and Values could not tell them apart.
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
	return refuse(CheckAttributes, "two attributes have the same Name and different NameFormats")
}
