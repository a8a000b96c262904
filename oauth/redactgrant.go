package oauth

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var (
	publicDevice    = []string{"VerificationURI", "Expiry", "Interval", "NextPoll", "Scope", "ClientID", "Issuer"}
	publicCIBA      = []string{"Expiry", "Interval", "NextPoll", "Scope", "ClientID", "Issuer"}
	publicAsked     = []string{"Scope", "ACRValues", "RequestedExpiry", "Ping"}
	publicExchange  = []string{"SubjectTokenType", "ActorTokenType", "RequestedTokenType", "Resource", "Audience", "Scope"}
	publicExchanged = []string{"Token", "IssuedTokenType"}
	publicJWT       = []string{"Issuer", "Audience", "Lifetime"}
)

// Format prints the login without its codes, whatever the verb.
func (l DeviceLogin) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, l, publicDevice...)
}

// LogValue logs the login without its codes.
func (l DeviceLogin) LogValue() slog.Value { return httpcore.LogRedacted(l, publicDevice...) }

// Format prints the options without their secrets, whatever the verb.
func (o DeviceOptions) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, o, "Scope") }

// LogValue logs the options without their secrets.
func (o DeviceOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "Scope") }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o DeviceOptions) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(o, "Scope") }

// Format prints the login without its secrets and the user, whatever the verb.
func (l CIBALogin) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, l, publicCIBA...) }

// LogValue logs the login without its secrets and the user.
func (l CIBALogin) LogValue() slog.Value { return httpcore.LogRedacted(l, publicCIBA...) }

// Format prints the options without the user and the secrets, whatever the verb.
func (o CIBAOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicAsked...)
}

// LogValue logs the options without the user and the secrets.
func (o CIBAOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, publicAsked...) }

// MarshalJSON writes the options without the user and the secrets, as a string: it is no storage form.
func (o CIBAOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, publicAsked...)
}

// Format prints the options without the tokens, whatever the verb.
func (o TokenExchangeOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicExchange...)
}

// LogValue logs the options without the tokens.
func (o TokenExchangeOptions) LogValue() slog.Value {
	return httpcore.LogRedacted(o, publicExchange...)
}

// MarshalJSON writes the options without the tokens, as a string: it is no storage form.
func (o TokenExchangeOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, publicExchange...)
}

// Format prints the result without the tokens, whatever the verb.
func (e ExchangedToken) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, e, publicExchanged...)
}

// LogValue logs the result without the tokens.
func (e ExchangedToken) LogValue() slog.Value { return httpcore.LogRedacted(e, publicExchanged...) }

// MarshalJSON writes the result without the tokens, as a string: store its Token.
func (e ExchangedToken) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(e, publicExchanged...)
}

// Format prints the names of the fields without their values, whatever the verb.
func (a Actor) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, a) }

// LogValue logs the names of the fields without their values.
func (a Actor) LogValue() slog.Value { return httpcore.LogRedacted(a) }

// Format prints the options without the assertion, whatever the verb.
func (o JWTBearerOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "Scope")
}

// LogValue logs the options without the assertion.
func (o JWTBearerOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "Scope") }

// MarshalJSON writes the options without the assertion, as a string: it is no storage form.
func (o JWTBearerOptions) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(o, "Scope") }

// Format prints the settings without the key and the user, whatever the verb.
func (a JWTAssertion) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, a, publicJWT...)
}

// LogValue logs the settings without the key and the user.
func (a JWTAssertion) LogValue() slog.Value { return httpcore.LogRedacted(a, publicJWT...) }

// MarshalJSON writes the settings without the key and the user, as a string: it is no storage form.
func (a JWTAssertion) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(a, publicJWT...) }
