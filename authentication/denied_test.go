package authentication_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// A server that says nothing: the context's end comes back at once, and wrapped.
func TestHostileSlow(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		f := newFake(t, p, nil)
		login, r := f.login(t, authentication.AuthorizeOptions{})
		f.Break(authtest.Slow)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		f.before = func(*http.Request) { cancel() }
		_, err := f.client.CompleteLogin(ctx, login, r)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, "no answer", kind(err))
	}
}

// The server's no in the callback, once state was found right (security A10).
func TestA10ErrorsInTheCallback(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		f := newFake(t, p, nil)
		for code, want := range map[oauth.ErrorCode]string{
			oauth.AccessDenied: "denied", oauth.LoginRequired: "denied", "app_disabled": "denied",
			oauth.InvalidScope: "misconfigured", oauth.UnauthorizedClient: "misconfigured", oauth.UnsupportedResponseType: "misconfigured",
			oauth.InvalidRequest: "misconfigured", "invalid_target": "misconfigured", "request_not_supported": "misconfigured",
			oauth.ServerError: "no answer", oauth.TemporarilyUnavailable: "no answer",
		} {
			login, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err)
			query := url.Values{"error": {string(code)}, "error_description": {"the user\r\nsaid " + login.Key}, "state": {login.Key}}
			_, err = f.client.CompleteLogin(t.Context(), login, callback(t, query))
			require.ErrorIs(t, err, code)
			assert.Equal(t, want, kind(err), code)
			assert.NotContains(t, err.Error(), login.Key)
			assert.NotContains(t, err.Error(), "\n")

			query.Set("state", "another")
			_, err = f.client.CompleteLogin(t.Context(), login, callback(t, query))
			require.ErrorIs(t, err, oauth.CheckState)
			assert.False(t, errors.Is(err, code), "nobody's error")
		}
		assert.Empty(t, f.wire.sent)
	}
}

func callback(t testing.TB, query url.Values) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, localBack+"?"+query.Encode(), nil)
	require.NoError(t, err)
	return r
}

// A wrong secret is the application's fault: neither the browser's nor the user's.
func TestWrongSecretIsMisconfigured(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OAuth{}, func(_ *authtest.Server, o *authentication.Options) { o.Secret = testSecret })
	_, err := f.complete(t, authentication.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidClient)
	assert.Equal(t, "misconfigured", kind(err))
}
