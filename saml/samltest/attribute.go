package samltest

import (
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// claimOf are the attributes that stand for a claim of another name, where the person has none of their own.
var claimOf = map[string]string{"username": "preferred_username", "phone": "phone_number"}

// attributeStatement has the claims of these names (SAML Core §2.7.3): all texts, of the basic name format. A claim that
// is not known is left out.
func attributeStatement(known map[string]any, names []string) string {
	if len(names) == 0 {
		names = []string{"email", "name", "username", "phone"}
	}
	var b strings.Builder
	for _, name := range names {
		value, ok := known[name]
		if !ok {
			value, ok = known[claimOf[name]]
		}
		if !ok {
			continue
		}
		b.WriteString(`<saml:Attribute Name="` + idptest.EscapeXML(name) + `" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">`)
		for _, text := range attributeValues(name, value) {
			b.WriteString(`<saml:AttributeValue xsi:type="xs:string">` + idptest.EscapeXML(text) + "</saml:AttributeValue>")
		}
		b.WriteString("</saml:Attribute>")
	}
	if b.Len() == 0 {
		return "" // the schema wants one attribute at least
	}
	return "<saml:AttributeStatement>" + b.String() + "</saml:AttributeStatement>"
}

// attributeValues are the values of a claim. A null is the text null, but a null name is empty.
func attributeValues(name string, value any) []string {
	var texts []string
	switch value := value.(type) {
	case nil:
		if name == "name" {
			return []string{""}
		}
		return []string{"null"}
	case []string:
		return value
	case []any:
		for _, item := range value {
			texts = append(texts, attributeValues(name, item)...)
		}
		return texts
	}
	return []string{fmt.Sprint(value)}
}
