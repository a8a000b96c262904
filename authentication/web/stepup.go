package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/challenge"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// StepUpError is an API that demands a more recent or stronger login than the token's (RFC 9470 §3). Log the user in again,
// with the options of AuthorizeOptions, and call the API with the new token.
type StepUpError struct {
	// MaxAge is the longest allowed time since the user authenticated; oidc.ReauthenticateNow is a max_age of 0, and zero
	// means that the API named none.
	MaxAge time.Duration
	// ACRValues is a space-separated list of authentication context classes; empty means that the API named none.
	ACRValues string
	// Scope is what the new token must permit, a space-separated list; empty means that the API did not say. The
	// application decides whether it asks for it.
	Scope string
}

// Error names what the API demands.
func (e *StepUpError) Error() string {
	if e == nil {
		return "web: no step-up"
	}
	text := "web: the API demands another login of the user"
	switch {
	case e.MaxAge == oidc.ReauthenticateNow:
		text += ", now"
	case e.MaxAge > 0:
		text += ", of the last " + e.MaxAge.String()
	}
	if e.ACRValues != "" {
		text += ", with acr " + httpcore.Clean(e.ACRValues)
	}
	return text
}

// Unwrap gives the code.
func (e *StepUpError) Unwrap() error { return oauth.InsufficientUserAuthentication }

// AuthorizeOptions are the options of the login that the API demands. Where it named neither an age nor a class, the user
// must log in anew. The server may ignore ACRValues (OpenID Connect Core §3.1.2.1): then the API refuses the new token too,
// so do not repeat without the user.
func (e *StepUpError) AuthorizeOptions() authentication.AuthorizeOptions {
	if e == nil {
		return authentication.AuthorizeOptions{}
	}
	o := authentication.AuthorizeOptions{MaxAge: e.MaxAge, ACRValues: e.ACRValues}
	if o.MaxAge == 0 && o.ACRValues == "" {
		o.MaxAge = oidc.ReauthenticateNow
	}
	return o
}

// stepUp returns the *StepUpError of an API's answer, or nil when it is none: another status, another error, or a challenge
// that is not exactly as the specifications say. Only the header is read.
func stepUp(res *http.Response) error {
	if res == nil || res.StatusCode != http.StatusUnauthorized {
		return nil
	}
	for _, c := range challenge.Read(res.Header.Values("WWW-Authenticate")) {
		if c.Scheme != "bearer" && c.Scheme != "dpop" || c.Params["error"] != string(oauth.InsufficientUserAuthentication) {
			continue
		}
		if e, ok := readStepUp(c.Params); ok {
			return e
		}
	}
	return nil
}

func readStepUp(params map[string]string) (*StepUpError, bool) {
	e := &StepUpError{ACRValues: params["acr_values"], Scope: params["scope"]}
	if e.ACRValues != "" && !challenge.IsWordList(e.ACRValues) || e.Scope != "" && !challenge.IsWordList(e.Scope) {
		return nil, false
	}
	if age, named := params["max_age"]; named {
		seconds, err := strconv.ParseUint(age, 10, 31) // more is a mistake: it is over 60 years
		if err != nil {
			return nil, false
		}
		e.MaxAge = time.Duration(seconds) * time.Second
		if seconds == 0 {
			e.MaxAge = oidc.ReauthenticateNow
		}
	}
	return e, true
}
