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

	// The response is one JWT, in the parameter response (JARM §2.3): see Config.ReadAuthorizationResponse.
	// ResponseModeJWT is ResponseModeQueryJWT for the response type code, and ResponseModeFragmentJWT for the others.
	ResponseModeJWT         ResponseMode = "jwt"
	ResponseModeQueryJWT    ResponseMode = "query.jwt"
	ResponseModeFragmentJWT ResponseMode = "fragment.jwt"
	ResponseModeFormPostJWT ResponseMode = "form_post.jwt"
)

// place returns where the response travels, empty for an unknown mode, and whether it is a JWT there. front: a token comes
// through the browser.
func (m ResponseMode) place(front bool) (_ ResponseMode, isJWT bool) {
	switch m {
	case "":
		return ResponseModeQuery, false
	case ResponseModeQuery, ResponseModeFragment, ResponseModeFormPost:
		return m, false
	case ResponseModeFormPostJWT:
		return ResponseModeFormPost, true
	case ResponseModeFragmentJWT:
		return ResponseModeFragment, true
	case ResponseModeQueryJWT:
		return ResponseModeQuery, true
	case ResponseModeJWT:
		if front {
			return ResponseModeFragment, true
		}
		return ResponseModeQuery, true
	}
	return "", false
}
