package authentication

import (
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

// maxPeek limits how much of a callback's body is read to find the state.
const maxPeek = 64 << 10

// stateOf returns the state of a callback. A form body is put back, unread, for CompleteLogin.
func stateOf(r *http.Request) string {
	if r == nil || r.URL == nil {
		return ""
	}
	raw := r.URL.RawQuery
	if r.Method == http.MethodPost && r.Body != nil {
		raw, _ = callback.Peek(r, maxPeek)
	}
	params, _ := url.ParseQuery(raw)
	return params.Get("state")
}
