package cas

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Format prints the configuration without its headers, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, c, "ServerURL", "Endpoints", "Service", "Version", "ReplyFormat")
}

// LogValue logs the configuration without its headers.
func (c Config) LogValue() slog.Value {
	return httpcore.LogRedacted(c, "ServerURL", "Endpoints", "Service", "Version", "ReplyFormat")
}

// Format prints the client without its headers, whatever the verb.
func (c Client) Format(f fmt.State, verb rune) { c.cfg.Format(f, verb) }

// LogValue logs the client without its headers.
func (c Client) LogValue() slog.Value { return c.cfg.LogValue() }

// Format prints the user's name and the facts of the login, whatever the verb.
func (s Success) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, s, "User", "AuthenticationDate", "IsFromNewLogin", "LongTermAuthenticationRequestTokenUsed", "Proxies")
}

// LogValue logs the user's name and the facts of the login.
func (s Success) LogValue() slog.Value {
	return httpcore.LogRedacted(s, "User", "AuthenticationDate", "IsFromNewLogin", "LongTermAuthenticationRequestTokenUsed", "Proxies")
}

// Format prints the verdict without attributes and tickets, whatever the verb.
func (r ServiceResponse) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, r, "Success", "Failure")
}

// LogValue logs the verdict without attributes and tickets.
func (r ServiceResponse) LogValue() slog.Value {
	return httpcore.LogRedacted(r, "Success", "Failure")
}

// Format prints the login without its key, whatever the verb.
func (l Login) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, l, "Method", "Renew", "Gateway", "Client", "Endpoint", "CreatedAt")
}

// LogValue logs the login without its key.
func (l Login) LogValue() slog.Value {
	return httpcore.LogRedacted(l, "Method", "Renew", "Gateway", "Client", "Endpoint", "CreatedAt")
}

// Format prints the request without its tickets, whatever the verb.
func (r LogoutRequest) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, r) }

// LogValue logs the request without its tickets.
func (r LogoutRequest) LogValue() slog.Value { return httpcore.LogRedacted(r) }
