package oidc

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var (
	publicConfig  = []string{"Issuer", "ClientID", "RedirectURI", "IDTokenSigningAlg", "AccessTokenSigningAlg", "IDTokenEncryptionAlg", "UserInfoSigningAlg", "UserInfoEncryptionAlg"}
	publicLogin   = []string{"RedirectURI", "ResponseType", "ResponseMode", "Scope", "ClientID", "Issuer", "CreatedAt"}
	publicIDToken = []string{"Issuer", "Subject", "Audience", "Expiry", "IssuedAt", "AuthTime"}
	publicAccess  = []string{"Issuer", "Subject", "ClientID", "Scope", "Audience", "Expiry", "IssuedAt"}
	publicOptions = []string{"RedirectURI", "Scope", "ResponseType", "ResponseMode", "CodeChallengeMethod", "Prompt", "MaxAge"}
	publicFinger  = []string{"Hosts", "Issuers"}
	publicLogout  = []string{"PostLogoutRedirectURI"}

	publicPendingLogout = []string{"PostLogoutRedirectURI", "ClientID", "Issuer", "CreatedAt"}
	publicLogoutRequest = []string{"Issuer", "IssuedAt", "Expiry", "Unsigned"}
)

// Format prints the configuration without its secrets, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, c, publicConfig...) }

// LogValue logs the configuration without its secrets.
func (c Config) LogValue() slog.Value { return httpcore.LogRedacted(c, publicConfig...) }

// MarshalJSON writes the configuration without its secrets, as a string: it is no storage form.
func (c Config) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(c, publicConfig...) }

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

// Format prints the login without its secrets, whatever the verb.
func (l Login) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, l, publicLogin...) }

// LogValue logs the login without its secrets.
func (l Login) LogValue() slog.Value { return httpcore.LogRedacted(l, publicLogin...) }

// Format prints the ID token without its secrets and the user's data, whatever the verb.
func (t IDToken) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, t, publicIDToken...)
}

// LogValue logs the ID token without its secrets and the user's data.
func (t IDToken) LogValue() slog.Value { return httpcore.LogRedacted(t, publicIDToken...) }

// Format prints the access token's public claims, whatever the verb.
func (t AccessToken) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, t, publicAccess...)
}

// LogValue logs the access token's public claims.
func (t AccessToken) LogValue() slog.Value { return httpcore.LogRedacted(t, publicAccess...) }

// Format prints whose claim it is, and no claim, whatever the verb.
func (s SourcedClaim) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, s, "Issuer") }

// LogValue logs whose claim it is, and no claim.
func (s SourcedClaim) LogValue() slog.Value { return httpcore.LogRedacted(s, "Issuer") }

// Format prints the options without their secrets, whatever the verb.
func (o AuthorizeOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicOptions...)
}

// LogValue logs the options without their secrets.
func (o AuthorizeOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, publicOptions...) }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o AuthorizeOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, publicOptions...)
}

// Format prints the request without the user's data, whatever the verb.
func (i Initiation) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, i, "Options") }

// LogValue logs the request without the user's data.
func (i Initiation) LogValue() slog.Value { return httpcore.LogRedacted(i, "Options") }

// MarshalJSON writes the request without the user's data, as a string: it is no storage form.
func (i Initiation) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(i, "Options") }

// Format prints the result without its secrets, whatever the verb.
func (r Result) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, r, "Token", "IDToken")
}

// LogValue logs the result without its secrets.
func (r Result) LogValue() slog.Value { return httpcore.LogRedacted(r, "Token", "IDToken") }

// Format prints the logout without its secrets, whatever the verb.
func (l Logout) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, l, publicPendingLogout...)
}

// LogValue logs the logout without its secrets.
func (l Logout) LogValue() slog.Value { return httpcore.LogRedacted(l, publicPendingLogout...) }

// Format prints the request without its user and sessions, whatever the verb.
func (q LogoutRequest) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, q, publicLogoutRequest...)
}

// LogValue logs the request without its user and sessions.
func (q LogoutRequest) LogValue() slog.Value { return httpcore.LogRedacted(q, publicLogoutRequest...) }

// MarshalJSON writes the request without its user and sessions, as a string: it is no storage form.
func (q LogoutRequest) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(q, publicLogoutRequest...)
}

// Format prints what is expected without its secrets, whatever the verb.
func (e Expect) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, e, "AllowAnyNonce", "MaxAge", "ACRValues")
}

// LogValue logs what is expected without its secrets.
func (e Expect) LogValue() slog.Value {
	return httpcore.LogRedacted(e, "AllowAnyNonce", "MaxAge", "ACRValues")
}

// MarshalJSON writes what is expected without its secrets, as a string: it is no storage form.
func (e Expect) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(e, "AllowAnyNonce", "MaxAge", "ACRValues")
}

// Format prints the options without their secrets, whatever the verb.
func (o RefreshOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, "Previous", "Scope")
}

// LogValue logs the options without their secrets.
func (o RefreshOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, "Previous", "Scope") }

// MarshalJSON writes the options without their secrets, as a string: it is no storage form.
func (o RefreshOptions) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, "Previous", "Scope")
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

// Format prints the configuration without its secrets, whatever the verb.
func (c WebFingerConfig) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, c, publicFinger...)
}

// LogValue logs the configuration without its secrets.
func (c WebFingerConfig) LogValue() slog.Value { return httpcore.LogRedacted(c, publicFinger...) }

// MarshalJSON writes the configuration without its secrets, as a string: it is no storage form.
func (c WebFingerConfig) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(c, publicFinger...)
}

// Format prints the WebFinger without its secrets, whatever the verb.
func (w *WebFinger) Format(f fmt.State, verb rune) { w.config().Format(f, verb) }

// LogValue logs the WebFinger without its secrets.
func (w *WebFinger) LogValue() slog.Value { return w.config().LogValue() }

// MarshalJSON writes the WebFinger without its secrets, as a string.
func (w *WebFinger) MarshalJSON() ([]byte, error) { return w.config().MarshalJSON() }

func (w *WebFinger) config() WebFingerConfig {
	if w == nil || w.cfg == nil {
		return WebFingerConfig{}
	}
	return *w.cfg
}
