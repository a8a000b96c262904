package oauth

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var publicIntrospection = []string{
	"Active", "Subject", "ClientID", "Scope", "TokenType", "Issuer", "Audience", "Expiry", "IssuedAt", "NotBefore",
}

// Format prints the subject without the person, whatever the verb.
func (u UserInfo) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, u, "Subject") }

// LogValue logs the subject without the person.
func (u UserInfo) LogValue() slog.Value { return httpcore.LogRedacted(u, "Subject") }

// Format prints the names of the claims (OpenID Connect Core §5.1) without their values, whatever the verb.
func (p Profile) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, p) }

// LogValue logs the names of the claims without their values.
func (p Profile) LogValue() slog.Value { return httpcore.LogRedacted(p) }

// Format prints the names of the parts without their values, whatever the verb.
func (a Address) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, a) }

// LogValue logs the names of the parts without their values.
func (a Address) LogValue() slog.Value { return httpcore.LogRedacted(a) }

// Format prints the state of the token without the person, whatever the verb.
func (i Introspection) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, i, publicIntrospection...)
}

// LogValue logs the state of the token without the person.
func (i Introspection) LogValue() slog.Value { return httpcore.LogRedacted(i, publicIntrospection...) }

// MarshalJSON writes the state of the token without the person, as a string: it is no storage form.
func (i Introspection) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(i, publicIntrospection...)
}
