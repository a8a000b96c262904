package samltest

// Status codes (SAML Core §3.2.2.2).
const (
	statusSuccess   = "urn:oasis:names:tc:SAML:2.0:status:Success"
	statusRequester = "urn:oasis:names:tc:SAML:2.0:status:Requester"
	statusResponder = "urn:oasis:names:tc:SAML:2.0:status:Responder"

	statusAuthnFailed     = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
	statusInvalidPolicy   = "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy"
	statusNoAuthnContext  = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
	statusNoPassive       = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"
	statusNoSupportedIDP  = "urn:oasis:names:tc:SAML:2.0:status:NoSupportedIDP"
	statusPartialLogout   = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"
	statusRequestDenied   = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"
	statusUnsupportedBind = "urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding"
)

// status is the outcome of a request; second says more and may be empty.
type status struct{ top, second string }

func (t status) write() string {
	inner := ""
	if t.second != "" {
		inner = `<samlp:StatusCode Value="` + t.second + `"/>`
	}
	return `<samlp:Status><samlp:StatusCode Value="` + t.top + `">` + inner + `</samlp:StatusCode></samlp:Status>`
}
