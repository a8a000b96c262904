package oauth_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestT13TokenCharacters(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		text := fmt.Sprintf(`a\u%04xz`, c)
		token, err := exchange(t, `{"access_token":"`+text+`","token_type":"Bearer","refresh_token":"RT"}`)
		again, err2 := exchange(t, `{"access_token":"AT","token_type":"Bearer","refresh_token":"`+text+`"}`)
		if c >= 0x20 && c <= 0x7E {
			require.NoError(t, err, text)
			require.NoError(t, err2, text)
			assert.Equal(t, "a"+string(rune(c))+"z", token.AccessToken)
			assert.Equal(t, "a"+string(rune(c))+"z", again.RefreshToken)
			continue
		}
		assert.EqualError(t, err, "oauth: token reply: access_token has a character outside RFC 6749 A.12", text)
		assert.EqualError(t, err2, "oauth: token reply: refresh_token has a character outside RFC 6749 A.17", text)
	}
	for _, text := range []string{`\ufffd`, `é`, `AT\u0000`} {
		_, err := exchange(t, `{"access_token":"`+text+`","token_type":"Bearer"}`)
		assert.EqualError(t, err, "oauth: token reply: access_token has a character outside RFC 6749 A.12", text)
	}
	_, err := exchange(t, `{"access_token":"AT","token_type":"Bearer","id_token":"é","scope":"é"}`)
	assert.NoError(t, err, "the rule is for these two members")
}

// T13: an empty refresh token counts as absent, so the old one stays.
func TestT13EmptyRefreshToken(t *testing.T) {
	t.Parallel()
	const body = `{"access_token":"AT","token_type":"Bearer","refresh_token":"","expires_in":""}`
	token, err := exchange(t, body)
	require.NoError(t, err)
	assert.Empty(t, token.RefreshToken)
	assert.Zero(t, token.ExpiresIn)
	assert.True(t, token.Expiry.IsZero())
	token, err = newClient(t, tokenReply(200, body)).GetNewAccessTokenByRefreshToken(t.Context(), "RT-1")
	require.NoError(t, err)
	assert.Equal(t, "RT-1", token.RefreshToken)
	_, err = exchange(t, `{"access_token":"AT","token_type":"Bearer","refresh_token":false}`)
	assert.EqualError(t, err, "oauth: token reply: refresh_token is not a string", "the refused twin")
}
