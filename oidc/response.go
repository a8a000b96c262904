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
