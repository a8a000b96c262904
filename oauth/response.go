package oauth

import (
	"slices"
	"strings"
)

// ResponseType is what the authorization endpoint returns: a space-separated list whose order does not matter (RFC
// 6749 §3.1.1, OAuth 2.0 Multiple Response Type Encoding Practices §5).
type ResponseType string

const (
	ResponseTypeCode  ResponseType = "code"  // RFC 6749 §4.1.1
	ResponseTypeToken ResponseType = "token" // RFC 6749 §4.2.1
)

// Is compares two response types as sets of words.
func (t ResponseType) Is(other ResponseType) bool {
	a, b := strings.Fields(string(t)), strings.Fields(string(other))
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// ResponseMode is how the response travels (OAuth 2.0 Multiple Response Type Encoding Practices §2.1,
// OAuth 2.0 Form Post Response Mode §2). The empty mode is not sent.
type ResponseMode string

const (
	ResponseModeQuery    ResponseMode = "query"
	ResponseModeFragment ResponseMode = "fragment"
	ResponseModeFormPost ResponseMode = "form_post"
)
