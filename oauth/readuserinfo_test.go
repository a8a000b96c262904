package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// A hook reads user info that is a token; the rest is as for JSON: sub is compared, and the names are exact.
func TestReadUserInfo(t *testing.T) {
	t.Parallel()
	errNotMine := errors.New("not from my server")
	for name, c := range map[string]struct {
		claims string
		err    error
		want   error
		text   string
	}{
		"the user":      {claims: `{"sub":"u","name":"Jane","NAME":"x"}`},
		"another user":  {claims: `{"sub":"v"}`, want: oauth.ErrSubject},
		"no sub":        {claims: `{"name":"Jane"}`, want: oauth.ErrNoSubject},
		"refused":       {err: errNotMine, want: errNotMine, text: "oauth: user info reply: not from my server"},
		"two subs":      {claims: `{"sub":"v","sub":"u"}`, text: "oauth: user info reply: its claims"},
		"not an object": {claims: `["sub"]`, text: "oauth: user info reply: its claims"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var seen []string
			var accept string
			wire := replyAt("/userinfo", func(r *http.Request) (*http.Response, error) {
				accept = r.Header.Get("Accept")
				reply := httpmock.NewStringResponse(200, "a.b.c")
				reply.Header.Set("Content-Type", "Application/JWT; v=1")
				return reply, nil
			})
			client := with(t, wire, func(cfg *oauth.Config) {
				cfg.ReadUserInfo = func(_ context.Context, accessToken, mediaType, body string) (string, error) {
					seen = []string{accessToken, mediaType, body}
					return c.claims, c.err
				}
			})
			user, err := client.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{Subject: "u"})
			assert.Equal(t, []string{"AT", "application/jwt", "a.b.c"}, seen)
			assert.Equal(t, "application/jwt", accept)
			if c.want == nil && c.text == "" {
				require.NoError(t, err)
				assert.Equal(t, "Jane", user.Name)
				return
			}
			require.Error(t, err)
			assert.Nil(t, user)
			if c.want != nil {
				require.ErrorIs(t, err, c.want)
			}
			require.ErrorContains(t, err, c.text)
		})
	}
}

// The hook does not see refusals.
func TestReadUserInfoSeesNoError(t *testing.T) {
	t.Parallel()
	for _, reply := range []httpmock.Responder{jsonReply(401, `{"error":"invalid_token"}`), jsonReply(200, `{"error":"invalid_token"}`)} {
		client := with(t, replyAt("/userinfo", reply), func(cfg *oauth.Config) {
			cfg.ReadUserInfo = func(context.Context, string, string, string) (string, error) {
				t.Error("the hook was called")
				return `{"sub":"u"}`, nil
			}
		})
		_, err := client.GetUserInfoByAccessToken(t.Context(), "AT")
		require.ErrorIs(t, err, oauth.InvalidToken)
	}
}
