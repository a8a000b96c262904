package authentication_test

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// plays answers the fixtures of testdata.
func plays(t testing.TB, names ...string) func(*authentication.Options) {
	t.Helper()
	for i := range names {
		names[i] = filepath.Join("testdata", names[i]+".http")
	}
	transport := wiretest.Transport(t, names...)
	return func(o *authentication.Options) {
		o.HTTPClient = &http.Client{Transport: transport}
		o.Now = func() time.Time { return time.Unix(1612440000, 0) }
	}
}

// both applies two changes of the options.
func both(a, b func(*authentication.Options)) func(*authentication.Options) {
	return func(o *authentication.Options) { a(o); b(o) }
}

func byBasic(o *authentication.Options) {
	o.TokenEndPointAuthMethod = oauth.ClientSecretBasic
	o.IntrospectionEndPointAuthMethod = oauth.ClientSecretBasic
	o.RevocationEndPointAuthMethod = oauth.ClientSecretBasic
}

func TestIntrospectTokenActive(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, plays(t, "introspection_active"))
	seen, err := client.IntrospectToken(t.Context(), "AT")
	require.NoError(t, err)
	assert.True(t, seen.Active)
	assert.Equal(t, "60097f4d5bc08f75da104d18", seen.Subject)
	assert.Equal(t, int64(1612445888), seen.Expiry.Unix())
	assert.True(t, seen.HasScope("offline_access"))
	assert.False(t, seen.HasScope("offline"))
}

// An inactive token is a result, and has no other fields.
func TestIntrospectTokenInactive(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, both(plays(t, "introspection_inactive_basic"), byBasic))
	seen, err := client.IntrospectToken(t.Context(), "RT", oauth.TokenOptions{TokenTypeHint: "refresh_token"})
	require.NoError(t, err)
	assert.Equal(t, &oauth.Introspection{}, seen)
}

// None does not send the secret, although the application has one.
func TestIntrospectTokenNoneAtOAuth(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, both(plays(t, "introspection_none_oauth"), func(o *authentication.Options) {
		o.Protocol, o.IntrospectionEndPointAuthMethod = authentication.OAuth{}, oauth.None
	}))
	seen, err := client.IntrospectToken(t.Context(), "AT")
	require.NoError(t, err)
	assert.Equal(t, "https://core.authing.cn/oauth", seen.Issuer)
}

func TestGetAccessTokenByCodeBasicHexSecret(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, both(plays(t, "code_basic_hex_secret"), byBasic))
	token, err := client.GetAccessTokenByCode(t.Context(), "SplxlOBeZQQYbYS6WxSbIA",
		oauth.CodeOptions{CodeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"})
	require.NoError(t, err)
	assert.Equal(t, "AT", token.AccessToken)
	assert.Equal(t, "ID", token.IDToken)
	assert.Equal(t, "RT", token.RefreshToken)
	assert.Equal(t, int64(1612443600), token.Expiry.Unix())
	assert.True(t, token.HasScope("offline_access"))
}

func TestGetAccessTokenByCodeUsed(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, plays(t, "code_used"))
	token, err := client.GetAccessTokenByCode(t.Context(), "USED-BEFORE")
	require.ErrorIs(t, err, oauth.InvalidGrant)
	assert.Nil(t, token)
	assert.EqualError(t, err, "authentication: denied by the server: oauth: the server refused with status 400: invalid_grant: grant request is invalid")
}

func TestGetNewAccessTokenByRefreshToken(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, both(plays(t, "refresh_oauth"), with(authentication.OAuth{})))
	token, err := client.GetNewAccessTokenByRefreshToken(t.Context(), "OLD")
	require.NoError(t, err)
	assert.Equal(t, "b5e0e1afe793c6634495434afc262b88ddee9af3", token.RefreshToken)
	assert.Equal(t, int64(1209599), token.ExpiresIn)
}

// Claims that are null are empty, updated_at is text, and the whole reply is available.
func TestGetUserInfoByAccessTokenPageSample(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, plays(t, "userinfo_page_sample"))
	user, err := client.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{Subject: "603f184cec4505e2868431fc"})
	require.NoError(t, err)
	assert.Equal(t, "test1@authing.cn", user.Email)
	assert.Empty(t, user.Name)
	assert.Equal(t, "2021-03-03T06:17:14.485Z", user.UpdatedAt)
	var all map[string]any
	require.NoError(t, user.Claims(&all))
	assert.Contains(t, all, "zoneinfo")
}

func TestGetUserInfoByAccessTokenOfAnotherUser(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, plays(t, "userinfo_page_sample"))
	user, err := client.GetUserInfoByAccessToken(t.Context(), "AT", oauth.UserInfoOptions{Subject: "603f184cec4505e2868431fd"})
	require.ErrorIs(t, err, oauth.ErrSubject)
	assert.Nil(t, user)
}

func TestRevokeTokenEmptyReply(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, plays(t, "revocation_empty"))
	assert.NoError(t, client.RevokeToken(t.Context(), "RT", oauth.TokenOptions{TokenTypeHint: "refresh_token"}))
}

// Any 2xx is a success, whatever its body, unless that is an error object other than invalid_token (row 14).
func TestRevokeTokenAny2xx(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 202, 204} {
		for _, body := range []string{"", "true", "OK", `{"success":true}`, "<html>", `{"error":"invalid_token"}`} {
			assert.NoError(t, newTestClient(t, always(t, status, body), nil).RevokeToken(t.Context(), "T-1"), "%d %s", status, body)
		}
		for _, body := range []string{`{"error":"invalid_client"}`, `{"code":400,"message":"no"}`} {
			var refusal *oauth.Error
			require.ErrorAs(t, newTestClient(t, always(t, status, body), nil).RevokeToken(t.Context(), "T-1"), &refusal, "%d %s", status, body)
			assert.Equal(t, status, refusal.StatusCode)
		}
	}
	err := newTestClient(t, always(t, 400, ""), nil).RevokeToken(t.Context(), "T-1")
	assert.EqualError(t, err, "oauth: the server refused with status 400 at https://sample-app.authing.cn/oidc/token/revocation")
}
