package authtest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// between returns the first text between two others; the test fails without.
func between(t *testing.T, text, before, after string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, before)
	found, _, end := strings.Cut(rest, after)
	require.True(t, ok && end, "no %s in %s", before, text)
	return found
}
