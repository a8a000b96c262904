//go:build interop

package oidcprovider

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestOIDCRefresh(t *testing.T) {
	t.Parallel()
	p := provider(t)
	for _, id := range []string{"basic", "post", "public"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			c := p.oidcClient(t, id)
			first := oidcLoginAs(t, c, person(t), oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"})
			second, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
			require.NoError(t, err)
			require.NotNil(t, second.IDToken)
			assert.Equal(t, first.IDToken.Subject, second.IDToken.Subject)
			assert.NotEqual(t, first.Token.RefreshToken, second.Token.RefreshToken)

			// A late caller gets the same result; another process, which does not have it, is refused.
			again, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
			require.NoError(t, err)
			assert.Equal(t, second.Token, again.Token)
			_, err = p.oidcClient(t, id).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
			require.ErrorIs(t, err, oauth.InvalidGrant)
		})
	}
}

func TestOIDCRefreshOfAnotherUser(t *testing.T) {
	t.Parallel()
	c := provider(t).oidcClient(t, "basic") // TestOIDCRefresh is the accepted twin
	alice := oidcLoginAs(t, c, person(t), oidc.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"})
	who := person(t)
	who.User = "bob"
	bob := oidcLoginAs(t, c, who, oidc.AuthorizeOptions{})
	require.Equal(t, "bob", bob.IDToken.Subject)
	_, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: alice.Token.RefreshToken, Previous: bob.IDToken})
	require.ErrorIs(t, err, oidc.CheckSubject)
}
