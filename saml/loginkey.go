package saml

import "net/http"

// LoginKey returns the Key of the Login that a response belongs to, or an artifact (AcceptArtifacts); it is empty when r
// has none (SAML Bindings §3.5.3, §3.6.3). It reads at most 8 MiB of the body, and puts them back for CompleteLogin.
func LoginKey(r *http.Request) string {
	if r == nil {
		return ""
	}
	if key := peekRelayState(r, paramArtifact); key != "" || r.Method != http.MethodPost {
		return key
	}
	return peekRelayState(r, paramResponse)
}
