package callback

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// maxPeek limits what is read of a callback to find the state: anyone can send one.
const maxPeek = 64 << 10

// Parameters reads the query, or the beginning of the form of a POST, which is put back, unread, for Form.
func Parameters(r *http.Request) url.Values {
	if r == nil || r.URL == nil {
		return nil
	}
	raw := r.URL.RawQuery
	if r.Method == http.MethodPost && r.Body != nil {
		raw, _ = Peek(r, maxPeek)
	}
	params, _ := url.ParseQuery(raw)
	return params
}

// ClaimedState returns the state in a signed JWT, whose signature is not checked; empty when there is none, or the JWT is
// too long to be accepted later.
func ClaimedState(jwt string) string {
	if len(jwt) > maxPeek {
		return ""
	}
	_, rest, _ := strings.Cut(jwt, ".")
	payload, _, signed := strings.Cut(rest, ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if !signed || err != nil {
		return ""
	}
	members, _ := strictjson.ParseObject(string(text), nil) // none with an error
	for _, m := range members {
		if m.Name == "state" {
			state, _ := m.Value.ExactStr()
			return state
		}
	}
	return ""
}
