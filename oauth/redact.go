package oauth

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Format prints the token without its secrets, whatever the verb.
func (t Token) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, t, "TokenType", "Scope", "ExpiresIn", "Expiry")
}

// LogValue logs the token without its secrets.
func (t Token) LogValue() slog.Value {
	return httpcore.LogRedacted(t, "TokenType", "Scope", "ExpiresIn", "Expiry")
}

// Format prints the login without its secrets, whatever the verb.
func (l Login) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, l, "RedirectURI", "Scope", "ClientID", "Issuer", "CreatedAt")
}

// LogValue logs the login without its secrets.
func (l Login) LogValue() slog.Value {
	return httpcore.LogRedacted(l, "RedirectURI", "Scope", "ClientID", "Issuer", "CreatedAt")
}

// Format prints the configuration without its secrets, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, c, "ClientID", "RedirectURI", "Issuer", "Endpoints")
}

// LogValue logs the configuration without its secrets.
func (c Config) LogValue() slog.Value {
	return httpcore.LogRedacted(c, "ClientID", "RedirectURI", "Issuer", "Endpoints")
}

// Format prints the client without its secrets, whatever the verb.
func (c Client) Format(f fmt.State, verb rune) { c.cfg.Format(f, verb) }

// LogValue logs the client without its secrets.
func (c Client) LogValue() slog.Value { return c.cfg.LogValue() }

// Format prints the request without its secrets, whatever the verb.
func (r AuthRequest) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, r, "ClientID", "Issuer", "Endpoint")
}

// LogValue logs the request without its secrets.
func (r AuthRequest) LogValue() slog.Value {
	return httpcore.LogRedacted(r, "ClientID", "Issuer", "Endpoint")
}

// Format prints the options without their secrets, whatever the verb.
func (o CodeOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "RedirectURI")
}

// LogValue logs the options without their secrets.
func (o CodeOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "RedirectURI") }

// Format prints the options without their secrets, whatever the verb.
func (o AuthorizeOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "RedirectURI", "Scope", "ResponseType", "ResponseMode", "CodeChallengeMethod")
}

// LogValue logs the options without their secrets.
func (o AuthorizeOptions) LogValue() slog.Value {
	return httpcore.LogRedacted(o, "RedirectURI", "Scope", "ResponseType", "ResponseMode", "CodeChallengeMethod")
}

// Format prints the options without their secrets, whatever the verb.
func (o RefreshOptions) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, o, "Scope") }

// LogValue logs the options without their secrets.
func (o RefreshOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "Scope") }

// Format prints the options without their secrets, whatever the verb.
func (o ClientCredentialsOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "Scope")
}

// LogValue logs the options without their secrets.
func (o ClientCredentialsOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "Scope") }

// Format prints the options without their secrets, whatever the verb.
func (o TokenOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "TokenTypeHint")
}

// LogValue logs the options without their secrets.
func (o TokenOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "TokenTypeHint") }
