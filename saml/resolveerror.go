package saml

import (
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// ResolveError is an artifact that could not be resolved because the identity provider's server failed: it cannot be
// reached, or it answered with something other than an ArtifactResponse (SAML Profiles §5.3). It is an outage, never the
// user's fault, and wraps no *InvalidError. An artifact is for one use, so a new login is needed.
type ResolveError struct {
	// EntityID is the identity provider.
	EntityID string
	// URL is the address that was asked, without its query.
	URL string
	// Err is the cause.
	Err error
}

// Error names the identity provider, the address and what was wrong.
func (e *ResolveError) Error() string {
	if e == nil {
		return "saml: no error"
	}
	text := "saml: the artifact cannot be resolved by " + httpcore.Quote(e.EntityID) + " at " + httpcore.Clean(e.URL)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *ResolveError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

var (
	errFault = errors.New("the server answered with a SOAP Fault")
	errOther = errors.New("the server answered with a message other than an ArtifactResponse")
)

// unrefused is why an answer of the server cannot be read, and no refusal of what the browser brought.
func unrefused(err error) error {
	var refusal *InvalidError
	switch {
	case !errors.As(err, &refusal):
		return err
	case refusal.cause == nil:
		return errors.New(refusal.Detail)
	}
	return fmt.Errorf("%s: %w", refusal.Detail, refusal.cause)
}
