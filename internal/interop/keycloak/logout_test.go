//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const loggedOut = "http://127.0.0.1:34567/logged-out"

func TestLogout(t *testing.T) {
	t.Parallel()
	k := server(t)
	for _, hinted := range []bool{true, false} {
		name := map[bool]string{true: "by id_token_hint", false: "by client_id"}[hinted]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, who := k.client(t, "basic"), k.alice(t)
			result := login(t, c, who)
			pending, back := begin(t, c, who, oidc.AuthorizeOptions{Prompt: "none"}) // there is a session to end
			_, err := c.CompleteLogin(t.Context(), pending, back)
			require.NoError(t, err)

			o := oidc.LogoutOptions{PostLogoutRedirectURI: loggedOut, State: "bye"}
			if hinted {
				o.IDTokenHint = result.IDToken.Raw()
			}
			address, err := c.BuildLogoutUrl(t.Context(), o)
			require.NoError(t, err)
			assert.Equal(t, "bye", visit(t, who, address, loggedOut).URL.Query().Get("state"))

			pending, back = begin(t, c, who, oidc.AuthorizeOptions{Prompt: "none"})
			_, err = c.CompleteLogin(t.Context(), pending, back)
			require.ErrorIs(t, err, oauth.LoginRequired)
			_, err = c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken})
			require.ErrorIs(t, err, oauth.InvalidGrant) // the tokens ended with the session
		})
	}
}

func TestLogoutToAnAddressThatIsNotRegistered(t *testing.T) {
	t.Parallel()
	k := server(t)
	c, who := k.client(t, "basic"), k.alice(t) // TestLogout is the accepted twin
	result := login(t, c, who)
	const elsewhere = "https://elsewhere.example/"
	address, err := c.BuildLogoutUrl(t.Context(), oidc.LogoutOptions{IDTokenHint: result.IDToken.Raw(), PostLogoutRedirectURI: elsewhere})
	require.NoError(t, err)
	_, err = who.Visit(t.Context(), address, elsewhere)
	assert.ErrorContains(t, err, "status 400")
}
