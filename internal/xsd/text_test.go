package xsd

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIsText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct{ line, text bool }{
		"": {true, true}, "a b": {true, true}, "爱丽丝 \U0001F600": {true, true}, "\ufffd": {true, true},
		"a\tb": {false, true}, "a\nb": {false, true}, "a\r": {false, true},
		"\x00": {false, false}, "\x1f": {false, false}, "\ufffe": {false, false}, "\uffff": {false, false}, "\xff": {false, false}, "\xed\xa0\x80": {false, false},
	} {
		assert.Equal(t, want.line, IsLine(text), "%q", text)
		assert.Equal(t, want.text, IsText(text), "%q", text)
	}
}

// White space is that of XML: a no-break space is a character like others.
func TestWhiteSpace(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "a b", Trim(" \t\r\na b\n"))
	assert.Equal(t, "\u00a0a\u00a0", Trim(" \u00a0a\u00a0 "))
	for text, want := range map[string]string{
		"": "", " \n": "", "a": "a", "a b": "a b", "\n  https://sp.example/metadata\r\n\t": "https://sp.example/metadata", "a \t b\nc": "a b c",
		"\u00a0a": "\u00a0a", "\ufeffa ": "\ufeffa",
	} {
		assert.Equal(t, want, Collapse(text), "%q", text)
	}
	for list, want := range map[string]bool{
		"a": true, " b\ta\n": true, "b\r\na c": true, "": false, "ab": false, "A": false, "b\u00a0a": false, "b,a": false,
	} {
		assert.Equal(t, want, HasToken(list, "a"), "%q", list)
	}
}

func TestParseBool(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"true": true, "1": true, " true\n": true, "false": false, "0": false, "\t0": false} {
		got, ok := ParseBool(text)
		assert.True(t, ok, "%q", text)
		assert.Equal(t, want, got, "%q", text)
	}
	for _, text := range []string{"", "True", "yes", "2", "\u00a0true", "true false"} {
		_, ok := ParseBool(text)
		assert.False(t, ok, "%q", text)
	}
}

func TestCheckEntityID(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct{ bad, good string }{
		"Field is missing":                       {"", "a"},
		"Field is over 1024 characters":          {strings.Repeat("ü", 1025), strings.Repeat("ü", 1024)},
		"Field has a character that XML forbids": {"a\nb", "a b"},
		"Field begins or ends with white space":  {"https://idp.example/ ", "https://idp.example/"},
	} {
		require.EqualError(t, CheckEntityID("Field", c.bad), want)
		require.NoError(t, CheckEntityID("Field", c.good), "the accepted twin")
	}
}

func TestFormatTime(t *testing.T) {
	t.Parallel()
	at, err := ParseTime("2026-11-20T09:30:10.9Z")
	require.NoError(t, err)
	assert.Equal(t, "2026-11-20T09:30:10Z", FormatTime(at))
}
