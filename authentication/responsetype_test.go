package authentication_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// fromPage is the request that the page at the redirect URI makes of a fragment; any other request stays.
func fromPage(r *http.Request) *http.Request {
	if r.URL.Fragment == "" {
		return r
	}
	post := httptest.NewRequest(http.MethodPost, localBack, strings.NewReader(r.URL.EscapedFragment()))
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return post
}

// Each response type in each mode at Authing. FormPost says whether the browser comes from
// another site. An identity without an access token neither expires nor is refreshed.
func TestJourneyOfEachResponseType(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OIDC{AllowFrontChannelAccessToken: true, UserInfo: true}, nil)
	plain := newFake(t, authentication.OIDC{}, nil)
	for _, responseType := range []oauth.ResponseType{
		oauth.ResponseTypeCode, oidc.ResponseTypeIDToken, oidc.ResponseTypeIDTokenToken, oidc.ResponseTypeCodeIDToken,
		oidc.ResponseTypeCodeToken, oidc.ResponseTypeCodeIDTokenToken,
	} {
		for _, mode := range []oauth.ResponseMode{"", oauth.ResponseModeFragment, oauth.ResponseModeFormPost} {
			at, o := f, authentication.AuthorizeOptions{ResponseType: responseType, ResponseMode: mode}
			if responseType == oidc.ResponseTypeIDToken {
				_, err := f.client.BeginLogin(t.Context(), o)
				require.EqualError(t, err, "authentication: OIDC.UserInfo needs an access token, and ResponseType id_token brings none")
				assert.Equal(t, "misconfigured", kind(err))
				at = plain
			}
			login, r := at.login(t, o)
			assert.Equal(t, mode == oauth.ResponseModeFormPost, login.FormPost)
			id, err := at.client.CompleteLogin(t.Context(), login, r)
			require.NoError(t, err, "%s %s", responseType, mode)
			assert.Equal(t, idptest.Subject, id.Subject)
			assert.Equal(t, responseType == oidc.ResponseTypeIDToken, id.Token == nil)
			assert.Equal(t, id.Token == nil, id.Expiry.IsZero())
			_, err = at.client.RefreshIfExpired(t.Context(), id, 0)
			require.NoError(t, err)
			_, err = at.client.Refresh(t.Context(), id)
			require.ErrorContains(t, err, "the identity has no refresh token")
		}
	}
	_, err := plain.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDTokenToken})
	require.ErrorContains(t, err, "AllowFrontChannelAccessToken")
	_, err = f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{ResponseType: oidc.ResponseTypeNone})
	require.ErrorContains(t, err, "is not for BeginLogin")
}

// A login that an instance without UserInfo began has no access token for it.
func TestUserInfoWithoutAnAccessToken(t *testing.T) {
	t.Parallel()
	plain := newFake(t, authentication.OIDC{}, nil)
	login, r := plain.login(t, authentication.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDToken})
	for _, userInfo := range []bool{true, false} {
		client, err := authentication.NewClient(authentication.Options{
			AppID: authtest.AppID, Secret: authtest.Secret, AppHost: mockHost, RedirectURI: localBack, HTTPClient: plain.wire.client(),
			Protocol: authentication.OIDC{UserInfo: userInfo},
		})
		require.NoError(t, err)
		id, err := client.CompleteLogin(t.Context(), login, r)
		if !userInfo {
			require.NoError(t, err)
			assert.Equal(t, idptest.Subject, id.Subject)
			continue
		}
		assert.Equal(t, "refused", kind(err))
		require.ErrorContains(t, err, "the login began with other settings: OIDC.UserInfo needs an access token")
	}
}
