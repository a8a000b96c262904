//go:build interop

package oidcprovider

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// A refused callback does not use the code, so the accepted twin is the unchanged callback.
func TestOAuthCallbackChanged(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "basic")
	login, callback := begin(t, c, person(t), oauth.AuthorizeOptions{Scope: "openid"})

	_, err := c.CompleteLogin(t.Context(), login, changed(callback, "state", "another"))
	require.ErrorIs(t, err, oauth.CheckState)
	_, err = c.CompleteLogin(t.Context(), login, changed(callback, "iss", "https://other.example"))
	require.ErrorIs(t, err, oauth.CheckIssuer)
	_, err = c.CompleteLogin(t.Context(), nil, callback)
	require.ErrorIs(t, err, oauth.CheckLogin)

	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
}

func TestOAuthCallbackOfAnotherBrowser(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "basic")
	mine, _ := begin(t, c, person(t), oauth.AuthorizeOptions{Scope: "openid"})
	theirs, callback := begin(t, c, person(t), oauth.AuthorizeOptions{Scope: "openid"})

	_, err := c.CompleteLogin(t.Context(), mine, callback)
	require.ErrorIs(t, err, oauth.CheckState)
	_, err = c.CompleteLogin(t.Context(), theirs, callback)
	require.NoError(t, err)
}

func TestOAuthPromptNone(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "basic")
	silent := oauth.AuthorizeOptions{Scope: "openid", Extra: map[string][]string{"prompt": {"none"}}}
	who := person(t)

	login, callback := begin(t, c, who, silent)
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.LoginRequired)
	var refusal *oauth.Error
	require.ErrorAs(t, err, &refusal)
	assert.Zero(t, refusal.StatusCode)

	begin(t, c, who, oauth.AuthorizeOptions{Scope: "openid"})
	login, callback = begin(t, c, who, silent) // the same, after the user has logged in
	_, err = c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
}

func TestOAuthPersonAborts(t *testing.T) {
	t.Parallel()
	c := provider(t).oauthClient(t, "basic")
	who := person(t)
	who.Follow = "/abort"
	login, callback := begin(t, c, who, oauth.AuthorizeOptions{Scope: "openid"})
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, oauth.AccessDenied)

	_, err = c.CompleteLogin(t.Context(), login, changed(callback, "iss", "https://other.example"))
	require.ErrorIs(t, err, oauth.CheckIssuer) // an error of another server is not even read (RFC 9207 §2.4)
}

func TestOAuthUnknownClient(t *testing.T) {
	t.Parallel()
	cfg := provider(t).oauthConfig(t, "basic")
	cfg.ClientID = "nobody"
	c, err := oauth.NewClient(cfg)
	require.NoError(t, err)
	login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{Scope: "openid"})
	require.NoError(t, err)
	_, err = person(t).Visit(t.Context(), login.URL, login.RedirectURI)
	assert.ErrorContains(t, err, "status 400") // the server shows a page and does not redirect back
}
