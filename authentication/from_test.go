package authentication_test

import (
	"errors"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// standard is a LoginFlow of a standard server: the fake one, by its discovery document and metadata.
func standard(t *testing.T, protocol string) (*authtest.Server, authentication.LoginFlow) {
	t.Helper()
	idp := &authtest.Server{SendIssuer: true, SigningKey: fakeKey(), SAMLKey: fakeSAMLKey()}
	srv := httptest.NewServer(idp)
	t.Cleanup(srv.Close)
	if protocol == "oidc" {
		c, err := oidc.NewClient(oidc.Config{
			Issuer: srv.URL + "/oidc", ClientID: authtest.AppID, ClientSecret: authtest.Secret, RedirectURI: localBack, IDTokenSigningAlg: "HS256",
			HTTPClient: srv.Client(),
		})
		require.NoError(t, err)
		return idp, authentication.FromOIDC(c)
	}
	c, err := oauth.NewClient(oauth.Config{
		Issuer: srv.URL + "/oauth", RequireIssuer: true, ClientID: authtest.AppID, ClientSecret: authtest.Secret, RedirectURI: localBack,
		Endpoints:  oauth.Endpoints{Authorization: srv.URL + "/oauth/auth", Token: srv.URL + "/oauth/token", UserInfo: srv.URL + "/oauth/me"},
		HTTPClient: srv.Client(),
	})
	require.NoError(t, err)
	return idp, authentication.FromOAuth(c)
}

func TestFromAStandardServer(t *testing.T) {
	t.Parallel()
	for _, protocol := range []string{"oidc", "oauth"} {
		idp, flow := standard(t, protocol)
		opts := authentication.AuthorizeOptions{Scope: map[string]string{"oidc": "openid profile offline_access", "oauth": "user"}[protocol]}
		if protocol == "oidc" {
			opts.Prompt = "consent" // nothing is added to the request for a standard server
		}
		login, err := flow.BeginLogin(t.Context(), opts)
		require.NoError(t, err)
		r, err := idp.Login(t.Context(), login.URL, idptest.Email)
		require.NoError(t, err)
		assert.Equal(t, login.Key, flow.LoginKey(r))
		id, err := flow.CompleteLogin(t.Context(), stored(t, login), r)
		require.NoError(t, err)
		assert.Equal(t, protocol, id.Protocol)
		assert.Equal(t, idptest.Subject, id.Subject)

		next, err := flow.(authentication.RefreshFlow).Refresh(t.Context(), stored(t, id))
		require.NoError(t, err)
		assert.Equal(t, id.Key(), next.Key())
		user, err := flow.(authentication.TokenFlow).GetUserInfoByAccessToken(t.Context(), next.Token.AccessToken)
		require.NoError(t, err)
		assert.Equal(t, idptest.Subject, user.Subject)

		_, err = flow.CompleteLogin(t.Context(), nil, r)
		assert.Equal(t, "refused", kind(err))
		other := stored(t, login)
		other.Protocol = "cas"
		_, err = flow.CompleteLogin(t.Context(), other, r)
		assert.Equal(t, "refused", kind(err))
		_, err = flow.CompleteLogin(t.Context(), login, r)
		require.ErrorIs(t, err, oauth.InvalidGrant)
		assert.Equal(t, "denied", kind(err))

		idp.Break(oidctest.WrongIssParameter)
		login, err = flow.BeginLogin(t.Context(), opts)
		require.NoError(t, err)
		r, err = idp.Login(t.Context(), login.URL, idptest.Username)
		require.NoError(t, err)
		_, err = flow.CompleteLogin(t.Context(), login, r)
		require.ErrorIs(t, err, oauth.CheckIssuer)
	}
}

// The logout of a standard server is that of OpenID Connect; OAuth has none.
func TestFromLogout(t *testing.T) {
	t.Parallel()
	_, flow := standard(t, "oidc")
	link, err := flow.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{RedirectURI: localBack, State: "s", LogoutHint: "alice"})
	require.NoError(t, err)
	_, query, _ := cut(link)
	assert.Equal(t, url.Values{
		"client_id": {authtest.AppID}, "post_logout_redirect_uri": {localBack}, "state": {"s"}, "logout_hint": {"alice"},
	}, query)
	_, flow = standard(t, "oauth")
	_, err = flow.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{})
	require.ErrorIs(t, err, errors.ErrUnsupported)
}

func cut(link string) (string, url.Values, error) {
	u, err := url.Parse(link)
	if err != nil {
		return "", nil, err
	}
	return u.Path, u.Query(), nil
}

// Without an issuer the token endpoint identifies the server.
func TestFromOAuthWithoutIssuer(t *testing.T) {
	t.Parallel()
	w := newWire(t, (&capture{}).reply)
	c, err := oauth.NewClient(oauth.Config{
		ClientID: "c", ClientSecret: "s", RedirectURI: localBack, HTTPClient: w.client(),
		Endpoints: oauth.Endpoints{Authorization: "https://as.example/auth", Token: "https://as.example/token", UserInfo: "https://as.example/me"},
	})
	require.NoError(t, err)
	flow := authentication.FromOAuth(c)
	login, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	id, err := flow.CompleteLogin(t.Context(), login, callback(t, url.Values{"code": {"C"}, "state": {login.Key}}))
	require.NoError(t, err)
	assert.Equal(t, "https://as.example/token 60097f4d5bc08f75da104d18", id.Key())
}
