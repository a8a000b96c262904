package saml

import "net/http"

// LoginKey returns the Key of the Login that a posted response belongs to; it is empty when r has none (SAML Bindings
// §3.5.3). It reads at most 8 MiB of the body, and puts them back for CompleteLogin.
func LoginKey(r *http.Request) string {
	if r == nil || r.Method != http.MethodPost {
		return ""
	}
	return peekRelayState(r, paramResponse)
}
