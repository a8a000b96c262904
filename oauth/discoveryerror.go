package oauth

import (
	"errors"
	"fmt"
)

// DiscoveryCheck names what was wrong with what a server says about itself (RFC 8414 §3.3, OpenID Connect
// Discovery §4.3). Each check is an error, so that errors.Is(err, oauth.DiscoveryIssuer) works.
type DiscoveryCheck string

const (
	DiscoveryStatus     DiscoveryCheck = "status"     // no document is there: the status is neither 200 nor one that may pass
	DiscoveryRedirect   DiscoveryCheck = "redirect"   // the address redirects
	DiscoveryDocument   DiscoveryCheck = "document"   // a page, too large, or not the JSON that it must be
	DiscoveryIssuer     DiscoveryCheck = "issuer"     // of another issuer, or of one that is not allowed
	DiscoveryEndpoint   DiscoveryCheck = "endpoint"   // an address that must not be used, such as one with http
	DiscoveryMissing    DiscoveryCheck = "missing"    // an endpoint that a call needs; errors.ErrUnsupported too
	DiscoveryPKCE       DiscoveryCheck = "pkce"       // the server does not say that it has PKCE with S256
	DiscoveryResource   DiscoveryCheck = "resource"   // of another API than the one that was called
	DiscoveryAlgorithm  DiscoveryCheck = "algorithm"  // the server offers no algorithm that may be used
	DiscoveryAddress    DiscoveryCheck = "address"    // a host whose address is not public; see RefusePrivateAddresses
	DiscoveryHost       DiscoveryCheck = "host"       // WebFinger: a host that must not be asked
	DiscoveryIdentifier DiscoveryCheck = "identifier" // WebFinger: what the user typed is no identifier
)

// Error is the check's name.
func (c DiscoveryCheck) Error() string { return string(c) }

// DiscoveryError is a server's metadata, or another document of discovery, that was read and refused. A server that
// gives no answer is another error: only there may the same call succeed soon.
type DiscoveryError struct {
	// Check is the check that failed, for programs.
	Check DiscoveryCheck
	// Detail is the reason, for people; programs compare Check.
	Detail string
	// Err is the cause, where there is one.
	Err error
}

// Error names check and detail.
func (e *DiscoveryError) Error() string {
	if e == nil {
		return "oauth: no refusal"
	}
	return "oauth: discovery refused (" + string(e.Check) + "): " + e.Detail
}

// Unwrap gives the Check and the cause, for errors.Is.
func (e *DiscoveryError) Unwrap() []error {
	switch {
	case e == nil:
		return nil
	case e.Err == nil:
		return []error{e.Check}
	}
	return []error{e.Check, e.Err}
}

func refuseDiscovery(check DiscoveryCheck, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &DiscoveryError{Check: check, Detail: err.Error(), Err: errors.Unwrap(err)}
}
