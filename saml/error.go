package saml

import (
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Check names what was wrong with a message (SAML Profiles §4.1.4.3, §4.4.4; SAML Core). Each is an error, so that
// errors.Is(err, saml.CheckAudience) works.
type Check string

const (
	CheckLogin        Check = "login"          // no login, or one that another client began
	CheckExpired      Check = "expired"        // the login is older than its lifetime
	CheckMethod       Check = "method"         // the request came by another method than the wanted one
	CheckMalformed    Check = "malformed"      // query, form, base64 or deflate cannot be read
	CheckRepeated     Check = "repeated"       // a parameter appears twice
	CheckRelayState   Check = "relay state"    // the callback of another login, or of none
	CheckXML          Check = "xml"            // not safe to read; the cause says why
	CheckRoot         Check = "root"           // not the message that was expected
	CheckVersion      Check = "version"        // Version or ID
	CheckTime         Check = "time"           // IssueInstant is missing, cannot be read, or is in the future
	CheckIssuer       Check = "issuer"         // missing, malformed, or not the identity provider of the login
	CheckDestination  Check = "destination"    // for another address
	CheckStatus       Check = "status"         // the status cannot be read
	CheckSignature    Check = "signature"      // missing, misplaced, malformed, or made by no key of the issuer
	CheckAlgorithm    Check = "algorithm"      // not allowed; the detail names the option
	CheckEncryption   Check = "encryption"     // not encrypted although that is wanted, or it cannot be decrypted
	CheckAssertion    Check = "assertion"      // not exactly one
	CheckNameID       Check = "name id"        // missing, empty, or another service provider's
	CheckConfirmation Check = "confirmation"   // no bearer confirmation that is valid
	CheckConditions   Check = "conditions"     // too early, too late, or unknown
	CheckAudience     Check = "audience"       // for another service provider
	CheckAuthn        Check = "authentication" // missing, too old, too weak, or expired
	CheckAttributes   Check = "attributes"     // attributes that can be read in two ways
	CheckInResponseTo Check = "in response to" // the answer to another request, or to none
	CheckUnsolicited  Check = "unsolicited"    // no login began here, and AllowUnsolicited is off
	CheckReplay       Check = "replay"         // used before
	CheckArtifact     Check = "artifact"       // malformed, of another identity provider, or it stands for no message
	CheckLogout       Check = "logout"         // the request cannot be read, or is too old
	CheckUnknownIDP   Check = "idp"            // of an identity provider that is not configured
)

// Error is the check's name.
func (c Check) Error() string { return string(c) }

// InvalidError is a message that was read and refused. Of the message it shows addresses, entity IDs and other URIs that
// differ from ours, cut to 256 bytes and with control characters escaped, and nothing else. With a *metadata.Error as its cause
// the signature is by no known key while newer keys cannot be had.
type InvalidError struct {
	// Check is what was not met, for programs.
	Check Check
	// Detail is why, for people; programs compare Check.
	Detail string
	cause  error
}

// Error names check and detail.
func (e *InvalidError) Error() string {
	if e == nil {
		return "saml: no refusal"
	}
	text := "saml: refused (" + string(e.Check) + "): " + e.Detail
	if _, bare := e.cause.(Check); e.cause != nil && !bare { // a check alone would add one word
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap gives the Check and the cause, for errors.Is.
func (e *InvalidError) Unwrap() []error {
	if e == nil {
		return nil
	}
	if e.cause == nil {
		return []error{e.Check}
	}
	return []error{e.Check, e.cause}
}

func refuse(check Check, format string, args ...any) error {
	return &InvalidError{Check: check, Detail: fmt.Sprintf(format, args...)}
}

func because(check Check, cause error, format string, args ...any) error {
	return &InvalidError{Check: check, Detail: fmt.Sprintf(format, args...), cause: cause}
}

// show is a value from outside in an error: cleaned, cut, and in quotes.
func show(value string, secrets ...string) string {
	if value == "" {
		return "missing"
	}
	return `"` + strings.ReplaceAll(httpcore.Clean(value, secrets...), `"`, `\"`) + `"`
}

// StatusCode is a status of SAML Core §3.2.2.2. Each is an error, so that errors.Is(err, saml.NoPassive) works.
type StatusCode string

const (
	Success             StatusCode = "urn:oasis:names:tc:SAML:2.0:status:Success"
	Requester           StatusCode = "urn:oasis:names:tc:SAML:2.0:status:Requester"
	Responder           StatusCode = "urn:oasis:names:tc:SAML:2.0:status:Responder"
	VersionMismatch     StatusCode = "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch"
	AuthnFailed         StatusCode = "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed"
	InvalidNameIDPolicy StatusCode = "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy"
	NoAuthnContext      StatusCode = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
	NoPassive           StatusCode = "urn:oasis:names:tc:SAML:2.0:status:NoPassive"
	PartialLogout       StatusCode = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"
	RequestDenied       StatusCode = "urn:oasis:names:tc:SAML:2.0:status:RequestDenied"
	UnknownPrincipal    StatusCode = "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal"
)

// known tells whether the code is a constant here. Any other one is a text of the identity provider's.
func (c StatusCode) known() bool {
	switch c {
	case Success, Requester, Responder, VersionMismatch, AuthnFailed, InvalidNameIDPolicy, NoAuthnContext, NoPassive, PartialLogout, RequestDenied, UnknownPrincipal:
		return true
	}
	return false
}

// Error is the code itself.
func (c StatusCode) Error() string { return string(c) }

// StatusError is a response in which the identity provider says no (SAML Core §3.2.2). Its texts come from outside. They
// are cut to 256 bytes, and control characters in them are escaped. They are plain text: escape them in a page.
type StatusError struct {
	// Codes are the status codes, the top level first.
	Codes []StatusCode
	// Message is the identity provider's text for people; empty when there was none.
	Message string
}

// Error names the codes and the message.
func (e *StatusError) Error() string {
	if e == nil {
		return "saml: no refusal"
	}
	var b strings.Builder
	b.WriteString("saml: the identity provider refused")
	for _, code := range e.Codes {
		b.WriteString(": " + strings.TrimPrefix(string(code), "urn:oasis:names:tc:SAML:2.0:status:"))
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	return b.String()
}

// Unwrap gives the codes, for errors.Is.
func (e *StatusError) Unwrap() []error {
	if e == nil {
		return nil
	}
	all := make([]error, len(e.Codes))
	for i, code := range e.Codes {
		all[i] = code
	}
	return all
}
