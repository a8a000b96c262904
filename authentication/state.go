package authentication

import (
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// maxPeek limits how much of a callback's body is read to find the state.
const maxPeek = 64 << 10

// stateOf returns the state of a callback. A form body is put back, unread, for CompleteLogin.
func stateOf(r *http.Request) string { return parametersOf(r).Get("state") }

// parametersOf reads the query, or the beginning of the form of a POST, which is put back.
func parametersOf(r *http.Request) url.Values {
	if r == nil || r.URL == nil {
		return nil
	}
	raw := r.URL.RawQuery
	if r.Method == http.MethodPost && r.Body != nil {
		raw, _ = callback.Peek(r, maxPeek)
	}
	params, _ := url.ParseQuery(raw)
	return params
}
