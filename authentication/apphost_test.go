package authentication_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// An AppHost with a path of Authing's is refused; a path of the deployment is kept.
func TestAppHostEndsInAPathOfAuthing(t *testing.T) {
	t.Parallel()
	for appHost, path := range map[string]string{
		testHost + "/oidc": "/oidc", testHost + "/oidc/": "/oidc", testHost + "/base/oidc": "/oidc", testHost + "/oidc/auth": "/oidc/auth",
		testHost + "/oidc/.well-known/openid-configuration": "/oidc/.well-known/openid-configuration", testHost + "/oidc/.well-known": "/oidc/.well-known",
		testHost + "/oidc/token": "/oidc/token", testHost + "/oauth": "/oauth", testHost + "/oauth/me": "/oauth/me", testHost + "/cas-idp": "/cas-idp",
		testHost + "/cas-idp/" + testApp: "/cas-idp/" + testApp, testHost + "/api/v2/saml-idp/" + testApp: "/api/v2/saml-idp/" + testApp,
		testHost + "/api/v2/saml-idp": "/api/v2/saml-idp", testHost + "/api/v2/oidc": "/oidc", testHost + "/login/profile/logout": "/login/profile/logout",
		testHost: "", testHost + "/": "", testHost + "/base": "", testHost + "/oidc/base": "", testHost + "/xoidc": "", testHost + "/oidcx": "", testHost + "/oauth2": "",
		testHost + "/api": "", testHost + "/api/v2": "", testHost + "/login": "", testHost + "/login/profile": "", "https://oidc": "", "https://oauth/": "",
	} {
		o := testOptions()
		o.AppHost = appHost
		_, err := authentication.NewClient(o)
		if path == "" {
			assert.NoError(t, err, appHost)
			continue
		}
		require.ErrorContains(t, err, "authentication: AppHost must not end in ", appHost)
		require.ErrorIs(t, err, authentication.ErrMisconfigured)
		if appHost != testHost+"/api/v2/oidc" {
			assert.ErrorContains(t, err, "must not end in "+path+":", appHost)
		}
	}
}

// Without a secret a login that needs a code exchange does not begin. An id_token login, and an application with
// oauth.None, need no secret.
func TestMissingSecretBeforeThePassword(t *testing.T) {
	t.Parallel()
	const want = "authentication: Secret is not set, and the code cannot be exchanged without it; " +
		"set TokenEndPointAuthMethod to oauth.None for an application without one"
	idToken := authentication.AuthorizeOptions{ResponseType: "id_token", ResponseMode: "form_post"}
	hybrid := authentication.AuthorizeOptions{ResponseType: "id_token code", ResponseMode: "form_post"}
	own := oauth.ClientAuth(headerAuth{})
	for _, c := range []struct {
		protocol authentication.Protocol
		auth     oauth.ClientAuth
		secret   string
		o        authentication.AuthorizeOptions
		refused  bool
	}{
		{authentication.OIDC{}, nil, "", authentication.AuthorizeOptions{}, true},
		{authentication.OIDC{}, nil, testSecret, authentication.AuthorizeOptions{}, false},
		{authentication.OIDC{}, oauth.ClientSecretBasic, "", authentication.AuthorizeOptions{}, true},
		{authentication.OIDC{}, oauth.None, "", authentication.AuthorizeOptions{}, false},
		{authentication.OIDC{}, own, "", authentication.AuthorizeOptions{}, false},
		{authentication.OIDC{}, nil, "", hybrid, true},
		{authentication.OIDC{}, oauth.None, "", hybrid, false},
		{authentication.OIDC{}, nil, "", idToken, false},
		{authentication.OAuth{}, nil, "", authentication.AuthorizeOptions{}, true},
		{authentication.OAuth{}, nil, "s", authentication.AuthorizeOptions{}, false},
		{authentication.OAuth{}, oauth.None, "", authentication.AuthorizeOptions{}, false},
		{authentication.CAS{}, nil, "", authentication.AuthorizeOptions{}, false},
	} {
		client := newTestClient(t, nil, func(o *authentication.Options) {
			o.Protocol, o.TokenEndPointAuthMethod, o.Secret = c.protocol, c.auth, c.secret
		})
		login, err := client.BeginLogin(t.Context(), c.o)
		if c.refused {
			require.EqualError(t, err, want, c.protocol.Name())
			assert.Equal(t, "misconfigured", kind(err))
			assert.Nil(t, login)
		} else {
			require.NoError(t, err, "%s %v", c.protocol.Name(), c.auth)
		}
		_, err = client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{})
		assert.NoError(t, err, "a link needs no secret")
	}
}
