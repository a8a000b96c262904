package authentication

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var (
	publicOptions   = []string{"AppID", "AppHost", "RedirectURI", "Lang", "RequestFrom", "TenantID", "UserPoolID"}
	publicAuthorize = []string{
		"RedirectURI", "Scope", "ResponseType", "ResponseMode", "CodeChallengeMethod", "Prompt", "Display", "MaxAge", "UILocales", "ACRValues",
		"TenantID", "Renew", "Gateway", "IDP",
	}
	publicLogin     = []string{"Protocol", "FormPost", "CreatedAt"}
	publicIdentity  = []string{"Protocol", "Issuer", "Subject", "AuthTime", "Expiry", "SessionExpiry"}
	publicPassword  = []string{"Scope"}
	publicMachine   = []string{"Scope", "AccessKey"}
	publicToken     = []string{"RejectedScope"}
	publicValidated = []string{"Issuer", "Subject", "Audience", "Expiry", "IssuedAt"}
	publicLogout    = []string{"RedirectURI", "Expert", "SendAppID"}
)

// Format prints the options without their secrets, whatever the verb.
func (o Options) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicOptions...)
}

// LogValue logs the options without their secrets.
func (o Options) LogValue() slog.Value { return httpcore.LogRedacted(o, publicOptions...) }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o Options) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(o, publicOptions...) }

// Format prints the client without its secrets, whatever the verb.
func (c *Client) Format(f fmt.State, verb rune) { c.config().Format(f, verb) }

// LogValue logs the client without its secrets.
func (c *Client) LogValue() slog.Value { return c.config().LogValue() }

// MarshalJSON writes the client without its secrets, as a string.
func (c *Client) MarshalJSON() ([]byte, error) { return c.config().MarshalJSON() }

func (c *Client) config() Options {
	if c == nil || c.options == nil {
		return Options{}
	}
	return *c.options
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

// Format prints the login without its secrets, whatever the verb.
func (l Login) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, l, publicLogin...) }

// LogValue logs the login without its secrets.
func (l Login) LogValue() slog.Value { return httpcore.LogRedacted(l, publicLogin...) }

// Format prints the identity without its tokens and claims, whatever the verb.
func (i Identity) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, i, publicIdentity...)
}

// LogValue logs the identity without its tokens and claims.
func (i Identity) LogValue() slog.Value { return httpcore.LogRedacted(i, publicIdentity...) }

// Format prints the options without their secrets, whatever the verb.
func (o PasswordOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicPassword...)
}

// LogValue logs the options without their secrets.
func (o PasswordOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, publicPassword...) }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o PasswordOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, publicPassword...)
}

// Format prints the options without their secrets, whatever the verb.
func (o ClientCredentialsOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicMachine...)
}

// LogValue logs the options without their secrets.
func (o ClientCredentialsOptions) LogValue() slog.Value {
	return httpcore.LogRedacted(o, publicMachine...)
}

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o ClientCredentialsOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, publicMachine...)
}

// Format prints the token without its secrets, whatever the verb.
func (t ClientCredentialsToken) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, t, publicToken...)
}

// LogValue logs the token without its secrets.
func (t ClientCredentialsToken) LogValue() slog.Value {
	return httpcore.LogRedacted(t, publicToken...)
}

// Format prints the options without their tokens, whatever the verb.
func (o ValidateTokenOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "AllowAnyAudience")
}

// LogValue logs the options without their tokens.
func (o ValidateTokenOptions) LogValue() slog.Value {
	return httpcore.LogRedacted(o, "AllowAnyAudience")
}

// MarshalJSON writes the options without their tokens, as a string: it is no storage form.
func (o ValidateTokenOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, "AllowAnyAudience")
}

// Format prints the result without the user's data, whatever the verb.
func (r ValidateTokenResult) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, r, publicValidated...)
}

// LogValue logs the result without the user's data.
func (r ValidateTokenResult) LogValue() slog.Value {
	return httpcore.LogRedacted(r, publicValidated...)
}

// Format prints the options without their secrets, whatever the verb.
func (o LogoutOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicLogout...)
}

// LogValue logs the options without their secrets.
func (o LogoutOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, publicLogout...) }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o LogoutOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, publicLogout...)
}

// Format prints the options without their secrets, whatever the verb.
func (o CodeChallengeDigestOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "Method")
}

// LogValue logs the options without their secrets.
func (o CodeChallengeDigestOptions) LogValue() slog.Value {
	return httpcore.LogRedacted(o, "Method")
}

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o CodeChallengeDigestOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, "Method")
}

// Format prints the logout without its secrets, whatever the verb.
func (l Logout) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, l, "Protocol", "FormPost", "CreatedAt")
}

// LogValue logs the logout without its secrets.
func (l Logout) LogValue() slog.Value {
	return httpcore.LogRedacted(l, "Protocol", "FormPost", "CreatedAt")
}

// Format prints the notice without its session IDs, which are tickets in some protocols.
func (n LogoutNotice) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, n, "Protocol", "Issuer", "IssuedAt", "BackChannel", "Unsigned")
}

// LogValue logs the notice without its session IDs.
func (n LogoutNotice) LogValue() slog.Value {
	return httpcore.LogRedacted(n, "Protocol", "Issuer", "IssuedAt", "BackChannel", "Unsigned")
}

// MarshalJSON writes the notice without its session IDs, as a string: it is no storage form.
func (n LogoutNotice) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(n, "Protocol", "Issuer", "IssuedAt", "BackChannel", "Unsigned")
}

// Format prints the request without the user's data, whatever the verb.
func (i Initiation) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, i, "Options") }

// LogValue logs the request without the user's data.
func (i Initiation) LogValue() slog.Value { return httpcore.LogRedacted(i, "Options") }

// MarshalJSON writes the request without the user's data, as a string: it is no storage form.
func (i Initiation) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(i, "Options") }
