//go:build interop

package oidcprovider

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestLogout(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, hinted := range []bool{true, false} {
		name := map[bool]string{true: "by id_token_hint", false: "by client_id"}[hinted]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := p.oidcClient(t, "basic")
			who := person(t)
			result := oidcLoginAs(t, c, who, oidc.AuthorizeOptions{})
			oidcLoginAs(t, c, who, oidc.AuthorizeOptions{Prompt: "none"}) // there is a session to end

			o := oidc.LogoutOptions{PostLogoutRedirectURI: p.loggedOut, State: "bye"}
			if hinted {
				o.IDTokenHint = result.IDToken.Raw()
			}
			address, err := c.BuildLogoutUrl(t.Context(), o)
			require.NoError(t, err)
			who.Press = "logout"
			back := visit(t, who, address, p.loggedOut)
			assert.Equal(t, "bye", back.URL.Query().Get("state"))

			who.Press = ""
			login, callback := oidcBegin(t, c, who, oidc.AuthorizeOptions{Prompt: "none"})
			_, err = c.CompleteLogin(t.Context(), login, callback)
			require.ErrorIs(t, err, oauth.LoginRequired)
		})
	}
}

func TestLogoutToAnAddressThatIsNotRegistered(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c := p.oidcClient(t, "basic") // TestLogout is the accepted twin
	result := oidcLogin(t, c, "openid")
	address, err := c.BuildLogoutUrl(t.Context(), oidc.LogoutOptions{
		IDTokenHint: result.IDToken.Raw(), PostLogoutRedirectURI: "http://127.0.0.1:7190/elsewhere",
	})
	require.NoError(t, err)
	_, err = person(t).Visit(t.Context(), address, "http://127.0.0.1:7190/")
	assert.ErrorContains(t, err, "status 400")
}

// The state of a logout comes back, and only the browser that began it has it.
func TestLogoutWithState(t *testing.T) {
	t.Parallel()
	p := provider(t)
	c, who := p.oidcClient(t, "basic"), person(t)
	result := oidcLoginAs(t, c, who, oidc.AuthorizeOptions{})
	o := oidc.LogoutOptions{PostLogoutRedirectURI: p.loggedOut, IDTokenHint: result.IDToken.Raw()}
	pending, err := c.BeginLogout(t.Context(), o)
	require.NoError(t, err)
	other, err := c.BeginLogout(t.Context(), o)
	require.NoError(t, err)
	who.Press = "logout"
	back := visit(t, who, pending.URL, p.loggedOut)
	require.ErrorIs(t, c.CompleteLogout(t.Context(), other, back), oauth.CheckState)
	require.ErrorIs(t, p.oidcClient(t, "post").CompleteLogout(t.Context(), pending, back), oauth.CheckLogin)
	require.NoError(t, c.CompleteLogout(t.Context(), pending, back))
}
