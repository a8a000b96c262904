//go:build interop

package keycloak

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// front permits access tokens that come through the browser.
func front(c *oidc.Config) { c.AllowFrontChannelAccessToken = true }

// The implicit and the hybrid flow, in each mode.
func TestResponseType(t *testing.T) {
	t.Parallel()
	k := server(t)
	for _, kind := range []oauth.ResponseType{
		oidc.ResponseTypeIDToken, oidc.ResponseTypeIDTokenToken, oidc.ResponseTypeCodeIDToken, oidc.ResponseTypeCodeToken, oidc.ResponseTypeCodeIDTokenToken,
	} {
		for _, mode := range []oauth.ResponseMode{oauth.ResponseModeFragment, oauth.ResponseModeFormPost} {
			t.Run(string(kind+" "+oauth.ResponseType(mode)), func(t *testing.T) {
				t.Parallel()
				c := k.client(t, "hybrid", front)
				pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{ResponseType: kind, ResponseMode: mode})
				result, err := c.CompleteLogin(t.Context(), pending, back)
				require.NoError(t, err)
				assert.Equal(t, k.base+"/realms/interop", result.IDToken.Issuer)
				if kind == oidc.ResponseTypeIDToken {
					assert.Nil(t, result.Token)
					return
				}
				_, err = c.GetUserInfoByAccessToken(t.Context(), result.Token.AccessToken, oauth.UserInfoOptions{Subject: result.IDToken.Subject})
				require.NoError(t, err)
			})
		}
	}
}

// A client for the code flow alone: Keycloak refuses the others.
func TestResponseTypeRefused(t *testing.T) {
	t.Parallel()
	k := server(t)
	c := k.client(t, "basic") // TestResponseType has the accepted twins
	pending, back := begin(t, c, k.alice(t), oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeCodeIDToken})
	_, err := c.CompleteLogin(t.Context(), pending, back)
	require.ErrorIs(t, err, oauth.ErrorCode("unauthorized_client"))
}

func TestResponseTypeNone(t *testing.T) {
	t.Parallel()
	k := server(t)
	address, err := k.client(t, "hybrid").BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{
		ResponseType: oidc.ResponseTypeNone, State: "agreed", CodeChallenge: strings.Repeat("x", 43), // the client demands PKCE
	})
	require.NoError(t, err)
	back := visit(t, k.alice(t), address, callback).URL.Query()
	back.Del("session_state")
	assert.Equal(t, url.Values{"state": {"agreed"}, "iss": {k.base + "/realms/interop"}}, back)
}
