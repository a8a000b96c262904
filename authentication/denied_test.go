package authentication_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// A server that does not answer: the end of the context ends the call, and its error is wrapped.
func TestHostileSlow(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		f := newFake(t, p, nil)
		login, r := f.login(t, authentication.AuthorizeOptions{})
		f.Break(idptest.Slow)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		f.before = func(*http.Request) { cancel() }
		_, err := f.client.CompleteLogin(ctx, login, r)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, "no answer", kind(err))
	}
}

// A denial by the server in the callback counts after state was checked (security A10).
func TestA10ErrorsInTheCallback(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		f := newFake(t, p, nil)
		for code, want := range map[oauth.ErrorCode]string{
			oauth.AccessDenied: "denied", oauth.LoginRequired: "denied", "app_disabled": "denied",
			oauth.InvalidScope: "misconfigured", oauth.UnauthorizedClient: "misconfigured", oauth.UnsupportedResponseType: "misconfigured",
			oauth.InvalidRequest: "misconfigured", "invalid_target": "misconfigured", "request_not_supported": "misconfigured",
			oauth.InvalidRequestObject: "misconfigured", oauth.InvalidRequestURI: "misconfigured", oauth.InvalidAuthorizationDetails: "misconfigured",
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
			assert.False(t, errors.Is(err, code), "no error of a code")
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

// A wrong secret is the application's fault, not the browser's or the user's.
func TestWrongSecretIsMisconfigured(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OAuth{}, func(_ *authtest.Server, o *authentication.Options) { o.Secret = testSecret })
	_, err := f.complete(t, authentication.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidClient)
	assert.Equal(t, "misconfigured", kind(err))
	assert.ErrorContains(t, err, "; the client sent client_secret_post (TokenEndPointAuthMethod)")
}

// invalid_client names the method and the option, in the names of this package.
func TestInvalidClientNamesTheOption(t *testing.T) {
	t.Parallel()
	w := newWire(t, func(*http.Request) (*http.Response, error) {
		return httpmock.NewStringResponse(http.StatusUnauthorized, `{"error":"invalid_client"}`), nil
	})
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		client := newTestClient(t, w, func(o *authentication.Options) {
			o.Protocol = p
			o.IntrospectionEndPointAuthMethod, o.RevocationEndPointAuthMethod = oauth.ClientSecretBasic, oauth.None
		})
		_, err := client.GetAccessTokenByCode(t.Context(), "C1")
		assertNames(t, err, "client_secret_post (TokenEndPointAuthMethod)")
		_, err = client.IntrospectToken(t.Context(), "AT")
		assertNames(t, err, "client_secret_basic (IntrospectionEndPointAuthMethod)")
		err = client.RevokeToken(t.Context(), "AT")
		assertNames(t, err, "none (RevocationEndPointAuthMethod)")
		_, err = client.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{Scope: "a", AccessKey: "AK", SecretKey: "SK"})
		assertNames(t, err, "client_secret_post (AccessKey and SecretKey)")
	}
}

func assertNames(t *testing.T, err error, sent string) {
	t.Helper()
	require.ErrorIs(t, err, oauth.InvalidClient)
	var refused *oauth.Error
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, http.StatusUnauthorized, refused.StatusCode)
	assert.ErrorContains(t, err, "; the client sent "+sent)
}
