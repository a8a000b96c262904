package oauth

// ErrLoginAgain is a refresh that cannot succeed any more, for errors.Is: the refresh token is expired, revoked or used
// up (RFC 6749 §5.2 invalid_grant), or the server wants the user. Forget it, and begin a login. After any other error
// of a refresh, such as an outage, status 429 or 5xx, a page of a proxy, or a mistake in the configuration, the old
// refresh token may still be valid: keep it, and try again later.
const ErrLoginAgain loginAgain = "oauth: the user must log in again"

const errNoRefreshToken loginAgain = "oauth: the token is expired and has no refresh token"

type loginAgain string

func (e loginAgain) Error() string { return string(e) }

// Is makes each reason match.
func (e loginAgain) Is(target error) bool { return target == ErrLoginAgain }

// ofRefresh is a copy of the refusal of a refresh token; other callers share the original.
func (e *Error) ofRefresh() *Error {
	own := *e
	switch e.Code {
	case InvalidGrant, LoginRequired, InteractionRequired, ConsentRequired:
		own.permanent = true
	}
	return &own
}

// Is reports whether a refusal of a refresh is ErrLoginAgain.
func (e *Error) Is(target error) bool { return e != nil && e.permanent && target == ErrLoginAgain }
