//go:build interop

package oidcprovider

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func oidcBegin(t *testing.T, c *oidc.Client, who *formlogin.Person, o oidc.AuthorizeOptions) (*oidc.Login, *http.Request) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	callback := visit(t, who, login.URL, login.RedirectURI)
	if login.ResponseMode == oauth.ResponseModeFragment {
		callback = formlogin.PostFragment(callback)
	}
	return login, callback
}

func oidcLoginAs(t *testing.T, c *oidc.Client, who *formlogin.Person, o oidc.AuthorizeOptions) *oidc.Result {
	t.Helper()
	login, callback := oidcBegin(t, c, who, o)
	result, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	return result
}

func oidcLogin(t *testing.T, c *oidc.Client, scope string) *oidc.Result {
	t.Helper()
	return oidcLoginAs(t, c, person(t), oidc.AuthorizeOptions{Scope: scope})
}

func TestOIDCLogin(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, id := range []string{"basic", "post", "public"} {
		for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeQuery, oauth.ResponseModeFormPost} {
			t.Run(id+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				result := oidcLoginAs(t, p.oidcClient(t, id), person(t), oidc.AuthorizeOptions{ResponseMode: mode})
				assert.Equal(t, p.base+" alice", result.IDToken.Issuer+" "+result.IDToken.Subject)
				assert.Equal(t, []string{id}, result.IDToken.Audience)
				assert.NotEmpty(t, result.Token.AccessToken)
			})
		}
	}
}

// A Login can be stored until the browser comes back.
func TestOIDCLoginStored(t *testing.T) {
	t.Parallel()
	p := provider(t)
	login, callback := oidcBegin(t, p.oidcClient(t, "basic"), person(t), oidc.AuthorizeOptions{Scope: "openid email"})
	stored, err := json.Marshal(login)
	require.NoError(t, err)
	var read oidc.Login
	require.NoError(t, json.Unmarshal(stored, &read))
	_, err = p.oidcClient(t, "basic").CompleteLogin(t.Context(), &read, callback) // by another process
	require.NoError(t, err)
}

func TestOIDCNonceOfAnotherLogin(t *testing.T) {
	t.Parallel()
	c := provider(t).oidcClient(t, "basic")
	for _, right := range []bool{true, false} {
		login, callback := oidcBegin(t, c, person(t), oidc.AuthorizeOptions{})
		if !right {
			login.Nonce = "another"
		}
		_, err := c.CompleteLogin(t.Context(), login, callback)
		if right {
			require.NoError(t, err)
		} else {
			require.ErrorIs(t, err, oidc.CheckNonce)
		}
	}
}

func TestOIDCClaimsParameter(t *testing.T) {
	t.Parallel()
	c := provider(t).oidcClient(t, "basic")
	without := oidcLogin(t, c, "openid email")
	assert.Empty(t, without.IDToken.Email) // in the code flow this provider returns such claims only in user info
	with := oidcLoginAs(t, c, person(t), oidc.AuthorizeOptions{
		Scope: "openid email", Claims: json.RawMessage(`{"id_token":{"email":{"essential":true},"roles":null},"userinfo":{"name":null}}`),
	})
	assert.Equal(t, "alice@example.test", with.IDToken.Email)
	var more struct {
		Roles []string `json:"roles"`
	}
	require.NoError(t, with.IDToken.Claims(&more))
	assert.Equal(t, []string{"admin", "dev"}, more.Roles)
	user, err := c.GetUserInfoByAccessToken(t.Context(), with.Token.AccessToken)
	require.NoError(t, err)
	assert.Equal(t, "alice Example", user.Name)
}

func TestOIDCMaxAge(t *testing.T) {
	t.Parallel()
	c := provider(t).oidcClient(t, "basic")
	who := person(t)
	plain := oidcLoginAs(t, c, who, oidc.AuthorizeOptions{})
	assert.Zero(t, plain.IDToken.AuthTime)
	fresh := oidcLoginAs(t, c, who, oidc.AuthorizeOptions{MaxAge: time.Hour})
	assert.WithinDuration(t, time.Now(), fresh.IDToken.AuthTime, time.Minute)
	again := oidcLoginAs(t, c, who, oidc.AuthorizeOptions{MaxAge: oidc.ReauthenticateNow})
	assert.False(t, again.IDToken.AuthTime.Before(fresh.IDToken.AuthTime))

	// The server did not get max_age, so it sends no auth_time: that must not count as a recent login.
	login, callback := oidcBegin(t, c, who, oidc.AuthorizeOptions{})
	login.MaxAge = time.Hour
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oidc.CheckAuthTime)
}

func TestOIDCCallbackRefused(t *testing.T) {
	t.Parallel()
	c := provider(t).oidcClient(t, "basic")
	who := person(t)
	login, callback := oidcBegin(t, c, who, oidc.AuthorizeOptions{Prompt: "none"})
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.LoginRequired)

	who.Follow = "/abort"
	login, callback = oidcBegin(t, c, who, oidc.AuthorizeOptions{})
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.AccessDenied)

	who.Follow = ""
	login, callback = oidcBegin(t, c, who, oidc.AuthorizeOptions{})
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.InvalidGrant)
}
