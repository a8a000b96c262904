package authtest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// samlName is a name identifier (SAML Core §2.2.3).
type samlName struct{ format, value, qualifier, spQualifier string }

func (n samlName) write() string {
	return `<saml:NameID Format="` + n.format + `"` + xmlAttribute("NameQualifier", n.qualifier) + xmlAttribute("SPNameQualifier", n.spQualifier) + ">" +
		idptest.EscapeXML(n.value) + "</saml:NameID>"
}

// nameOf names the person in the format that was asked for; it may not be had.
func (to *samlAsked) nameOf(u *idptest.User) (samlName, bool) {
	n := samlName{format: to.format}
	switch to.format {
	case SAMLEmail:
		n.value = u.Email
	case SAMLPersistent:
		// One name for each application, so that two of them cannot compare (SAML Core §8.3.7).
		sum := sha256.Sum256([]byte(to.base + "\n" + to.audience + "\n" + u.ID()))
		n.value, n.qualifier, n.spQualifier = hex.EncodeToString(sum[:20]), to.base, to.audience
	case SAMLTransient:
		n.value, n.qualifier, n.spQualifier = samlID(), to.base, to.audience
	default:
		n.value = u.Name()
	}
	return n, n.value != ""
}

// samlAttributes are the claims of these names, in Authing's form: all texts, of
// the basic name format; a null is the text null, but a null name is empty.
func (s *Server) samlAttributes(u *idptest.User, names []string) string {
	if len(names) == 0 {
		names = []string{"email", "name", "username", "phone"}
	}
	all := s.realm.Known(u)
	all["phone"] = all["phone_number"]
	var b strings.Builder
	b.WriteString("<saml:AttributeStatement>")
	for _, name := range names {
		b.WriteString(`<saml:Attribute Name="` + idptest.EscapeXML(name) + `" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">`)
		for _, value := range samlValues(name, all[name]) {
			b.WriteString(`<saml:AttributeValue xsi:type="xs:string">` + idptest.EscapeXML(value) + "</saml:AttributeValue>")
		}
		b.WriteString("</saml:Attribute>")
	}
	b.WriteString("</saml:AttributeStatement>")
	return b.String()
}

func samlValues(name string, value any) []string {
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
			texts = append(texts, samlValues(name, item)...)
		}
		return texts
	}
	return []string{fmt.Sprint(value)}
}
