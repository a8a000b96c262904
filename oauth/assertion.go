package oauth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// AssertionTypeSPIFFE is the Assertion.Type of a SPIFFE JWT-SVID (draft-ietf-oauth-spiffe-client-auth).
const AssertionTypeSPIFFE = "urn:ietf:params:oauth:client-assertion-type:jwt-spiffe"

// Assertion is a ClientAuth: another system gives the assertion (RFC 7521 §4.2), such as a projected token of a
// Kubernetes service account, a SPIFFE JWT-SVID, or the token of a workload identity.
type Assertion struct {
	// From returns the assertion for one request. It is asked each time, and its result is not kept: AssertionFile reads
	// one from a file. More than 64 KiB, blanks, control characters and non-ASCII characters are refused.
	From func(ctx context.Context) (string, error)
	// Type is the client_assertion_type; empty is that of a JWT (RFC 7523 §2.2).
	Type string
}

// AssertionFile returns an Assertion.From that reads the file each time, because another program renews it. White space
// around the assertion is left out. A file of more than 64 KiB is an error.
func AssertionFile(path string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) {
		file, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer file.Close()
		text, err := io.ReadAll(io.LimitReader(file, maxAssertion+1))
		switch {
		case err != nil:
			return "", err
		case len(text) > maxAssertion:
			return "", fmt.Errorf("%s has more than %d bytes", path, maxAssertion)
		}
		return string(bytes.TrimSpace(text)), nil
	}
}

// Authenticate implements ClientAuth.
func (a Assertion) Authenticate(ctx context.Context, r *AuthRequest) error {
	switch {
	case r.ClientID == "":
		return errors.New("ClientID is not set")
	case a.From == nil:
		return errors.New("Assertion.From is not set")
	}
	assertion, err := a.From(ctx)
	if err != nil {
		return fmt.Errorf("Assertion.From: %w", err)
	}
	typ := a.Type
	if typ == "" {
		typ = assertionTypeJWT
	}
	return addAssertion(r, typ, assertion)
}

// prepare implements preparedAuth.
func (a Assertion) prepare(*Config) (ClientAuth, error) {
	if a.From == nil {
		return nil, errors.New("Assertion.From is not set")
	}
	return a, nil
}
