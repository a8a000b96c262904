//go:build interop

package oidcprovider

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// A client of any standard server with FromOIDC and FromOAuth of package authentication.
func TestSeam(t *testing.T) {
	t.Parallel()
	p := provider(t)
	private := facadeOptions(t, p)
	private.Protocol = authentication.OAuth{}
	private.Endpoints = authentication.Endpoints{
		OAuthIssuer: "/oidc", OAuthAuthorize: "/oidc/auth", OAuthToken: "/oidc/token", OAuthUserInfo: p.base + "/me",
	}
	for name, c := range map[string]authentication.LoginFlow{
		"oidc":                          authentication.FromOIDC(p.oidcClient(t, "basic")),
		"oauth":                         authentication.FromOAuth(p.oauthClient(t, "post")),
		"OAuth at endpoints of its own": facade(t, private),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			login, callback := facadeBegin(t, c, person(t), authentication.AuthorizeOptions{Scope: "openid email"}, p.callback)
			id, err := c.CompleteLogin(t.Context(), login, callback)
			require.NoError(t, err)
			assert.Equal(t, p.base+" alice", id.Issuer+" "+id.Subject)

			other, _ := facadeBegin(t, c, person(t), authentication.AuthorizeOptions{Scope: "openid email"}, p.callback)
			_, err = c.CompleteLogin(t.Context(), other, callback)
			require.ErrorIs(t, err, authentication.ErrRefused)
		})
	}
}
