package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const refreshToken = "tGzv3JOkF0XG5Qx2TlKWIA"

func TestR5RefreshRotates(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/refresh_rotated.http"))
	token, err := c.GetNewAccessTokenByRefreshToken(t.Context(), refreshToken, oauth.RefreshOptions{Scope: "read write"})
	require.NoError(t, err)
	assert.Equal(t, "rotated", token.RefreshToken)
	assert.Equal(t, "bearer", token.TokenType)
	assert.True(t, token.HasScope("read"))
	assert.False(t, token.HasScope("write"), "T10: what was granted, not what was asked")
}

func TestR5RefreshKeepsTheOldRefreshToken(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/refresh_kept.http"))
	token, err := c.GetNewAccessTokenByRefreshToken(t.Context(), refreshToken)
	require.NoError(t, err)
	assert.Equal(t, refreshToken, token.RefreshToken)
	assert.Equal(t, "new", token.AccessToken)
}

func TestRefreshMisuse(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	_, err := c.GetNewAccessTokenByRefreshToken(t.Context(), "")
	assert.EqualError(t, err, "oauth: refresh token is empty")
	_, err = c.GetNewAccessTokenByRefreshToken(t.Context(), "RT", oauth.RefreshOptions{}, oauth.RefreshOptions{})
	assert.EqualError(t, err, "oauth: RefreshOptions were given 2 times, want at most once")
	for _, name := range []string{"refresh_token", "scope", "grant_type", "client_id", "client_secret"} {
		_, err = c.GetNewAccessTokenByRefreshToken(t.Context(), "RT", oauth.RefreshOptions{Extra: url.Values{name: {"x"}}})
		assert.EqualError(t, err, "oauth: Extra must not set "+name+": use its field instead")
	}
}

func TestRefreshIfExpired(t *testing.T) {
	t.Parallel()
	old := func(left time.Duration) *oauth.Token {
		return &oauth.Token{AccessToken: "old", RefreshToken: refreshToken, Expiry: now.Add(left)}
	}
	for _, fresh := range []struct {
		token  *oauth.Token
		leeway time.Duration
	}{
		{old(time.Second), 0}, {old(61 * time.Second), time.Minute}, {&oauth.Token{AccessToken: "no known end"}, time.Hour},
	} {
		got, err := newClient(t, silent(t)).RefreshIfExpired(t.Context(), fresh.token, fresh.leeway)
		require.NoError(t, err)
		assert.Same(t, fresh.token, got)
	}
	for _, expired := range []struct {
		token  *oauth.Token
		leeway time.Duration
	}{{old(0), 0}, {old(-time.Hour), 0}, {old(time.Minute), time.Minute}} {
		c := newClient(t, wiretest.Transport(t, "testdata/refresh_kept.http"))
		got, err := c.RefreshIfExpired(t.Context(), expired.token, expired.leeway)
		require.NoError(t, err)
		assert.Equal(t, "new", got.AccessToken)
		assert.Equal(t, refreshToken, got.RefreshToken)
		assert.Equal(t, "old", expired.token.AccessToken, "the caller's token is not changed")
	}
	c := newClient(t, silent(t))
	_, err := c.RefreshIfExpired(t.Context(), nil, 0)
	assert.EqualError(t, err, "oauth: token is nil")
	_, err = c.RefreshIfExpired(t.Context(), &oauth.Token{AccessToken: "old", Expiry: now}, 0)
	assert.EqualError(t, err, "oauth: the token is expired and has no refresh token")
	assert.ErrorIs(t, err, oauth.ErrLoginAgain)
	assert.NotErrorIs(t, err, oauth.InvalidGrant, "the server refused nothing")
}

// R2: which refusals are permanent and which are temporary.
func TestR2RefreshFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status    int
		body      string
		temporary bool
		again     bool // the user must log in again
	}{
		{400, `{"error":"invalid_grant"}`, false, true},
		{500, `{"error":"invalid_grant"}`, false, true},
		{400, `{"error":"interaction_required"}`, false, true},
		{400, `{"error":"login_required"}`, false, true},
		{400, `{"error":"consent_required"}`, false, true},
		{400, `{"error":"temporarily_unavailable"}`, true, false},
		{429, ``, true, false},
		{500, `oops`, true, false},
		{502, `<html>down</html>`, true, false},
		{503, `{}`, true, false},
		{401, `{"error":"invalid_client"}`, false, false},
		{400, `{"error":"invalid_request"}`, false, false},
		{400, `{"error":"invalid_scope"}`, false, false},
		{400, `{"error":"unauthorized_client"}`, false, false},
		{400, `{"error":{"code":7}}`, false, false},
		{400, `{"error":"authorization_pending"}`, true, false}, // RFC 8628 §3.5
		{400, `{"error":"slow_down"}`, true, false},
		{400, `{"error":"access_denied"}`, false, false},
		{400, `{"error":"expired_token"}`, false, false},
		{428, ``, false, false}, {429, `{}`, true, false}, {430, ``, false, false}, {499, ``, false, false}, {599, ``, true, false}, // the edges
	} {
		mock := tokenReply(c.status, c.body)
		token, err := newClient(t, mock).GetNewAccessTokenByRefreshToken(t.Context(), "RT")
		var refused *oauth.Error
		require.ErrorAs(t, err, &refused, c.body)
		assert.Equal(t, c.status, refused.StatusCode)
		assert.Equal(t, c.temporary, refused.Temporary(), "%d %s", c.status, c.body)
		assert.Equal(t, c.again, errors.Is(err, oauth.ErrLoginAgain), "%d %s", c.status, c.body)
		assert.False(t, c.again && c.temporary)
		assert.Nil(t, token)
		assert.Equal(t, 1, mock.GetTotalCallCount(), "the server may have rotated it in a reply that was lost")
	}
	// The same refusal of another grant, or of the login page, is about no refresh token.
	_, err := newClient(t, tokenReply(400, `{"error":"invalid_grant"}`)).GetAccessTokenByCode(t.Context(), code)
	require.ErrorIs(t, err, oauth.InvalidGrant)
	assert.NotErrorIs(t, err, oauth.ErrLoginAgain)
	assert.NotErrorIs(t, (*oauth.Error)(nil), oauth.ErrLoginAgain)
}

// R2, T11: a missing reply is not a refusal, and the request is not sent again.
func TestR2NoAnswerIsNoRefusal(t *testing.T) {
	t.Parallel()
	reset := errors.New("connection reset")
	for name, c := range map[string]struct {
		answer httpmock.Responder
		want   error
	}{
		"reset":   {httpmock.NewErrorResponder(reset), reset},
		"HTML":    {httpmock.NewStringResponder(200, "<p>").HeaderSet(http.Header{"Content-Type": {"text/html"}}), httpcore.HTML},
		"timeout": {httpmock.NewErrorResponder(context.DeadlineExceeded), context.DeadlineExceeded},
	} {
		mock := replyAt("/token", c.answer)
		_, err := newClient(t, mock).GetNewAccessTokenByRefreshToken(t.Context(), "RT")
		require.ErrorIs(t, err, c.want, name)
		var refused *oauth.Error
		assert.False(t, errors.As(err, &refused), name)
		assert.NotErrorIs(t, err, oauth.ErrLoginAgain, name)
		assert.Equal(t, 1, mock.GetTotalCallCount())
	}
}
