package oauth

import (
	"encoding/json"
	"fmt"
	"log/slog"
)

// RegistrationError is a reply of a registration endpoint that was read and refused (RFC 7591 §3.2.1): something is
// missing, or the server registered other redirect URIs or another client authentication than were asked for.
type RegistrationError struct {
	// Member is the member of the reply.
	Member string
	// Detail is the reason, for people.
	Detail string
	// Registration is what could be read; nil when that was nothing. The server may have registered the client:
	// DeleteRegistration deletes it.
	Registration *Registration
}

// Error names the member and the reason.
func (e *RegistrationError) Error() string {
	if e == nil {
		return "oauth: no refusal"
	}
	return "oauth: refused the registration: " + e.Detail
}

// Format prints the error without the registration, whatever the verb.
func (e RegistrationError) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, e.Error()) }

// LogValue logs the error without the registration.
func (e *RegistrationError) LogValue() slog.Value { return slog.StringValue(e.Error()) }

// MarshalJSON writes the error without the registration, as a string.
func (e RegistrationError) MarshalJSON() ([]byte, error) { return json.Marshal(e.Error()) }
