//go:build interop

package keycloak

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestRefresh(t *testing.T) {
	t.Parallel()
	k := server(t)
	for name, c := range map[string]*oidc.Client{
		"basic":  k.client(t, "basic", rotation(k)),
		"post":   k.client(t, "post", rotation(k), method(oauth.ClientSecretPost)),
		"public": k.client(t, "public", rotation(k), public),
		"PS256":  k.client(t, "idt-ps256", rotation(k), alg("PS256")),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := login(t, c, k.alice(t))
			second, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
			require.NoError(t, err)
			require.NotNil(t, second.IDToken)
			assert.Equal(t, first.IDToken.Subject, second.IDToken.Subject)
			assert.NotEqual(t, first.Token.RefreshToken, second.Token.RefreshToken)
			third, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: second.Token.RefreshToken, Previous: second.IDToken})
			require.NoError(t, err)
			assert.NotEqual(t, second.Token.AccessToken, third.Token.AccessToken)
		})
	}
}

// Another client is like another process, which does not have the reply: Keycloak sees the reuse.
func TestRefreshTokenIsForOneUse(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "basic", rotation(k)) // TestRefresh is the accepted twin
	first := login(t, c, k.alice(t))
	second, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
	require.NoError(t, err)
	other := k.client(t, "basic", rotation(k))
	_, err = other.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
	require.ErrorIs(t, err, oauth.InvalidGrant)
	assert.NotContains(t, err.Error(), first.Token.RefreshToken)
	_, err = other.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: second.Token.RefreshToken, Previous: second.IDToken})
	require.ErrorIs(t, err, oauth.InvalidGrant)
}

// Twenty callers with an expired token, and a late one, send one request: Keycloak would end the session at a second
// one.
func TestRefreshOfTwentyAtOnce(t *testing.T) {
	t.Parallel()
	k := server(t)
	for name, refresh := range map[string]func(*oidc.Client, *oidc.Result) (*oauth.Token, error){
		"Refresh": func(c *oidc.Client, r *oidc.Result) (*oauth.Token, error) {
			next, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: r.Token.RefreshToken, Previous: r.IDToken})
			if err != nil {
				return nil, err
			}
			return next.Token, nil
		},
		"RefreshIfExpired": func(c *oidc.Client, r *oidc.Result) (*oauth.Token, error) {
			return c.RefreshIfExpired(t.Context(), r.Token, time.Hour) // longer than the lifetime of its tokens
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := k.client(t, "basic", rotation(k))
			first := login(t, c, k.alice(t))
			tokens, errs := make([]*oauth.Token, 21), make([]error, 21)
			var all sync.WaitGroup
			for i := range 20 {
				all.Go(func() { tokens[i], errs[i] = refresh(c, first) })
			}
			all.Wait()
			tokens[20], errs[20] = refresh(c, first)
			for i, token := range tokens {
				require.NoError(t, errs[i])
				assert.Equal(t, tokens[0].AccessToken, token.AccessToken)
			}
			_, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: tokens[0].RefreshToken, Previous: first.IDToken})
			require.NoError(t, err) // the session lives
		})
	}
}
