package oidc

import (
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// TokenCheck names what was wrong with a token (OpenID Connect Core §3.1.3.7, RFC 9068 §4). Each check is an error,
// so that errors.Is(err, oidc.CheckNonce) works.
type TokenCheck string

const (
	CheckMissing     TokenCheck = "missing"     // the ID token is missing
	CheckFormat      TokenCheck = "format"      // not a compact JWS with JSON claims
	CheckEncrypted   TokenCheck = "encrypted"   // encrypted and must not be, or the reverse
	CheckUnsigned    TokenCheck = "unsigned"    // user info or an introspection in JSON where a signed or encrypted one is configured
	CheckDecryption  TokenCheck = "decrypt"     // no key of the client decrypts it
	CheckCritical    TokenCheck = "crit"        // a header that changes the meaning and is not understood: crit, b64, zip
	CheckAlgorithm   TokenCheck = "alg"         // not a pinned algorithm
	CheckType        TokenCheck = "typ"         // a token of another kind
	CheckKey         TokenCheck = "key"         // no key of the server fits, or none of the client has the kid
	CheckSignature   TokenCheck = "signature"   // not signed by that key
	CheckIssuer      TokenCheck = "iss"         // from another issuer
	CheckTenant      TokenCheck = "tenant"      // of an IssuerFamily, but not of a configured tenant
	CheckAudience    TokenCheck = "aud"         // not for this client, or for others too
	CheckAuthorized  TokenCheck = "azp"         // issued to another client
	CheckExpired     TokenCheck = "exp"         // past, or missing
	CheckNotBefore   TokenCheck = "nbf"         // not valid yet
	CheckIssuedAt    TokenCheck = "iat"         // missing, or in the future
	CheckSubject     TokenCheck = "sub"         // missing, empty, too long, or another user's
	CheckNonce       TokenCheck = "nonce"       // not the one of this login
	CheckAtHash      TokenCheck = "at_hash"     // came with another access token, or missing in the front channel
	CheckCodeHash    TokenCheck = "c_hash"      // came with another code, or missing in the front channel
	CheckStateHash   TokenCheck = "s_hash"      // came with another state
	CheckRefreshHash TokenCheck = "rt_hash"     // came with another refresh token (CIBA)
	CheckAuthReqID   TokenCheck = "auth_req_id" // of another CIBA login
	CheckActor       TokenCheck = "act"         // not an actor (RFC 8693 §4.1)
	CheckAuthTime    TokenCheck = "auth_time"   // missing or too old for max_age
	CheckACR         TokenCheck = "acr"         // not one of the required classes
	CheckScope       TokenCheck = "scope"       // an access token without scope, or an ID token with one
	CheckClientID    TokenCheck = "client_id"   // missing from an access token, or another client's
	CheckTokenID     TokenCheck = "jti"         // missing from an access token or a logout token
	CheckBinding     TokenCheck = "cnf"         // bound to a key, whose proof is not checked
	CheckEvents      TokenCheck = "events"      // no logout token
	CheckSessionID   TokenCheck = "sid"         // empty, or not a string
	CheckReplay      TokenCheck = "replay"      // a logout token that came before

	CheckAuthorizationDetails TokenCheck = "authorization_details" // no array of objects with a type
	CheckSessionExpiry        TokenCheck = "session_expiry"        // the session at the server is over, or its end is not in whole seconds
	CheckClaimSource          TokenCheck = "claim_source"          // a source that may not be used, or lacks its claim
	CheckInsufficientScope    TokenCheck = "insufficient_scope"    // a valid access token without a required scope
)

// Error is the check's name.
func (c TokenCheck) Error() string { return string(c) }

// TokenError is a token that was read and refused.
type TokenError struct {
	// Check is the check that failed, for programs.
	Check TokenCheck
	// Detail is the reason, for people; programs compare Check.
	Detail string
}

// Error names check and detail, never the token.
func (e *TokenError) Error() string {
	if e == nil {
		return "oidc: no refusal"
	}
	return "oidc: refused the token (" + string(e.Check) + "): " + e.Detail
}

// Unwrap gives the Check, for errors.Is.
func (e *TokenError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Check
}

// ErrorCode is what a resource server answers with for a refused access token: oauth.InsufficientScope, with status
// 403, when only a required scope is missing, else oauth.InvalidToken, with 401 (RFC 6750 §3.1).
func (e *TokenError) ErrorCode() oauth.ErrorCode {
	if e != nil && e.Check == CheckInsufficientScope {
		return oauth.InsufficientScope
	}
	return oauth.InvalidToken
}

func refuse(check TokenCheck, format string, args ...any) error {
	return &TokenError{Check: check, Detail: fmt.Sprintf(format, args...)}
}
