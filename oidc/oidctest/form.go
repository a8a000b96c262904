package oidctest

import (
	"mime"
	"net/http"
)

// readForm reads the body alone: credentials in a query are not looked at (RFC 6749 §2.3.1).
func readForm(w http.ResponseWriter, r *http.Request) *failure {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return invalidRequest("only application/x-www-form-urlencoded content-type bodies are supported")
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<18)
	if err := r.ParseForm(); err != nil {
		return invalidRequest("failed to parse the request body")
	}
	for name, values := range r.PostForm {
		// RFC 8693 §2.1 and RFC 8707 §2 let these two be repeated.
		if len(values) > 1 && name != "resource" && name != "audience" {
			return invalidRequest("a parameter is repeated")
		}
	}
	return nil
}
