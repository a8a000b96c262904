package oauth_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const revoked = "45ghiukldjahdnhzdauz"

func TestRevoke(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/revoke.http"))
	assert.NoError(t, c.RevokeToken(t.Context(), revoked, oauth.TokenOptions{TokenTypeHint: "refresh_token"}))
	c = with(t, wiretest.Transport(t, "testdata/revoke_none.http"), func(c *oauth.Config) {
		c.ClientSecret, c.RevocationAuth = "", oauth.None
	})
	assert.NoError(t, c.RevokeToken(t.Context(), revoked))
}

func TestN5RevokeUnsupportedTokenType(t *testing.T) {
	t.Parallel()
	c := newClient(t, wiretest.Transport(t, "testdata/revoke_unsupported.http"))
	err := c.RevokeToken(t.Context(), revoked, oauth.TokenOptions{TokenTypeHint: "access_token"})
	assert.ErrorIs(t, err, oauth.UnsupportedTokenType)
}

// N5: any 2xx reply is a success, whatever its body: django-oauth-toolkit sends an empty page, Keycloak invalid_token.
func TestN5RevokeAnySuccess(t *testing.T) {
	t.Parallel()
	revoke := func(status int, contentType, body string) error {
		mock := replyAt("/revoke", httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Content-Type": {contentType}}))
		return newClient(t, mock).RevokeToken(t.Context(), revoked)
	}
	for _, body := range []string{"", "OK", `{}`, `{"result":true}`, `{"error":null}`, `{"error":"invalid_token"}`, `{"error":"invalid_request"}`, `{"error":{}}`, "\x00", "<p>login"} {
		for _, contentType := range []string{"application/json", "text/html; charset=utf-8", ""} {
			assert.NoError(t, revoke(200, contentType, body), body)
			assert.NoError(t, revoke(299, contentType, body), body)
			assert.Error(t, revoke(300, contentType, body), "the refused twin")
			var refused *oauth.Error
			assert.ErrorAs(t, revoke(400, contentType, body), &refused, "the refused twin")
		}
	}
	assert.ErrorIs(t, revoke(400, "application/json", `{"error":"invalid_token"}`), oauth.InvalidToken)
}

// N5: the body may have any length, and may be incomplete.
func TestN5RevokeBodyIsNotTheAnswer(t *testing.T) {
	t.Parallel()
	revoke := func(ctx context.Context, status int, body io.Reader) error {
		mock := replyAt("/revoke", func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(body)}, nil
		})
		return with(t, mock, func(c *oauth.Config) { c.MaxReply = 10 }).RevokeToken(ctx, revoked)
	}
	broken := errors.New("reset")
	for _, body := range []func() io.Reader{
		func() io.Reader { return strings.NewReader("01234567890") },
		func() io.Reader { return io.MultiReader(strings.NewReader("0"), iotest.ErrReader(broken)) },
	} {
		assert.NoError(t, revoke(t.Context(), 200, body()))
		assert.Error(t, revoke(t.Context(), 400, body()), "the refused twin")
	}
	assert.ErrorIs(t, revoke(t.Context(), 400, strings.NewReader("01234567890")), httpcore.TooLarge)
	ctx, cancel := context.WithCancel(t.Context())
	ends := readerFunc(func([]byte) (int, error) { cancel(); return 0, broken })
	assert.ErrorIs(t, revoke(ctx, 200, ends), context.Canceled, "the end of the context still ends the call")
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestN5RevokeErrorInAFormOfTheServersOwn(t *testing.T) {
	t.Parallel()
	revoke := func(status int, body string) error {
		c := with(t, replyAt("/revoke", jsonReply(status, body)), func(c *oauth.Config) {
			c.ReplyError = func(_ int, body []byte) *oauth.Error {
				if len(body) == 0 {
					return nil
				}
				return &oauth.Error{Code: oauth.ErrorCode(body), Description: revoked}
			}
		})
		return c.RevokeToken(t.Context(), revoked)
	}
	long := with(t, replyAt("/revoke", jsonReply(200, "2020")), func(c *oauth.Config) {
		c.MaxReply, c.ReplyError = 3, func(int, []byte) *oauth.Error { return nil }
	})
	assert.ErrorIs(t, long.RevokeToken(t.Context(), revoked), httpcore.TooLarge, "the part that was not read may have an error")
	assert.NoError(t, revoke(200, ""))
	assert.NoError(t, revoke(200, "invalid_token"))
	assert.EqualError(t, revoke(200, "2020"), "oauth: the server refused with status 200: 2020: [redacted]")
	assert.ErrorIs(t, revoke(400, "invalid_token"), oauth.InvalidToken)
}

func TestN5RevokeRetryAfter(t *testing.T) {
	t.Parallel()
	c := newClient(t, replyAt("/revoke", httpmock.NewStringResponder(503, "").HeaderSet(http.Header{"Retry-After": {"17"}})))
	refused := refusedAt(t, c.RevokeToken(t.Context(), revoked), "/revoke")
	assert.Equal(t, oauth.Error{StatusCode: 503, RetryAfter: 17 * time.Second}, *refused)
	assert.True(t, refused.Temporary())
}
