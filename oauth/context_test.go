package oauth_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// H5: an ended context ends every call before anything is sent.
func TestH5EndedContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	c := newClient(t, silent(t))
	login := begin(t, c, oauth.AuthorizeOptions{})
	cancel()
	for name, call := range map[string]func() error{
		"code":    func() error { _, err := c.GetAccessTokenByCode(ctx, code); return err },
		"login":   func() error { _, err := c.CompleteLogin(ctx, login, callback(right(login))); return err },
		"refresh": func() error { _, err := c.GetNewAccessTokenByRefreshToken(ctx, "RT"); return err },
		"client credentials": func() error {
			_, err := c.GetAccessTokenByClientCredentials(ctx, oauth.ClientCredentialsOptions{})
			return err
		},
		"grant":      func() error { _, err := c.GetAccessTokenByGrant(ctx, "g", nil); return err },
		"user info":  func() error { _, err := c.GetUserInfoByAccessToken(ctx, "AT"); return err },
		"introspect": func() error { _, err := c.IntrospectToken(ctx, "AT"); return err },
		"revoke":     func() error { return c.RevokeToken(ctx, "AT") },
	} {
		assert.ErrorIs(t, call(), context.Canceled, name)
	}
}

// In CompleteLogin ctx alone counts: a browser that goes away after its request was read changes nothing.
func TestCompleteLoginDoesNotUseTheRequestsContext(t *testing.T) {
	t.Parallel()
	c := newClient(t, tokenReply(200, good))
	login := begin(t, c, oauth.AuthorizeOptions{})
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	r := callback(right(login)).WithContext(gone)
	_, err := c.CompleteLogin(t.Context(), login, r)
	assert.NoError(t, err)

	silentClient := with(t, silent(t), func(*oauth.Config) {})
	_, err = silentClient.CompleteLogin(gone, login, callback(right(login)))
	assert.ErrorIs(t, err, context.Canceled)
}

// A ClientAuth gets the call's context, for example to ask a signing service.
func TestClientAuthGetsTheContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "mine")
	var got any
	c := with(t, tokenReply(200, good), func(c *oauth.Config) {
		c.TokenAuth = authFunc(func(ctx context.Context, r *oauth.AuthRequest) error {
			got = ctx.Value(key{})
			r.Header.Set("Authorization", "Basic x")
			return nil
		})
	})
	_, err := c.GetAccessTokenByCode(ctx, code)
	require.NoError(t, err)
	assert.Equal(t, "mine", got)
}
