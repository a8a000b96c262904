package authtest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// has is a fact about a body: it holds this text at least so many times.
func has(text string, times int) func(string) bool {
	return func(body string) bool { return strings.Count(body, text) >= times }
}

func lacks(text string) func(string) bool {
	return func(body string) bool { return !strings.Contains(body, text) }
}

// between returns the first text between two others; the test fails without.
func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, before)
	found, _, end := strings.Cut(rest, after)
	require.True(t, ok && end, "no %s in %s", before, text)
	return found
}
