package oauth

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var (
	publicRegistration = []string{"ClientID", "ClientSecretExpiresAt", "IssuedAt", "RedirectURIs", "TokenEndpointAuthMethod", "TokenEndpointAuthSigningAlg", "IDTokenSignedResponseAlg", "Changed"}
	publicMetadata     = []string{"RedirectURIs", "ResponseTypes", "GrantTypes", "ClientName", "Scope", "TokenEndpointAuthMethod"}
)

// Format prints the registration without its secrets, whatever the verb.
func (r Registration) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, r, publicRegistration...)
}

// LogValue logs the registration without its secrets.
func (r Registration) LogValue() slog.Value { return httpcore.LogRedacted(r, publicRegistration...) }

// Format prints the main fields, whatever the verb.
func (m ClientMetadata) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, m, publicMetadata...)
}

// LogValue logs the main fields.
func (m ClientMetadata) LogValue() slog.Value { return httpcore.LogRedacted(m, publicMetadata...) }

// Format prints the options without their secret, whatever the verb.
func (o RegisterOptions) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, o) }

// LogValue logs the options without their secret.
func (o RegisterOptions) LogValue() slog.Value { return httpcore.LogRedacted(o) }

// MarshalJSON writes the options without their secret, as a string: it is no storage form.
func (o RegisterOptions) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(o) }
