//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	k := server(t)
	for name, c := range map[string]*oidc.Client{
		"nothing set":   k.client(t, "basic"),
		"basic":         k.client(t, "basic", method(oauth.ClientSecretBasic)),
		"post":          k.client(t, "post", method(oauth.ClientSecretPost)),
		"public":        k.client(t, "public", public),
		"pairwise":      k.client(t, "pairwise"),
		"with rotation": k.client(t, "basic", rotation(k)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			result := login(t, c, k.alice(t))
			assert.NotEmpty(t, result.IDToken.Subject)
			assert.NotEmpty(t, result.IDToken.SessionID)
			assert.NotEmpty(t, result.SessionState)
			assert.Equal(t, "alice@example.org", result.IDToken.Email)
			user, err := c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
			require.NoError(t, err)
			assert.Equal(t, "Alice Liddell", user.Name)
		})
	}
}

func TestLoginInEachResponseMode(t *testing.T) {
	t.Parallel()
	k := server(t)
	for _, mode := range []oauth.ResponseMode{oauth.ResponseModeQuery, oauth.ResponseModeFormPost} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			c := k.client(t, "basic")
			pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{ResponseMode: mode})
			_, err := c.CompleteLogin(t.Context(), pending, back)
			require.NoError(t, err)
		})
	}
}

// A client whose callbacks have no iss, although the server's metadata announces it (RFC 9207 §2.4). TestLogin has
// the accepted twins.
func TestLoginWithoutIssuer(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "no-iss")
	pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oauth.CheckIssuer)
}

// A name and a password beyond ASCII.
func TestLoginOfZoe(t *testing.T) {
	t.Parallel()
	k := server(t)
	result := login(t, k.client(t, "basic"), k.person(t, "zoë", "ümlaut"))
	var claims struct {
		Username string `json:"preferred_username"`
		Family   string `json:"family_name"`
	}
	require.NoError(t, result.IDToken.Claims(&claims))
	assert.Equal(t, "zoë 漢字", claims.Username+" "+claims.Family)
}

func TestAlgorithms(t *testing.T) {
	t.Parallel()
	k := server(t)
	for id, name := range map[string]string{
		"basic": "RS256", "idt-rs512": "RS512", "idt-ps256": "PS256", "idt-ps512": "PS512",
		"idt-es256": "ES256", "idt-es384": "ES384", "idt-es512": "ES512", "idt-eddsa": "EdDSA",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := k.client(t, id, alg(name))
			pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
			result, err := c.CompleteLogin(t.Context(), pending, back)
			require.NoError(t, err)
			assert.Equal(t, []string{id}, result.IDToken.Audience)

			// The same token with another pinned algorithm.
			other := "ES256"
			if name == other {
				other = "RS256"
			}
			_, err = k.client(t, id, alg(other)).VerifyIDToken(t.Context(), result.Token.IDToken, oidc.Expect{Nonce: pending.Nonce})
			require.ErrorIs(t, err, oidc.CheckAlgorithm)
			_, err = k.client(t, id, alg(name)).VerifyIDToken(t.Context(), result.Token.IDToken, oidc.Expect{Nonce: pending.Nonce})
			require.NoError(t, err)
		})
	}
}

// Keycloak signs HS256 with a key of the realm that no client has. TestAlgorithms has the accepted twins.
func TestHS256CannotBeVerified(t *testing.T) {
	t.Parallel()
	k := server(t)
	for id, name := range map[string]string{"idt-hs256": "HS256", "idt-hs512": "HS512"} {
		c := k.client(t, id, alg(name))
		pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
		_, err := c.CompleteLogin(t.Context(), pending, back)
		require.ErrorIs(t, err, oidc.CheckSignature)
		assert.ErrorContains(t, err, "asymmetric")
		assert.NotContains(t, err.Error(), k.secret)
	}
}

func TestLoginRefused(t *testing.T) {
	t.Parallel()
	k := server(t)
	c, who := k.client(t, "basic"), k.alice(t)
	pending, back := begin(t, c, who, oidc.AuthorizeOptions{Prompt: "none"})
	_, err := c.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oauth.LoginRequired)

	pending, back = begin(t, c, who, oidc.AuthorizeOptions{})
	_, err = k.client(t, "basic", rotation(k)).CompleteLogin(t.Context(), pending, back)
	require.Error(t, err) // another realm of the same server
	assert.NotErrorIs(t, err, oauth.InvalidGrant, "the code was sent to the other realm")
	_, err = c.CompleteLogin(t.Context(), pending, back)
	require.NoError(t, err)
	_, err = c.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oauth.InvalidGrant)
}

func TestWrongSecret(t *testing.T) {
	t.Parallel()
	k := server(t)
	for name, m := range map[string]oauth.ClientAuth{"basic": oauth.ClientSecretBasic, "post": oauth.ClientSecretPost} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := k.client(t, name, method(m), func(c *oidc.Config) { c.ClientSecret = "wrong" + k.secret }) // TestLogin has the accepted twins
			pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{})
			_, err := c.CompleteLogin(t.Context(), pending, back)
			require.ErrorContains(t, err, "unauthorized_client") // Keycloak's text for invalid_client
			assert.NotContains(t, err.Error(), k.secret)
		})
	}
}
