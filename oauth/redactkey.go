package oauth

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var (
	publicKey       = []string{"ID", "Alg", "Use"}
	publicAssertion = []string{"Alg", "Lifetime", "Audience", "Type"}
	publicObject    = []string{"Lifetime", "HostIsRegistered", "ClientIDOnly"}
)

// Format prints the key's name and algorithm, whatever the verb.
func (k SigningKey) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, k, publicKey...)
}

// LogValue logs the key's name and algorithm.
func (k SigningKey) LogValue() slog.Value { return httpcore.LogRedacted(k, publicKey...) }

// MarshalJSON writes the key's name and algorithm, as a string: it is no storage form.
func (k SigningKey) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(k, publicKey...) }

// Format prints the algorithm, whatever the verb.
func (o DPoPOptions) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicKey...)
}

// LogValue logs the algorithm.
func (o DPoPOptions) LogValue() slog.Value { return httpcore.LogRedacted(o, publicKey...) }

// MarshalJSON writes the algorithm, as a string: it is no storage form.
func (o DPoPOptions) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(o, publicKey...) }

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

// Format prints the settings without the keys, whatever the verb.
func (o RequestObject) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, o, publicObject...)
}

// LogValue logs the settings without the keys.
func (o RequestObject) LogValue() slog.Value { return httpcore.LogRedacted(o, publicObject...) }

// MarshalJSON writes the settings without the keys, as a string: it is no storage form.
func (o RequestObject) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(o, publicObject...)
}

// Format prints the address, and no object, whatever the verb.
func (h *RequestObjectHost) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, h.text()) }

// LogValue logs the address, and no object.
func (h *RequestObjectHost) LogValue() slog.Value { return slog.StringValue(h.text()) }

// MarshalJSON writes the address, and no object, as a string.
func (h *RequestObjectHost) MarshalJSON() ([]byte, error) { return json.Marshal(h.text()) }

func (h *RequestObjectHost) text() string {
	if h == nil {
		return "<nil>"
	}
	return "oauth.RequestObjectHost{URL:" + httpcore.Clean(h.URL) + "}"
}
