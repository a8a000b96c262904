package oauth_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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

// N5: a token that the server does not know is a success, and so is any other 2xx reply without an error.
func TestN5RevokeAnySuccess(t *testing.T) {
	t.Parallel()
	for body, status := range map[string]int{"": 200, "OK": 200, `{}`: 202, `{"result":true}`: 200, `{"error":null}`: 200, "\x00": 204} {
		c := newClient(t, replyAt("/revoke", jsonReply(status, body)))
		assert.NoError(t, c.RevokeToken(t.Context(), revoked), body)
	}
	c := newClient(t, replyAt("/revoke", jsonReply(200, `{"error":"invalid_request"}`)))
	assert.ErrorIs(t, c.RevokeToken(t.Context(), revoked), oauth.InvalidRequest)
	c = newClient(t, replyAt("/revoke", httpmock.NewStringResponder(200, "<p>login").HeaderSet(http.Header{"Content-Type": {"text/html"}})))
	assert.ErrorIs(t, c.RevokeToken(t.Context(), revoked), httpcore.HTML)
}

func TestN5RevokeRetryAfter(t *testing.T) {
	t.Parallel()
	c := newClient(t, replyAt("/revoke", httpmock.NewStringResponder(503, "").HeaderSet(http.Header{"Retry-After": {"17"}})))
	var refused *oauth.Error
	require.True(t, errors.As(c.RevokeToken(t.Context(), revoked), &refused))
	assert.Equal(t, oauth.Error{StatusCode: 503, RetryAfter: 17 * time.Second}, *refused)
	assert.True(t, refused.Temporary())
}
