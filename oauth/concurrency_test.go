package oauth_test

import (
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Many callers share one client: each caller gets the reply to its own request.
func TestClientIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodPost, server+"/token", func(r *http.Request) (*http.Response, error) {
		_ = r.ParseForm()
		return jsonReply(200, `{"access_token":"for `+r.PostForm.Get("code")+r.PostForm.Get("refresh_token")+`","token_type":"Bearer"}`)(r)
	})
	mock.RegisterResponder(http.MethodPost, server+"/introspect", func(r *http.Request) (*http.Response, error) {
		_ = r.ParseForm()
		return jsonReply(200, `{"active":true,"sub":"`+r.PostForm.Get("token")+`"}`)(r)
	})
	mock.RegisterResponder(http.MethodPost, server+"/revoke", jsonReply(200, ``))
	mock.RegisterResponder(http.MethodGet, server+"/userinfo", func(r *http.Request) (*http.Response, error) {
		return jsonReply(200, `{"sub":"`+r.Header.Get("Authorization")+`"}`)(r)
	})
	c := with(t, mock, func(c *oauth.Config) {
		c.Replay, c.Header = &onceStore{}, http.Header{"X-Mine": {"1", "2", "3"}}
	})
	extra := url.Values{"resource": append(make([]string, 0, 4), "https://api")} // shared by all callers
	ctx := t.Context()
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			me := fmt.Sprint("caller", i)
			login, err := c.BeginLogin(ctx, oauth.AuthorizeOptions{Scope: me, Resource: extra["resource"]})
			if !assert.NoError(t, err) {
				return
			}
			token, err := c.CompleteLogin(ctx, login, callback(url.Values{"code": {me}, "state": {login.State}}))
			if assert.NoError(t, err) {
				assert.Equal(t, "for "+me, token.AccessToken)
			}
			token, err = c.GetNewAccessTokenByRefreshToken(ctx, me, oauth.RefreshOptions{Extra: extra})
			if assert.NoError(t, err) {
				assert.Equal(t, "for "+me, token.AccessToken)
			}
			state, err := c.IntrospectToken(ctx, me, oauth.TokenOptions{Extra: extra})
			if assert.NoError(t, err) {
				assert.Equal(t, me, state.Subject)
			}
			user, err := c.GetUserInfoByAccessToken(ctx, me)
			if assert.NoError(t, err) {
				assert.Equal(t, "Bearer "+me, user.Subject)
			}
			assert.NoError(t, c.RevokeToken(ctx, me, oauth.TokenOptions{Extra: extra}))
			_ = fmt.Sprint(c)
		})
	}
	wg.Wait()
	assert.Equal(t, url.Values{"resource": {"https://api"}}, extra)
	assert.Equal(t, 16*5, mock.GetTotalCallCount())
}
