package samltest

import (
	"time"

	"github.com/beevik/etree"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Namespaces.
const (
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsSignature = "http://www.w3.org/2000/09/xmldsig#"
)

// attribute writes an attribute that is left out when empty.
func attribute(name, value string) string {
	if value == "" {
		return ""
	}
	return " " + name + `="` + idptest.EscapeXML(value) + `"`
}

// instant writes a time; the zero time is empty.
func instant(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05.000Z")
}

// newID is an ID for a message: an NCName that cannot be guessed.
func newID() string { return "_" + idptest.OpaqueHex() }

// parseXML reads what this package itself wrote.
func parseXML(text string) (*etree.Document, error) {
	document := etree.NewDocument()
	if err := document.ReadFromString(text); err != nil {
		return nil, err
	}
	// What a parser would normalise is written as a reference: the signature is over what the reader gets.
	document.WriteSettings.CanonicalText = true
	document.WriteSettings.CanonicalAttrVal = true
	return document, nil
}

// afterIssuer puts the child where the schema has a signature: right after Issuer, or first in an element that has none
// (SAML Core §5.4, §2.3.3).
func afterIssuer(e, child *etree.Element) {
	at := 0
	if issuer := e.SelectElement("Issuer"); issuer != nil {
		at = issuer.Index() + 1
	}
	e.InsertChildAt(at, child)
}

// replace puts the new element in the place of the old one.
func replace(old, with *etree.Element) {
	parent, at := old.Parent(), old.Index()
	parent.RemoveChild(old)
	parent.InsertChildAt(at, with)
}
