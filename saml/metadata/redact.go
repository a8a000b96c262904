package metadata

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Format prints the configuration without address and headers, which may hold a token, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, c, "EntityID")
}

// LogValue logs the configuration without address and headers.
func (c Config) LogValue() slog.Value { return httpcore.LogRedacted(c, "EntityID") }

// MarshalJSON writes the configuration without address and headers, as a string: it is no storage form.
func (c Config) MarshalJSON() ([]byte, error) { return httpcore.MarshalRedacted(c, "EntityID") }

// Format prints nothing of the server, whatever the verb.
func (m *MDQ) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, m.LogValue()) }

// LogValue logs nothing of the server: its address and headers may hold a token.
func (m *MDQ) LogValue() slog.Value { return slog.StringValue("metadata.MDQ{}") }

// Format prints the source without address and headers, whatever the verb.
func (s *Source) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, s.LogValue()) }

// LogValue logs the source without address and headers.
func (s *Source) LogValue() slog.Value {
	if s == nil || s.reader == nil {
		return slog.StringValue("metadata.Source{}")
	}
	return slog.StringValue("metadata.Source{EntityID:" + httpcore.Clean(s.reader.EntityID) + "}")
}
