package oauth

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var (
	publicToken     = []string{"TokenType", "Scope", "ExpiresIn", "Expiry", "Binding"}
	publicLogin     = []string{"RedirectURI", "Scope", "ClientID", "Issuer", "CreatedAt"}
	publicConfig    = []string{"ClientID", "RedirectURI", "Issuer", "Endpoints"}
	publicRequest   = []string{"ClientID", "Issuer", "Endpoint"}
	publicAuthorize = []string{"RedirectURI", "Scope", "ResponseType", "ResponseMode", "CodeChallengeMethod"}
)

// Format prints the token without its secrets, whatever the verb.
func (t Token) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, t, publicToken...) }

// LogValue logs the token without its secrets.
func (t Token) LogValue() slog.Value { return httpcore.LogRedacted(t, publicToken...) }

// Format prints the login without its secrets, whatever the verb.
func (l Login) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, l, publicLogin...) }

// LogValue logs the login without its secrets.
func (l Login) LogValue() slog.Value { return httpcore.LogRedacted(l, publicLogin...) }

// Format prints the response without its secrets, whatever the verb.
func (a AuthorizationResponse) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, a, "Token", "Issuer")
}

// LogValue logs the response without its secrets.
func (a AuthorizationResponse) LogValue() slog.Value {
	return httpcore.LogRedacted(a, "Token", "Issuer")
}

// MarshalJSON writes the response without its secrets, as a string: it is no storage form.
func (a AuthorizationResponse) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(a, "Token", "Issuer")
}

// Format prints the configuration without its secrets, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, c, publicConfig...) }

// LogValue logs the configuration without its secrets.
func (c Config) LogValue() slog.Value { return httpcore.LogRedacted(c, publicConfig...) }

// MarshalJSON writes the configuration without its secrets, as a string: it is no storage form.
func (c Config) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(c, publicConfig...) }

// Format prints the request without its secrets, whatever the verb.
func (r AuthRequest) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, r, publicRequest...)
}

// LogValue logs the request without its secrets.
func (r AuthRequest) LogValue() slog.Value { return httpcore.LogRedacted(r, publicRequest...) }

// MarshalJSON writes the request without its secrets, as a string: it is no storage form.
func (r AuthRequest) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(r, publicRequest...)
}

// Format prints the options without their secrets, whatever the verb.
func (o AuthorizeOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicAuthorize...)
}

// LogValue logs the options without their secrets.
func (o AuthorizeOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, publicAuthorize...) }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o AuthorizeOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, publicAuthorize...)
}

// Format prints the options without their secrets, whatever the verb.
func (o CodeOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "RedirectURI")
}

// LogValue logs the options without their secrets.
func (o CodeOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "RedirectURI") }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o CodeOptions) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(o, "RedirectURI") }

// Format prints the options without their secrets, whatever the verb.
func (o RefreshOptions) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, o, "Scope") }

// LogValue logs the options without their secrets.
func (o RefreshOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "Scope") }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o RefreshOptions) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(o, "Scope") }

// Format prints the options without their secrets, whatever the verb.
func (o ClientCredentialsOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "Scope")
}

// LogValue logs the options without their secrets.
func (o ClientCredentialsOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "Scope") }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o ClientCredentialsOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, "Scope")
}

// Format prints the options without their secrets, whatever the verb.
func (o TokenOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "TokenTypeHint")
}

// LogValue logs the options without their secrets.
func (o TokenOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "TokenTypeHint") }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o TokenOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, "TokenTypeHint")
}

// Format prints the options without the user, whatever the verb.
func (o UserInfoOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "Placement")
}

// LogValue logs the options without the user.
func (o UserInfoOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "Placement") }

// MarshalJSON writes the options without the user, as a string: it is no storage form.
func (o UserInfoOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, "Placement")
}

// Format prints the client without its secrets, whatever the verb.
func (c *Client) Format(f fmt.State, verb rune) { c.config().Format(f, verb) }

// LogValue logs the client without its secrets.
func (c *Client) LogValue() slog.Value { return c.config().LogValue() }

// MarshalJSON writes the client without its secrets, as a string.
func (c *Client) MarshalJSON() ([]byte, error) { return c.config().MarshalJSON() }

func (c *Client) config() Config {
	if c == nil || c.cfg == nil {
		return Config{}
	}
	return *c.cfg
}
