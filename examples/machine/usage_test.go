package main

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	usage, err := files.ReadFile("usage.txt")
	require.NoError(t, err)
	demotest.Usage(t, string(usage), func(getenv func(string) string) { _ = run(t.Context(), getenv, io.Discard) })
}
