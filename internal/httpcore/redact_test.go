package httpcore_test

import (
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

type credentials struct {
	Name, Password string
	Tries          int
	Sizes          []int
	hidden         string
}

func (c credentials) Format(f fmt.State, verb rune) {
	httpcore.FormatRedacted(f, verb, c, "Name", "Tries", "Sizes")
}

func TestFormatRedactedShowsNamedFieldsOnly(t *testing.T) {
	t.Parallel()
	c := credentials{Name: "kim", Password: secret, Tries: 2, Sizes: []int{1}, hidden: secret}
	const want = "httpcore_test.credentials{Name:kim Password:[redacted] Tries:2 Sizes:[1]}"
	// Not %p and not %w: fmt never asks a Formatter for these. go vet, and so go test, refuses both.
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%5.1f"} {
		assert.Equal(t, want, fmt.Sprintf(verb, c), verb)
		assert.Equal(t, want, fmt.Sprintf(verb, &c), verb)
	}
	assert.Equal(t, "httpcore_test.credentials{}", fmt.Sprint(credentials{hidden: secret}))
	assert.Equal(t, "<nil>", fmt.Sprint((*credentials)(nil)))
}

func TestLogRedactedIsTheSameText(t *testing.T) {
	t.Parallel()
	got := httpcore.LogRedacted(credentials{Name: "kim", Password: secret}, "Name")
	assert.Equal(t, slog.StringValue("httpcore_test.credentials{Name:kim Password:[redacted]}"), got)
}

func TestRedactedOfWhatIsNoStructShowsNothing(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "string{[redacted]}", httpcore.LogRedacted(secret).String())
	assert.Equal(t, "*httpcore_test.credentials{[redacted]}", httpcore.LogRedacted(&credentials{Name: secret}, "Name").String())
}

// A name from a server must not forge a log line.
func TestFormatRedactedCleansPublicText(t *testing.T) {
	t.Parallel()
	assert.Equal(t, `httpcore_test.credentials{Name:kim\nlevel=INFO}`, fmt.Sprint(credentials{Name: "kim\nlevel=INFO"}))
	type group struct{ Names []string }
	assert.Equal(t, `httpcore_test.group{Names:[a b\nlevel=INFO]}`, string(httpcore.LogRedacted(group{[]string{"a", "b\nlevel=INFO"}}, "Names").String()))
}
