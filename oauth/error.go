package oauth

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// ErrorCode is the error member of a refusal. The constants are errors, so that errors.Is(err, oauth.InvalidGrant)
// works. Servers may send other codes.
type ErrorCode string

const (
	InvalidRequest                 ErrorCode = "invalid_request"                  // RFC 6749 §5.2
	InvalidClient                  ErrorCode = "invalid_client"                   // RFC 6749 §5.2
	InvalidGrant                   ErrorCode = "invalid_grant"                    // RFC 6749 §5.2
	UnauthorizedClient             ErrorCode = "unauthorized_client"              // RFC 6749 §5.2
	UnsupportedGrantType           ErrorCode = "unsupported_grant_type"           // RFC 6749 §5.2
	InvalidScope                   ErrorCode = "invalid_scope"                    // RFC 6749 §5.2
	AccessDenied                   ErrorCode = "access_denied"                    // RFC 6749 §4.1.2.1
	UnsupportedResponseType        ErrorCode = "unsupported_response_type"        // RFC 6749 §4.1.2.1
	ServerError                    ErrorCode = "server_error"                     // RFC 6749 §4.1.2.1
	TemporarilyUnavailable         ErrorCode = "temporarily_unavailable"          // RFC 6749 §4.1.2.1
	InvalidToken                   ErrorCode = "invalid_token"                    // RFC 6750 §3.1
	InsufficientScope              ErrorCode = "insufficient_scope"               // RFC 6750 §3.1
	UnsupportedTokenType           ErrorCode = "unsupported_token_type"           // RFC 7009 §2.2.1
	InsufficientUserAuthentication ErrorCode = "insufficient_user_authentication" // RFC 9470 §3
	UseDPoPNonce                   ErrorCode = "use_dpop_nonce"                   // RFC 9449 §8, §9
	InvalidDPoPProof               ErrorCode = "invalid_dpop_proof"               // RFC 9449 §5
	InvalidRedirectURI             ErrorCode = "invalid_redirect_uri"             // RFC 7591 §3.2.2
	InvalidClientMetadata          ErrorCode = "invalid_client_metadata"          // RFC 7591 §3.2.2
	InvalidSoftware                ErrorCode = "invalid_software_statement"       // RFC 7591 §3.2.2
	UnapprovedSoftware             ErrorCode = "unapproved_software_statement"    // RFC 7591 §3.2.2
	LoginRequired                  ErrorCode = "login_required"                   // OpenID Connect Core §3.1.2.6
	ConsentRequired                ErrorCode = "consent_required"                 // OpenID Connect Core §3.1.2.6
	InteractionRequired            ErrorCode = "interaction_required"             // OpenID Connect Core §3.1.2.6
	AuthorizationPending           ErrorCode = "authorization_pending"            // RFC 8628 §3.5
	SlowDown                       ErrorCode = "slow_down"                        // RFC 8628 §3.5
	ExpiredToken                   ErrorCode = "expired_token"                    // RFC 8628 §3.5
	InvalidTarget                  ErrorCode = "invalid_target"                   // RFC 8693 §2.2.2, RFC 8707 §2
	UnknownUserID                  ErrorCode = "unknown_user_id"                  // OpenID Connect CIBA Core §13
	ExpiredLoginHintToken          ErrorCode = "expired_login_hint_token"         // OpenID Connect CIBA Core §13
	MissingUserCode                ErrorCode = "missing_user_code"                // OpenID Connect CIBA Core §13
	InvalidUserCode                ErrorCode = "invalid_user_code"                // OpenID Connect CIBA Core §13
	InvalidBindingMessage          ErrorCode = "invalid_binding_message"          // OpenID Connect CIBA Core §13
	InvalidRequestObject           ErrorCode = "invalid_request_object"           // RFC 9101 §7
	InvalidRequestURI              ErrorCode = "invalid_request_uri"              // RFC 9101 §7
	InvalidAuthorizationDetails    ErrorCode = "invalid_authorization_details"    // RFC 9396 §5
)

// clean keeps a code of the specifications unchanged: a value of the call that happens to be a part of it, such as a
// user name "grant", must not hide it.
func (c ErrorCode) clean(text func(string) string) ErrorCode {
	switch c {
	case InvalidRequest, InvalidClient, InvalidGrant, UnauthorizedClient, UnsupportedGrantType, InvalidScope, AccessDenied,
		UnsupportedResponseType, ServerError, TemporarilyUnavailable, InvalidToken, InsufficientScope, InsufficientUserAuthentication, UnsupportedTokenType, UseDPoPNonce, InvalidDPoPProof,
		InvalidRedirectURI, InvalidClientMetadata, InvalidSoftware, UnapprovedSoftware, LoginRequired, ConsentRequired, InteractionRequired, AuthorizationPending, SlowDown, ExpiredToken,
		InvalidTarget, UnknownUserID, ExpiredLoginHintToken, MissingUserCode, InvalidUserCode, InvalidBindingMessage, InvalidRequestObject, InvalidRequestURI, InvalidAuthorizationDetails:
		return c
	}
	return ErrorCode(text(string(c)))
}

// Error is the code itself.
func (c ErrorCode) Error() string { return string(c) }

// Error is the server's refusal (RFC 6749 §4.1.2.1, §5.2). Its texts come from the server. They are cut to 256 bytes,
// control characters are escaped, and the secrets of the call are replaced.
type Error struct {
	// StatusCode is the HTTP status; 0 for a refusal in the callback.
	StatusCode int
	// Code is empty when the server sent only a status.
	Code ErrorCode
	// Description is the server's error_description, at most 256 bytes; empty when there was none.
	Description string
	// URI is the server's error_uri, a page about the error; empty when there was none.
	URI string
	// RetryAfter is the server's Retry-After on 429 and 503, at most MaxRetryAfter of the Config.
	RetryAfter time.Duration
	// Endpoint is the address that was called, without its query; empty for a refusal in the callback.
	Endpoint string

	label     string // the reply's media type, when it is not JSON
	permanent bool   // a refusal of a refresh token that cannot be used any more
}

// Error names the status, code and description; without a code, the endpoint.
func (e *Error) Error() string {
	if e == nil {
		return "oauth: no refusal"
	}
	var b strings.Builder
	b.WriteString("oauth: the server refused")
	if e.StatusCode != 0 {
		fmt.Fprintf(&b, " with status %d", e.StatusCode)
	}
	if e.Code == "" && e.Endpoint != "" {
		b.WriteString(" at " + e.Endpoint)
		if e.label != "" {
			b.WriteString(", with a body of type " + e.label)
		}
	}
	if e.Code != "" {
		b.WriteString(": " + string(e.Code))
	}
	if e.Description != "" {
		b.WriteString(": " + e.Description)
	}
	return b.String()
}

// Unwrap gives the Code, for errors.Is.
func (e *Error) Unwrap() error {
	if e == nil || e.Code == "" {
		return nil
	}
	return e.Code
}

// Temporary reports whether the same call may succeed later: status 429 or 5xx, or a code such as
// AuthorizationPending or SlowDown. InvalidGrant is never temporary. Of a refresh, errors.Is(err, ErrLoginAgain) says
// whether the refresh token is of no use any more.
func (e *Error) Temporary() bool {
	if e == nil {
		return false
	}
	switch e.Code {
	case InvalidGrant:
		return false
	case ServerError, TemporarilyUnavailable, AuthorizationPending, SlowDown:
		return true
	}
	return e.StatusCode == http.StatusTooManyRequests || e.StatusCode >= 500
}
