package samltest

// Binding is how a message travels with the browser (SAML Bindings §3.4, §3.5, §3.6).
type Binding string

const (
	// BindingRedirect puts the message into a query.
	BindingRedirect Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
	// BindingPOST puts it into a form that the browser posts.
	BindingPOST Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
	// BindingArtifact puts a reference to the message into a query; the application fetches the message by SOAP.
	BindingArtifact Binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Artifact"
)
