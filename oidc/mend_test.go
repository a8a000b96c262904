package oidc_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// T2 with the hook: a token_type that the hook leaves missing is refused.
func TestT2MendTokenReply(t *testing.T) {
	t.Parallel()
	complete := func(hook func(map[string]any) error) (string, error) {
		tr := newTrial()
		delete(tr.reply, "token_type")
		tr.config.MendTokenReply = hook
		result, err := tr.login(t)
		if err != nil {
			return "", err
		}
		return result.Token.TokenType, nil
	}
	kind, err := complete(func(reply map[string]any) error { reply["token_type"] = "Bearer"; return nil })
	require.NoError(t, err)
	assert.Equal(t, "Bearer", kind)
	for _, hook := range []func(map[string]any) error{nil, func(map[string]any) error { return nil }} {
		_, err = complete(hook)
		assert.EqualError(t, err, "oauth: token reply: token_type is missing or empty")
	}
	cause := errors.New("no")
	_, err = complete(func(map[string]any) error { return cause })
	assert.ErrorIs(t, err, cause)
	assert.ErrorContains(t, err, "oauth: token reply: MendTokenReply: ")
}
