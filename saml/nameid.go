package saml

import (
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// readNameID reads a saml:NameID, white space included (SAML Core §2.2.3). An empty one is refused (SAML Core §1.3.1).
func readNameID(e xmlgate.Element) (NameID, error) {
	var n NameID
	if !e.Is(nsAssertion, "NameID") {
		return n, refuse(CheckNameID, "the element is not a NameID")
	}
	value, ok := e.Text()
	if !ok || strings.TrimSpace(value) == "" {
		return n, refuse(CheckNameID, "NameID is empty or not plain text")
	}
	n.Value = value
	n.Format, _ = tokenAttr(e, "Format")
	n.NameQualifier, _ = e.Attr("", "NameQualifier")
	n.SPNameQualifier, _ = e.Attr("", "SPNameQualifier")
	n.SPProvidedID, _ = e.Attr("", "SPProvidedID")
	return n, nil
}
