package oauth

import (
	"fmt"
	"log/slog"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

var publicResource = []string{"Resource", "Scope"}

// Format prints the configuration without its secrets, whatever the verb.
func (c ResourceConfig) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, c, publicResource...)
}

// LogValue logs the configuration without its secrets.
func (c ResourceConfig) LogValue() slog.Value { return httpcore.LogRedacted(c, publicResource...) }

// MarshalJSON writes the configuration without its secrets, as a string: it is no storage form.
func (c ResourceConfig) MarshalJSON() ([]byte, error) {
	return httpcore.MarshalRedacted(c, publicResource...)
}

// Format prints the client without its secrets, whatever the verb.
func (c *ResourceClient) Format(f fmt.State, verb rune) { c.config().Format(f, verb) }

// LogValue logs the client without its secrets.
func (c *ResourceClient) LogValue() slog.Value { return c.config().LogValue() }

// MarshalJSON writes the client without its secrets, as a string.
func (c *ResourceClient) MarshalJSON() ([]byte, error) { return c.config().MarshalJSON() }

func (c *ResourceClient) config() ResourceConfig {
	if c == nil || c.cfg == nil {
		return ResourceConfig{}
	}
	return *c.cfg
}
