package demo

import (
	"bytes"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAsked(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"usage.txt": {Data: []byte("Usage: x\n")}}
	for _, flag := range []string{"-h", "-help", "--help"} {
		var out bytes.Buffer
		done, err := asked([]string{flag}, files, &out)
		require.NoError(t, err)
		assert.True(t, done)
		assert.Equal(t, "Usage: x\n", out.String())
	}
	var out bytes.Buffer
	done, err := asked([]string{"localhost:3000"}, files, &out)
	require.EqualError(t, err, `"localhost:3000" is unknown: all settings are environment variables, and -h prints them`)
	assert.False(t, done)
	done, err = asked(nil, files, &out)
	require.NoError(t, err)
	assert.False(t, done)
	assert.Zero(t, out.Len())
}
