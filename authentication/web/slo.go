package web

import "github.com/seed6e7d3bb2/authing-go/authentication"

// slo receives SAML's messages of single logout, by redirect, POST or SOAP: the response to a logout that began here, and
// the requests of the identity provider.
func (v *visit) slo(flow authentication.LoginFlow) {
	if v.logoutKey(flow) != "" {
		v.loggedOut(flow)
		return
	}
	v.notice(flow)
}
