package oidc_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// Logins at a server that demands pushed requests, with each client authentication, with and without a request object and
// a DPoP key, for which the server wants a nonce (RFC 9126 §2, RFC 9449 §10.1).
func TestPushedJourney(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{ID: "auth", Alg: "PS256", Signer: keys()["rsa"]}
	text, err := json.Marshal(oauth.JWKSet{public(t, key)})
	require.NoError(t, err)
	for method, auth := range map[string]oauth.ClientAuth{
		"client_secret_basic": oauth.ClientSecretBasic, "client_secret_post": oauth.ClientSecretPost, "none": oauth.None,
		"client_secret_jwt": oauth.ClientSecretJWT{}, "private_key_jwt": oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}},
	} {
		app := oidctest.App{ClientID: "app", ClientSecret: clientSecret, TokenAuth: method, JWKS: text, TokenAuthAlg: map[bool]string{true: "PS256"}[method == "private_key_jwt"]}
		if method == "none" || method == "private_key_jwt" {
			app.ClientSecret = ""
		}
		for _, signed := range []bool{false, true} {
			s := newApplication(t, nil, func(s *oidctest.Server) {
				s.Apps, s.RequirePushedAuthorizationRequests, s.DPoPNonce = []oidctest.App{app}, true, time.Hour
			})
			r := &oauth.Registration{ClientID: "app", ClientSecret: app.ClientSecret}
			change := func(c *oidc.Config) {
				c.TokenAuth, c.IntrospectionAuth, c.RevocationAuth = auth, auth, auth
				if signed {
					c.RequestObject = &oauth.RequestObject{Keys: []oauth.SigningKey{key}}
				}
			}
			require.NoError(t, s.login(t, r, change), "%s %t", method, signed)
			require.NoError(t, s.login(t, r, func(c *oidc.Config) { change(c); c.DPoP = newDPoP(t) }), "%s %t with DPoP", method, signed)
			assert.Equal(t, 3, s.server.Requests("/par"), "%s: the nonce is asked for once", method)
		}
	}
}

// P1: what the server does wrong begins no login.
func TestP1FaultsOfPushedReplies(t *testing.T) {
	t.Parallel()
	s := newApplication(t, nil, func(s *oidctest.Server) {
		s.RequirePushedAuthorizationRequests, s.RedirectURIs = true, []string{redirectURI}
	})
	c := s.client(t, func(c *oidc.Config) {
		c.ClientID, c.ClientSecret, c.MaxPushedLifetime = oidctest.ClientID, oidctest.ClientSecret, 599*time.Second
	})
	begin := func() error {
		_, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		return err
	}
	require.NoError(t, begin())
	for fault, want := range map[idptest.Fault]string{
		oidctest.MissingRequestURI: "request_uri is missing or empty", oidctest.MissingPushedExpiry: "expires_in is missing",
		oidctest.LongPushedExpiry: "expires_in is 600 seconds, and MaxPushedLifetime is 9m59s", oidctest.PushedStatusOK: "the status is 200, want 201",
		idptest.BrokenJSON.At("/par"): "pushed authorization reply", idptest.HTML.At("/par"): "html", idptest.Redirect.At("/par"): "redirect",
	} {
		s.server.Break(fault)
		require.ErrorContains(t, begin(), want, fault)
	}
	s.server.Break()
	require.NoError(t, begin())
}

// P2: a server that requires what it does not have. No browser is sent there.
func TestP2RequiredWithoutAnEndpoint(t *testing.T) {
	t.Parallel()
	for _, broken := range []bool{false, true} {
		s := newApplication(t, nil, func(s *oidctest.Server) {
			s.RequirePushedAuthorizationRequests, s.RedirectURIs = true, []string{redirectURI}
		})
		if broken {
			s.server.Break(oidctest.MissingPushedEndpoint)
		}
		c := s.client(t, func(c *oidc.Config) { c.ClientID, c.ClientSecret = oidctest.ClientID, oidctest.ClientSecret })
		_, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if !broken {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, oauth.DiscoveryMissing)
		require.ErrorContains(t, err, "pushed_authorization_request_endpoint")
	}
}

// P3: the address is for one browser and one use, and says nothing.
func TestP3PushedAddressIsUsedOnce(t *testing.T) {
	t.Parallel()
	s := newApplication(t, nil, func(s *oidctest.Server) {
		s.RequirePushedAuthorizationRequests, s.RedirectURIs = true, []string{redirectURI}
	})
	c := s.client(t, func(c *oidc.Config) { c.ClientID, c.ClientSecret = oidctest.ClientID, oidctest.ClientSecret })
	login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	back, err := s.server.Login(t.Context(), login.URL, idptest.Username)
	require.NoError(t, err)
	_, err = c.CompleteLogin(t.Context(), login, back)
	require.NoError(t, err)
	_, err = s.server.Login(t.Context(), login.URL, idptest.Username)
	require.Error(t, err)
}

// A client that registered itself for pushed requests pushes, though the metadata of the server does not say it (RFC 9126
// §6).
func TestRegisteredForPushedRequests(t *testing.T) {
	t.Parallel()
	s := newApplication(t, nil, func(s *oidctest.Server) { s.Registration = &oidctest.Registration{} })
	r := s.register(t, oauth.ClientMetadata{RedirectURIs: []string{redirectURI}, RequirePushedAuthorizationRequests: true})
	var registered struct {
		Required bool `json:"require_pushed_authorization_requests"`
	}
	require.NoError(t, r.Claims(&registered))
	assert.True(t, registered.Required)
	require.NoError(t, s.login(t, r, nil))
	assert.Equal(t, 1, s.server.Requests("/par"))
	require.Error(t, s.login(t, r, func(c *oidc.Config) { c.PushedAuthorization = oauth.PushNever }))
	_, err := oidc.Config{PushedAuthorization: oauth.PushNever}.Registered(r)
	require.EqualError(t, err, "oauth: the registered client has require_pushed_authorization_requests, and PushedAuthorization is PushNever")

	twin := s.register(t, oauth.ClientMetadata{RedirectURIs: []string{redirectURI}})
	require.NoError(t, s.login(t, twin, nil))
	assert.Equal(t, 1, s.server.Requests("/par"))
	kept, err := oidc.Config{PushedAuthorization: oauth.PushNever}.Registered(twin)
	require.NoError(t, err)
	assert.Equal(t, oauth.PushNever, kept.PushedAuthorization)
}
