package authentication

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// RefreshError is a refresh that the server accepted, after which something else failed: the new ID token was
// refused, its key could not be fetched, or user info was another user's. The server may have revoked the old refresh
// token, so store Identity in place of the old one. Decide by Err whether the user stays logged in.
type RefreshError struct {
	// Identity is the old identity with the new tokens. It prints redacted; its JSON form is for storage.
	Identity *Identity
	// Err is the reason; it wraps ErrRefused when the new ID token or user info was refused.
	Err error
}

// Error is the reason, without the tokens.
func (e *RefreshError) Error() string {
	if e == nil || e.Err == nil {
		return "authentication: the refreshed tokens were not accepted"
	}
	return e.Err.Error() + " (RefreshError.Identity has the new tokens)"
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

// MarshalJSON gives the reason without the tokens, as a string. Store Identity instead.
func (e RefreshError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }
