package oidc

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/jose"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// RefreshError is a refresh that the server accepted, but whose ID token was refused (OpenID Connect Core §12.2), or
// could not be verified because its key could not be fetched. The server may have revoked the old refresh token, so
// store Token, which prints redacted, in its place. The user does not change: ignore the claims of the ID token.
type RefreshError struct {
	// Token is the token reply. Its IDToken was not accepted.
	Token *oauth.Token
	// Err is the reason: a *TokenError, or why the keys could not be fetched.
	Err error
}

// Error is the reason, without the tokens.
func (e *RefreshError) Error() string {
	if e == nil || e.Err == nil {
		return "oidc: the refreshed ID token was not accepted"
	}
	return e.Err.Error() + " (RefreshError.Token has the new tokens)"
}

// Unwrap gives the reason, for errors.Is and errors.As.
func (e *RefreshError) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.Err
}

// Format prints the reason without the tokens, whatever the verb.
func (e RefreshError) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, e.Error()) }

// LogValue logs the reason without the tokens.
func (e *RefreshError) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// MarshalJSON gives the reason without the tokens, as a string. Store Token instead.
func (e RefreshError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }

// keepTokens adds the tokens to the reason why their ID token, received with them, was not accepted. They are kept only for the user of
// previous: with an ID token of another user, or one that the server did not sign, the tokens may be another user's.
func (c *Client) keepTokens(previous *IDToken, token *oauth.Token, received string, reason error) error {
	if errors.Is(reason, CheckSessionExpiry) {
		reason = loginAgain{reason}
	}
	if previous == nil || errors.Is(reason, CheckSignature) || errors.Is(reason, CheckAlgorithm) || !c.saysSameUser(previous, received) {
		var refused *TokenError
		if errors.As(reason, &refused) {
			return loginAgain{reason}
		}
		return reason
	}
	return &RefreshError{Token: token, Err: reason}
}

// loginAgain is a refusal after which no refresh can help: the refresh token was used and its reply was dropped, or the
// session is over.
type loginAgain struct{ error }

// Unwrap gives the reason.
func (e loginAgain) Unwrap() error { return e.error }

// Is reports that the user must log in again.
func (e loginAgain) Is(target error) bool { return target == oauth.ErrLoginAgain }

// saysSameUser compares the claims of an ID token, verified or not.
func (c *Client) saysSameUser(old *IDToken, raw string) bool {
	raw, _, err := c.idToken.encryption.signed(raw, c.idToken.max, kindIDToken)
	if err != nil {
		return false
	}
	token, err := jose.Parse(raw, len(raw))
	if err != nil {
		return false
	}
	members, err := readClaims(token.Payload, nil)
	if err != nil {
		return false
	}
	var now claims
	for _, m := range members {
		switch m.Name {
		case "iss", "sub", "aud":
			if _, ok := now.readOne(m.Name, m.Value); !ok {
				return false
			}
		}
	}
	return now.sub != "" && now.iss == old.Issuer && now.sub == old.Subject && sameSet(old.Audience, now.aud)
}
