package oidc

import "github.com/seed6e7d3bb2/authing-go/oauth"

// The response types of OpenID Connect besides oauth.ResponseTypeCode (OpenID Connect Core §3, OAuth 2.0
// Multiple Response Type Encoding Practices §3, §4, §5).
const (
	ResponseTypeIDToken          oauth.ResponseType = "id_token"
	ResponseTypeIDTokenToken     oauth.ResponseType = "id_token token"
	ResponseTypeCodeIDToken      oauth.ResponseType = "code id_token"
	ResponseTypeCodeToken        oauth.ResponseType = "code token"
	ResponseTypeCodeIDTokenToken oauth.ResponseType = "code id_token token"
	ResponseTypeNone             oauth.ResponseType = "none"
)

// flow says what the authorization endpoint returns (OpenID Connect Core §3).
type flow struct{ code, idToken, token bool }

// flowOf is false for a response type that cannot end in a checked login.
func flowOf(t oauth.ResponseType) (flow, bool) {
	switch {
	case t == "", t == oauth.ResponseTypeCode, t.Is(oauth.ResponseTypeCode):
		return flow{code: true}, true
	case t.Is(ResponseTypeIDToken):
		return flow{idToken: true}, true
	case t.Is(ResponseTypeIDTokenToken):
		return flow{idToken: true, token: true}, true
	case t.Is(ResponseTypeCodeIDToken):
		return flow{code: true, idToken: true}, true
	case t.Is(ResponseTypeCodeToken):
		return flow{code: true, token: true}, true
	case t.Is(ResponseTypeCodeIDTokenToken):
		return flow{code: true, idToken: true, token: true}, true
	}
	return flow{}, false
}

// front reports whether a token comes through the browser.
func (f flow) front() bool { return f.idToken || f.token }

// mode returns how the response will come, and sets a mode that must be asked for. form_post needs no page of the
// application; the default of the specification is fragment (OAuth 2.0 Multiple Response Type Encoding Practices §5).
func (c *Client) mode(f flow, o *AuthorizeOptions, s *server) oauth.ResponseMode {
	switch {
	case o.ResponseMode != "" || !f.front():
		return o.ResponseMode
	case s.formPost:
		o.ResponseMode = c.inJWT(oauth.ResponseModeFormPost)
		return o.ResponseMode
	}
	return oauth.ResponseModeFragment // with JARM, package oauth asks for its default, which is fragment too
}
