package oauth

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var (
	publicKey       = []string{"ID", "Alg", "Use"}
	publicAssertion = []string{"Alg", "Lifetime", "Audience", "Type"}
)

// Format prints the key's name and algorithm, whatever the verb.
func (k SigningKey) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, k, publicKey...)
}

// LogValue logs the key's name and algorithm.
func (k SigningKey) LogValue() slog.Value { return httpcore.LogRedacted(k, publicKey...) }

// MarshalJSON writes the key's name and algorithm, as a string: it is no storage form.
func (k SigningKey) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(k, publicKey...) }

// Format prints the key's name and algorithm, whatever the verb.
func (k JWK) Format(f fmt.State, verb rune) { httpcore.FormatRedacted(f, verb, k, publicKey...) }

// LogValue logs the key's name and algorithm.
func (k JWK) LogValue() slog.Value { return httpcore.LogRedacted(k, publicKey...) }

// Format prints the method without its keys, whatever the verb.
func (p PrivateKeyJWT) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, p, publicAssertion...)
}

// LogValue logs the method without its keys.
func (p PrivateKeyJWT) LogValue() slog.Value { return httpcore.LogRedacted(p, publicAssertion...) }

// MarshalJSON writes the method without its keys, as a string: it is no storage form.
func (p PrivateKeyJWT) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(p, publicAssertion...)
}

// Format prints the method, whatever the verb.
func (s ClientSecretJWT) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, s, publicAssertion...)
}

// LogValue logs the method.
func (s ClientSecretJWT) LogValue() slog.Value { return httpcore.LogRedacted(s, publicAssertion...) }

// MarshalJSON writes the method as a string: it is no storage form.
func (s ClientSecretJWT) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(s, publicAssertion...)
}

// Format prints the method, whatever the verb.
func (a Assertion) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, a, publicAssertion...)
}

// LogValue logs the method.
func (a Assertion) LogValue() slog.Value { return httpcore.LogRedacted(a, publicAssertion...) }

// MarshalJSON writes the method as a string: it is no storage form.
func (a Assertion) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(a, publicAssertion...)
}
