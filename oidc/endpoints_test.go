package oidc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestEndpointsOverTheServersOwn(t *testing.T) {
	t.Parallel()
	own := oidc.Endpoints{
		Authorization: issuer + "/own/authorize", Token: issuer + "/own/token", UserInfo: issuer + "/own/me", JWKS: issuer + "/own/jwks",
		EndSession: issuer + "/own/logout", Introspection: issuer + "/own/introspect", Revocation: issuer + "/own/revoke",
	}
	for name, use := range map[string]func(*oidc.Config){
		"discovered": func(*oidc.Config) {},
		"given":      func(c *oidc.Config) { c.Metadata = given() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr, p := newTrial(), newProvider(t)
			tr.config.Endpoints = own
			use(&tr.config)
			client := p.client(tr.config)
			m, err := client.Metadata(t.Context())
			require.NoError(t, err)
			assert.Equal(t, own, oidc.Endpoints{
				Authorization: m.AuthorizationEndpoint, Token: m.TokenEndpoint, UserInfo: m.UserInfoEndpoint, JWKS: m.JWKSURI,
				EndSession: m.EndSessionEndpoint, Introspection: m.IntrospectionEndpoint, Revocation: m.RevocationEndpoint,
			})
			p.serve("/own/jwks", map[string]any{"keys": tr.jwks})
			p.on("/own/token", func(r *http.Request) (*http.Response, error) { return p.replyOf("/token")(r) })
			_, err = p.login(client, tr, "")
			require.NoError(t, err)
			assert.Equal(t, [3]int{0, 1, 1}, [3]int{p.count("/jwks"), p.count("/own/jwks"), p.count("/own/token")})
		})
	}
	t.Run("one", func(t *testing.T) {
		t.Parallel()
		m, err := discovers(t, func(d map[string]any, c *oidc.Config) {
			d["token_endpoint"] = "http://op.example/token" // which alone would be refused
			c.Endpoints.Token = issuer + "/own/token"
		})
		require.NoError(t, err)
		assert.Equal(t, []string{issuer + "/own/token", issuer + "/me"}, []string{m.TokenEndpoint, m.UserInfoEndpoint})
	})
}

// A callback without iss is refused when the configuration requires it, as in package oauth.
func TestA7RequireIssuer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		require, promised bool
		more              string
		refused           bool
	}{
		{false, false, "", false}, {true, false, "", true}, {false, true, "", true}, {true, true, "", true},
		{true, false, "&iss=https%3A%2F%2Fop.example", false}, {true, false, "&iss=https%3A%2F%2Fother.example", true},
	} {
		tr, p := newTrial(), newProvider(t)
		tr.config.RequireIssuer = c.require
		document := metadata()
		document["authorization_response_iss_parameter_supported"] = c.promised
		p.discover(document)
		_, err := p.login(p.client(tr.config), tr, c.more)
		if !c.refused {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, oauth.CheckIssuer)
		assert.Zero(t, p.count("/token"))
	}
}

// oidc-provider announces iss, and leaves it out of a callback with an ID token: the token's own iss counts.
func TestA7IssuerInTheIDToken(t *testing.T) {
	t.Parallel()
	announce := func(p *provider) {
		document := metadata()
		document["authorization_response_iss_parameter_supported"] = true
		p.discover(document)
	}
	for _, responseType := range responseTypes() {
		p, tr := newProvider(t), frontTrial(responseType)
		announce(p)
		_, err := p.login(p.client(tr.config), tr, "")
		if !strings.Contains(string(responseType), "id_token") {
			require.ErrorIs(t, err, oauth.CheckIssuer, responseType)
			continue
		}
		require.NoError(t, err, responseType)

		p, tr = newProvider(t), frontTrial(responseType, front(set("iss", "https://other.example")))
		announce(p)
		_, err = p.login(p.client(tr.config), tr, "")
		require.ErrorIs(t, err, oidc.CheckIssuer, responseType)
		assert.Zero(t, p.count("/token"))
	}
}
