package authentication

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

type verdict string

func (v verdict) Error() string { return string(v) }

const (
	// ErrRefused wraps the refusal of a message from the browser or the server: wrong state, wrong signature, another
	// user. Trying the same again does not help.
	ErrRefused verdict = "authentication: refused"
	// ErrDenied wraps a refusal of the user by the server: the user cancelled, the code was used before.
	ErrDenied verdict = "authentication: denied by the server"
	// ErrMisconfigured wraps a fault that only the operator of the application can correct: an option, a client that
	// the server does not know or does not permit, an issuer, algorithm or encryption that is not the configured one,
	// metadata of the server that was refused. Another try or another user does not help. A response from another issuer,
	// or with another algorithm or encryption, is ErrRefused too.
	ErrMisconfigured verdict = "authentication: misconfigured"
	// ErrLogoutFailed wraps an error to which the answer must be the status 400 and no page: a logout of OpenID Connect
	// that the server began (OpenID Connect Back-Channel Logout §2.8). Error of package web answers so. Wrap the reason
	// in it when the sessions of such a notice could not be ended.
	ErrLogoutFailed verdict = "authentication: the server's logout failed"

	errNoLogin verdict = "this browser began no login, it was completed already, or its cookie was lost; web.Pending passes the reason to OnLost"
)

func refused(err error) error { return fmt.Errorf("%w: %w", ErrRefused, err) }

func denied(err error) error { return fmt.Errorf("%w: %w", ErrDenied, err) }

// mistake adds ErrMisconfigured to an error and keeps its text, which names the field.
type mistake struct{ error }

// Unwrap adds the verdict.
func (m mistake) Unwrap() []error { return []error{m.error, ErrMisconfigured} }

func misconfigured(err error) error {
	if err == nil || errors.Is(err, ErrMisconfigured) {
		return err
	}
	return mistake{err}
}

// planned classifies an error from before the redirect: unless an answer is missing, an option is wrong.
func planned(err *error) {
	if *err != nil && !noAnswer(*err) {
		*err = misconfigured(*err)
	}
}

// noAnswer reports whether the same call may succeed later.
func noAnswer(err error) bool {
	var server *oauth.Error
	var bad *metadata.Error
	switch {
	case errors.As(err, &server):
		return server.Temporary()
	case errors.As(err, &bad) && bad.Check != metadata.CheckFetch:
		return bad.Check != metadata.CheckConfig // the server may mend its metadata at any time
	}
	return httpcore.NoAnswer(err)
}

// appMistakes are refusals of the application, not of the user (RFC 6749 §4.1.2.1, §5.2; OpenID Connect
// Core §3.1.2.6; RFC 8707 §2; RFC 9396 §5).
var appMistakes = []oauth.ErrorCode{
	oauth.InvalidClient, oauth.UnauthorizedClient, oauth.InvalidRequest, oauth.InvalidScope, oauth.UnsupportedGrantType,
	oauth.UnsupportedResponseType, oauth.InvalidTarget, oauth.InvalidRedirectURI, oauth.InvalidRequestURI, oauth.InvalidRequestObject,
	oauth.InvalidAuthorizationDetails,
	"request_not_supported", "request_uri_not_supported", "registration_not_supported",
}

// judge wraps the errors of the OAuth family by their kind; an error without a kind, such as a timeout, stays
// unchanged.
func judge(err error) error {
	var token *oidc.TokenError
	var answer *oauth.CallbackError
	var server *oauth.Error
	var discovery *oauth.DiscoveryError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, callback.Parsed):
		return misconfigured(err)
	case errors.As(err, &token), errors.As(err, &answer), errors.Is(err, oauth.ErrSubject):
		return refused(err)
	case (errors.As(err, &discovery) || errors.Is(err, httpcore.PrivateAddress)) && !httpcore.NoAnswer(err):
		return misconfigured(err)
	case errors.As(err, &server):
		switch {
		case server.Code == oauth.InvalidGrant, server.Code == oauth.AccessDenied:
			return denied(err)
		case server.Temporary():
		case slices.Contains(appMistakes, server.Code):
			return misconfigured(err)
		case server.StatusCode == 0: // an error in the callback
			return denied(err)
		}
	}
	return err
}

// judgeLogin is judge for the end of a login, where issuer, algorithm and encryption are compared with the configured
// ones.
func judgeLogin(err error) error {
	for _, check := range []error{oidc.CheckIssuer, oauth.CheckIssuer, oidc.CheckAlgorithm, oidc.CheckEncrypted, oidc.CheckDecryption} {
		if errors.Is(err, check) {
			return misconfigured(refused(err))
		}
	}
	return judge(err)
}

func unsupported(call, protocol string) error {
	return misconfigured(fmt.Errorf("authentication: %s is not a call of protocol %s: %w", call, protocol, errors.ErrUnsupported))
}
