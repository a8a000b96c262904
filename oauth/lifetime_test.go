package oauth_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestT7ExpiresInAccepted(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]int64{
		`3600`: 3600, `"3600"`: 3600, `" 3600 "`: 3600, `3599.9`: 3599, `"3599.9"`: 3599, `3.6e3`: 3600, `"36E+2"`: 3600, `360000e-2`: 3600,
		`3600.0`: 3600, `0`: 0, `"0"`: 0, `0.5`: 0, `3153600000`: 100 * 365 * 24 * 3600,
	} {
		token, err := exchange(t, `{"access_token":"AT","token_type":"Bearer","expires_in":`+value+`}`)
		require.NoError(t, err, value)
		assert.Equal(t, want, token.ExpiresIn, value)
		assert.Equal(t, now.Add(time.Duration(want)*time.Second), token.Expiry, value)
	}
	for _, body := range []string{`{"access_token":"AT","token_type":"Bearer"}`, `{"access_token":"AT","token_type":"Bearer","expires_in":null}`, `{"access_token":"AT","token_type":"Bearer","expires_in":""}`} {
		token, err := exchange(t, body)
		require.NoError(t, err)
		assert.Zero(t, token.ExpiresIn)
		assert.True(t, token.Expiry.IsZero(), "the server did not say")
	}
}

func TestT7ExpiresInRefused(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		`-1`: "is negative", `"-1"`: "is negative", `-0.5`: "is negative", `-1e400`: "is negative", `-9223372036854775809`: "is negative",
		`3153600001`: "is over 100 years", `9223372036854775807`: "is over 100 years", `9223372036854775808`: "is over 100 years",
		`1e18`: "is over 100 years", `1e400`: "is over 100 years", `"1e999999999999"`: "is over 100 years",
		`"NaN"`: "is not a number of seconds", `"Infinity"`: "is not a number of seconds", `"abc"`: "is not a number of seconds",
		`" "`: "is not a number of seconds", `"0x10"`: "is not a number of seconds", `"3600s"`: "is not a number of seconds",
		`"+5"`: "is not a number of seconds", `"null"`: "is not a number of seconds", `"true"`: "is not a number of seconds",
		`"\"3600\""`: "is not a number of seconds", `true`: "is not a number of seconds", `{}`: "is not a number of seconds", `[3600]`: "is not a number of seconds",
	} {
		_, err := exchange(t, `{"access_token":"AT","token_type":"Bearer","expires_in":`+value+`}`)
		assert.EqualError(t, err, "oauth: token reply: expires_in "+want, value)
	}
	_, err := exchange(t, `{"access_token":"AT","token_type":"Bearer","expires_in":NaN}`)
	assert.ErrorContains(t, err, "not valid JSON")
}

func TestTokenExpired(t *testing.T) {
	t.Parallel()
	token := &oauth.Token{Expiry: now.Add(time.Minute)}
	assert.False(t, token.Expired(now, 0))
	assert.False(t, token.Expired(now, 59*time.Second))
	assert.True(t, token.Expired(now, time.Minute))
	assert.True(t, token.Expired(now.Add(time.Minute), 0))
	assert.False(t, token.Expired(now.Add(time.Minute-1), 0))
	assert.False(t, (&oauth.Token{}).Expired(now, time.Hour), "no known end")
}

// The lifetime counts from the moment when the request was sent: a slow reply must not lengthen it.
func TestExpiryCountsFromTheRequest(t *testing.T) {
	t.Parallel()
	at := now
	mock := tokenReply(200, `{"access_token":"AT","token_type":"Bearer","expires_in":60}`)
	c := with(t, mock, func(c *oauth.Config) {
		c.Now = func() time.Time { at = at.Add(time.Second); return at }
	})
	token, err := c.GetAccessTokenByCode(t.Context(), code)
	require.NoError(t, err)
	assert.Equal(t, now.Add(61*time.Second), token.Expiry)
}
