package oidc

import (
	"errors"
	"time"
)

// Expect says what an ID token must have (OpenID Connect Core §3.1.3.7). The zero value expects that no nonce was
// sent.
type Expect struct {
	// Nonce is the nonce that was sent; a token with another or none is refused. Empty: none was sent, and a token
	// with a nonce is refused.
	Nonce string
	// AllowAnyNonce accepts any nonce. It is for tokens that another party obtained; it removes the protection
	// against a token stolen from another login.
	AllowAnyNonce bool
	// MaxAge is the requested max_age; auth_time must be present and not older. ReauthenticateNow means a max_age of
	// 0. Zero: none was requested.
	MaxAge time.Duration
	// ACRValues are the accepted values of acr; empty accepts any.
	ACRValues []string
	// FrontChannel says that the token came through the browser, from the authorization endpoint. Then it must have
	// at_hash when AccessToken is set, and c_hash when Code is set, and Nonce must be set (OpenID Connect Core
	// §3.2.2.10, §3.3.2.11).
	FrontChannel bool
	// AccessToken, when set, is compared with at_hash if the token has it. It is the access token that came beside the
	// ID token.
	AccessToken string
	// Code, when set, is compared with c_hash if the token has it.
	Code string
	// State, when set, is compared with s_hash if the token has it (FAPI 1.0 Advanced §5.1).
	State string

	secrets []string // of the login or refresh, which no error may quote
	ciba    *cibaExpect
}

// ReauthenticateNow as a MaxAge sends max_age=0: the user must log in again (OpenID Connect Core
// §3.1.2.1).
const ReauthenticateNow time.Duration = -1

func (e *Expect) check() error {
	switch {
	case e.AllowAnyNonce && e.Nonce != "":
		return errors.New("oidc: Nonce and AllowAnyNonce contradict each other")
	case e.FrontChannel && e.Nonce == "" && !e.AllowAnyNonce:
		return errors.New("oidc: FrontChannel needs the Nonce that was sent (OpenID Connect Core §3.2.2.1)")
	}
	return nil
}
