package oidc

import (
	"errors"
	"time"
)

// Expect is what an ID token must answer to (OpenID Connect Core §3.1.3.7). The zero value expects that
// no nonce was sent.
type Expect struct {
	// Nonce is the one sent; a token with another or none is refused. Empty: none was sent and none
	// may come.
	Nonce string
	// AllowAnyNonce accepts any nonce. It is for tokens that another party obtained; it gives up the
	// protection against a token stolen from another login.
	AllowAnyNonce bool
	// MaxAge is the max_age asked for; auth_time must be there and not older. ReauthenticateNow means
	// a max_age of 0. Zero: none was asked.
	MaxAge time.Duration
	// ACRValues are the classes of which acr must be one; empty accepts any.
	ACRValues []string
	// AccessToken, when set, is compared with at_hash if the token has it.
	AccessToken string
	// Code, when set, is compared with c_hash if the token has it.
	Code string

	secrets []string // of the login or refresh that the token came in, for no error to quote
}

// ReauthenticateNow as a MaxAge sends max_age=0: the user must log in again (OpenID Connect Core
// §3.1.2.1).
const ReauthenticateNow time.Duration = -1

func (e *Expect) check() error {
	if e.AllowAnyNonce && e.Nonce != "" {
		return errors.New("oidc: Nonce and AllowAnyNonce contradict each other")
	}
	return nil
}
