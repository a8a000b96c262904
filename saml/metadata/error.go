package metadata

import (
	"fmt"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Check names what was wrong (SAML Metadata §2, §4). Each is an error, so that errors.Is(err, metadata.CheckExpired)
// works.
type Check string

const (
	CheckFetch     Check = "fetch"         // the document could not be fetched
	CheckXML       Check = "xml"           // the document is no XML, not safe to read, or no metadata
	CheckSignature Check = "signature"     // the signature is missing, misplaced, malformed, or made by no key of Keys
	CheckAlgorithm Check = "algorithm"     // the algorithm of the signature is not allowed; the cause names the option
	CheckExpired   Check = "expired"       // validUntil is past or cannot be read
	CheckEntity    Check = "entity"        // the wanted entity is not in the document, or not exactly once
	CheckRole      Check = "role"          // the entity is no identity provider that speaks SAML 2.0
	CheckEndpoint  Check = "endpoint"      // an endpoint is missing, or has an address that no browser is sent to
	CheckKey       Check = "key"           // no key can verify a signature
	CheckSource    Check = "source"        // a source of the application's own failed; the cause says why
	CheckUnknown   Check = "unknown"       // the source does not know the identity provider
	CheckConfig    Check = "configuration" // the application's own mistake, such as an entry of a List without Keys
)

// Error is the check's name.
func (c Check) Error() string { return string(c) }

// Error is metadata that cannot be used. It is never the user's fault. All but CheckUnknown and CheckConfig may be
// mended by the server at any time, so that trying again later may help.
type Error struct {
	// Check is what was wrong, for programs.
	Check Check
	// EntityID is the identity provider; empty when none is known.
	EntityID string
	// URL is where the metadata was fetched, without its query; empty when it was not fetched.
	URL string
	// Detail is why, for people; programs compare Check.
	Detail string
	// Err is the cause, or nil.
	Err error
}

// Error names the check, the identity provider, the address and what was wrong.
func (e *Error) Error() string {
	if e == nil {
		return "saml: metadata: no error"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "saml: metadata (%s)", e.Check)
	if e.EntityID != "" {
		fmt.Fprintf(&b, ` of "%s"`, httpcore.Clean(e.EntityID))
	}
	if e.URL != "" && e.Check != CheckFetch { // the cause of that one names the address
		fmt.Fprintf(&b, " at %s", httpcore.Clean(e.URL))
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if _, bare := e.Err.(Check); e.Err != nil && !bare { // a check alone would add one word
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the Check and the cause, for errors.Is.
func (e *Error) Unwrap() []error {
	if e == nil {
		return nil
	}
	if e.Err == nil {
		return []error{e.Check}
	}
	return []error{e.Check, e.Err}
}

// unknown is the error of a source for an entity ID that it does not know.
func unknown(entityID string) *Error {
	return &Error{Check: CheckUnknown, EntityID: entityID, Detail: "it is not configured"}
}

// mistake is the error of a call that the application got wrong.
func mistake(text string) *Error { return &Error{Check: CheckConfig, Detail: text} }
