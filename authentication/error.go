package authentication

import (
	"errors"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

type verdict string

func (v verdict) Error() string { return string(v) }

const (
	// ErrRefused wraps what came back from the browser or the server, was read, and was refused: wrong
	// state, wrong signature, another user. Trying the same again does not help.
	ErrRefused verdict = "authentication: refused"
	// ErrDenied wraps the server's own no: the user cancelled, the code was used before.
	ErrDenied verdict = "authentication: denied by the server"
	// ErrMisconfigured wraps what only who runs the application can mend: an option, a client that the server does
	// not know or does not let do this, an issuer that is not the configured one. Trying again does not help, nor does
	// another user. An answer by another issuer is ErrRefused too.
	ErrMisconfigured verdict = "authentication: misconfigured"

	errNoLogin verdict = "this browser began no login, it was completed already, or its cookie was lost"
)

func refused(err error) error { return fmt.Errorf("%w: %w", ErrRefused, err) }

// judge wraps the errors of the OAuth family by their kind; what is neither refused nor denied, such as
// a timeout or a wrong client secret, is returned as it is.
func judge(err error) error {
	var token *oidc.TokenError
	var callback *oauth.CallbackError
	var server *oauth.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &token), errors.As(err, &callback), errors.Is(err, oauth.ErrSubject):
		return refused(err)
	case errors.As(err, &server):
		// A status of 0 is the answer that the browser carried.
		if server.StatusCode == 0 && !server.Temporary() || server.Code == oauth.InvalidGrant || server.Code == oauth.AccessDenied {
			return fmt.Errorf("%w: %w", ErrDenied, err)
		}
	}
	return err
}

func unsupported(call, protocol string) error {
	return fmt.Errorf("authentication: %s is not a call of protocol %s: %w", call, protocol, errors.ErrUnsupported)
}
