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

// MarshalJSON writes the configuration without its headers, as a string: it is no storage form.
func (c Config) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(c, "ServerURL", "Endpoints", "Service", "Version", "ReplyFormat")
}

// Format prints the client without its headers, whatever the verb.
func (c *Client) Format(f fmt.State, verb rune) { c.config().Format(f, verb) }

// LogValue logs the client without its headers.
func (c *Client) LogValue() slog.Value { return c.config().LogValue() }

// MarshalJSON writes the client without its headers, as a string.
func (c *Client) MarshalJSON() ([]byte, error) { return c.config().MarshalJSON() }

func (c *Client) config() Config {
	if c == nil || c.cfg == nil {
		return Config{}
	}
	return *c.cfg
}

// Format prints the user's name and the details of the login, whatever the verb.
func (s Success) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, s, "User", "AuthenticationDate", "IsFromNewLogin", "LongTermAuthenticationRequestTokenUsed", "Proxies")
}

// LogValue logs the user's name and the details of the login.
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

// Format prints the options without Extra, whatever the verb.
func (o AuthorizeOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "Service", "Renew", "Gateway", "Method")
}

// LogValue logs the options without Extra.
func (o AuthorizeOptions) LogValue() slog.Value {
	return httpcore.LogRedacted(o, "Service", "Renew", "Gateway", "Method")
}

// MarshalJSON writes the options without Extra, as a string: they are no storage form.
func (o AuthorizeOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, "Service", "Renew", "Gateway", "Method")
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

// MarshalJSON writes the request without its tickets, as a string: it is no storage form.
func (r LogoutRequest) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(r) }

// Format prints the name of the attribute without its value, whatever the verb.
func (a Attribute) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, a, "Name") }

// LogValue logs the name of the attribute without its value.
func (a Attribute) LogValue() slog.Value { return httpcore.LogRedacted(a, "Name") }

// Format prints nothing of the attributes, whatever the verb.
func (a Attributes) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, a) }

// LogValue logs nothing of the attributes.
func (a Attributes) LogValue() slog.Value { return httpcore.LogRedacted(a) }

// Format prints nothing of the value, whatever the verb.
func (v Value) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, v) }

// LogValue logs nothing of the value.
func (v Value) LogValue() slog.Value { return httpcore.LogRedacted(v) }

// String prints the options without the login's key. The field Format makes a method Format impossible.
func (o ValidateOptions) String() string { return o.LogValue().String() }

// GoString is String.
func (o ValidateOptions) GoString() string { return o.String() }

// LogValue logs the options without the login's key.
func (o ValidateOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "Format", "Renew") }

// MarshalJSON writes the options without the login's key, as a string: it is no storage form.
func (o ValidateOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, "Format", "Renew")
}
