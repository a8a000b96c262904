package main

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// -h names exactly the variables that the program reads.
func TestUsage(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"-h", "-help", "--help"} {
		var out bytes.Buffer
		done, err := asked([]string{flag}, &out)
		require.NoError(t, err)
		assert.True(t, done)
		assert.Equal(t, usage, out.String())
	}
	var read []string
	_, _ = readSettings(func(name string) string {
		read = append(read, name)
		return ""
	})
	slices.Sort(read)
	named := regexp.MustCompile(`[A-Z]+(_[A-Z]+)+`).FindAllString(usage, -1)
	slices.Sort(named)
	assert.Equal(t, slices.Compact(read), slices.Compact(named))
	for line := range strings.Lines(usage) {
		assert.LessOrEqual(t, len(line), 90, line)
	}
}

func TestUsageOtherArguments(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	done, err := asked([]string{"localhost:3000"}, &out)
	require.EqualError(t, err, `"localhost:3000" is unknown: all settings are environment variables, and -h prints them`)
	assert.False(t, done)
	done, err = asked(nil, &out)
	require.NoError(t, err)
	assert.False(t, done)
	assert.Zero(t, out.Len())
}

// The error for an invalid address is one line that names the variable to set.
func TestBadAddress(t *testing.T) {
	t.Parallel()
	for _, addr := range []string{"localhost", "localhost:99999", "localhost:no-such-port", "localhost:1:2", "http://localhost:3000", ":::"} {
		err := run(t.Context(), func(name string) string { return map[string]string{"AUTHING_EXAMPLE_ADDR": addr}[name] }, &bytes.Buffer{})
		require.Error(t, err, addr)
		assert.True(t, strings.HasPrefix(err.Error(), "cannot listen on "), err.Error())
		assert.Contains(t, err.Error(), "set AUTHING_EXAMPLE_ADDR to a host and a port of this machine, such as localhost:3000")
		assert.NotContains(t, err.Error(), "\n")
	}
}
