package oauth_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const (
	pair      = `\ud83d\ude00` // one character, 😀
	firstHalf = `\ud83d`       // of it
	lastHalf  = `\ude00`
)

// whole checks that a reply is accepted when @@ is a character, and refused when it is half of a surrogate pair.
func whole(t *testing.T, body string, read func(body string) error, want string) {
	t.Helper()
	require.NoError(t, read(strings.ReplaceAll(body, "@@", pair)), "the accepted twin")
	for _, half := range []string{firstHalf, lastHalf, lastHalf + firstHalf, firstHalf + "x"} {
		require.EqualError(t, read(strings.ReplaceAll(body, "@@", half)), want)
	}
}

// encoding/json reads every half of a surrogate pair as U+FFFD: two users would become one.
func TestU1SubHalfSurrogate(t *testing.T) {
	t.Parallel()
	whole(t, `{"sub":"a@@"}`, func(body string) error {
		user, err := userInfo(t, body)
		if err == nil {
			assert.Equal(t, "a😀", user.Subject)
		}
		return err
	}, "oauth: user info reply: sub has half of a surrogate pair")
	user, err := userInfo(t, `{"sub":"a","name":"`+firstHalf+`"}`)
	require.NoError(t, err, "a name is for display only")
	assert.Equal(t, "\ufffd", user.Name)
}

func TestN1IntrospectionHalfSurrogate(t *testing.T) {
	t.Parallel()
	read := func(body string) error { _, err := introspect(t, body); return err }
	for _, name := range []string{"sub", "client_id", "username", "scope", "token_type", "iss", "jti", "aud"} {
		whole(t, `{"active":true,"`+name+`":"a@@"}`, read, "oauth: introspection reply: "+name+" has half of a surrogate pair")
	}
	whole(t, `{"active":true,"aud":["a","b@@"]}`, read, "oauth: introspection reply: aud is not a list of strings")
}

func TestT13TokenReplyHalfSurrogate(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"id_token", "scope"} {
		whole(t, `{"access_token":"AT","token_type":"Bearer","`+name+`":"a@@"}`, func(body string) error { _, err := exchange(t, body); return err },
			"oauth: token reply: "+name+" has half of a surrogate pair")
	}
	// In the hook's map it would have become U+FFFD.
	hooked := with(t, tokenReply(200, `{"access_token":"AT","token_type":"Bearer","scope":"a`+firstHalf+`"}`), func(c *oauth.Config) {
		c.MendTokenReply = func(map[string]any) error { return nil }
	})
	_, err := hooked.GetAccessTokenByCode(t.Context(), code)
	require.EqualError(t, err, "oauth: token reply: scope has half of a surrogate pair")
	for _, name := range []string{"access_token", "refresh_token", "token_type"} {
		body := strings.Replace(`{"access_token":"AT","token_type":"Bearer","refresh_token":"RT"}`, `"`+name+`":"`, `"`+name+`":"`+firstHalf, 1)
		_, err := exchange(t, body)
		require.EqualError(t, err, "oauth: token reply: "+name+" has half of a surrogate pair")
	}
}
