package option_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

func TestMistake(t *testing.T) {
	t.Parallel()
	cause := errors.New("Endpoint is not set")
	err := option.Mistake(cause)
	require.EqualError(t, err, "Endpoint is not set")
	require.ErrorIs(t, err, cause)
	assert.True(t, option.IsMistake(err))
	assert.True(t, option.IsMistake(fmt.Errorf("oauth: %w", err)))
	assert.False(t, option.IsMistake(cause))
	assert.False(t, option.IsMistake(nil))
	require.NoError(t, option.Mistake(nil))
}
