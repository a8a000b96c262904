package oidctest

import "net/http"

// failure is an error answered as JSON (RFC 6749 §5.2).
type failure struct {
	status            int
	code, description string
}

func invalidClient(description string) *failure {
	return &failure{http.StatusUnauthorized, "invalid_client", description}
}

func invalidGrant(reason string) *failure {
	return &failure{http.StatusBadRequest, "invalid_grant", "grant request is invalid: " + reason}
}

func invalidRequest(description string) *failure {
	return &failure{http.StatusBadRequest, "invalid_request", description}
}

func invalidScope(description string) *failure {
	return &failure{http.StatusBadRequest, "invalid_scope", description}
}

func unauthorizedClient(description string) *failure {
	return &failure{http.StatusBadRequest, "unauthorized_client", description}
}

func (f *failure) write(w http.ResponseWriter, r *http.Request) {
	if f.code == "invalid_client" && r.Header.Get("Authorization") != "" {
		w.Header().Set("WWW-Authenticate", `Basic realm="`+r.Host+`"`)
	}
	writeJSON(w, f.status, map[string]any{"error": f.code, "error_description": f.description})
}
