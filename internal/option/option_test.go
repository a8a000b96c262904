package option_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

type CodeOptions struct{ Verifier string }

func TestOne(t *testing.T) {
	t.Parallel()
	o, err := option.One[CodeOptions](nil)
	require.NoError(t, err)
	assert.Zero(t, o)
	o, err = option.One([]CodeOptions{{"v"}})
	require.NoError(t, err)
	assert.Equal(t, CodeOptions{"v"}, o)
}

func TestOneRefusesMore(t *testing.T) {
	t.Parallel()
	o, err := option.One([]CodeOptions{{"v"}, {"w"}})
	assert.EqualError(t, err, "CodeOptions were given 2 times, want at most once")
	assert.Zero(t, o)
}
