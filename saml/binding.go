package saml

import "github.com/seed6e7d3bb2/authing-go/saml/metadata"

// Binding is how a message travels: with the browser by redirect, POST, and as an artifact, or without it by SOAP (SAML
// Bindings §3.2, §3.4, §3.5, §3.6).
type Binding = metadata.Binding

const (
	BindingRedirect = metadata.BindingRedirect
	BindingPOST     = metadata.BindingPOST
	BindingArtifact = metadata.BindingArtifact
	BindingSOAP     = metadata.BindingSOAP
)

// Name identifiers' formats (SAML Core §8.3).
const (
	NameIDUnspecified = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
	NameIDEmail       = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
	NameIDPersistent  = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
	NameIDTransient   = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"
	NameIDEntity      = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity"
)

// Namespaces of messages and of our metadata (SAML Core §1.2, SAML Metadata §1.1).
const (
	nsProtocol  = "urn:oasis:names:tc:SAML:2.0:protocol"
	nsAssertion = "urn:oasis:names:tc:SAML:2.0:assertion"
	nsMetadata  = "urn:oasis:names:tc:SAML:2.0:metadata"
	nsXSI       = "http://www.w3.org/2001/XMLSchema-instance"
	nsDSig      = "http://www.w3.org/2000/09/xmldsig#"
	nsDSig11    = "http://www.w3.org/2009/xmldsig11#"
	nsXMLEnc    = "http://www.w3.org/2001/04/xmlenc#"
)
