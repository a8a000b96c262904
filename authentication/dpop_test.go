package authentication_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// P5: a stored identity of a public client is refreshed with its own key alone; with another, nothing is sent.
func TestP5StoredIdentityOfAnotherKey(t *testing.T) {
	t.Parallel()
	idp := &oidctest.Server{AllowPublic: true}
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	newDPoP := func() *oauth.DPoP {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		require.NoError(t, err)
		d, err := oauth.NewDPoP(oauth.DPoPOptions{Signer: key})
		require.NoError(t, err)
		return d
	}
	const callback = "http://127.0.0.1:7190/callback"
	flows := map[string]func(d *oauth.DPoP) authentication.LoginFlow{
		"OIDC": func(d *oauth.DPoP) authentication.LoginFlow {
			c, err := oidc.NewClient(oidc.Config{Issuer: server.URL, ClientID: oidctest.ClientID, TokenAuth: oauth.None, RedirectURI: callback, HTTPClient: server.Client(), DPoP: d})
			require.NoError(t, err)
			return authentication.FromOIDC(c)
		},
		"OAuth": func(d *oauth.DPoP) authentication.LoginFlow {
			c, err := oauth.NewClient(oauth.Config{Issuer: server.URL, ClientID: oidctest.ClientID, TokenAuth: oauth.None, RedirectURI: callback, HTTPClient: server.Client(), DPoP: d})
			require.NoError(t, err)
			return authentication.FromOAuth(c)
		},
	}
	for name, flow := range flows {
		d := newDPoP()
		options := authentication.AuthorizeOptions{Scope: "openid profile offline_access", Extra: map[string][]string{"prompt": {"consent"}}}
		if name == "OIDC" {
			options = authentication.AuthorizeOptions{Scope: "openid profile offline_access", Prompt: "consent"}
		}
		login, err := flow(d).BeginLogin(t.Context(), options)
		require.NoError(t, err, name)
		back, err := idp.Login(t.Context(), login.URL, "alice")
		require.NoError(t, err)
		id, err := flow(d).CompleteLogin(t.Context(), login, back)
		require.NoError(t, err, name)
		text, err := json.Marshal(id)
		require.NoError(t, err)
		var stored authentication.Identity
		require.NoError(t, json.Unmarshal(text, &stored))
		require.Equal(t, oauth.Binding{JKT: d.JKT()}, stored.Token.Binding, name)

		before := idp.Requests("/token")
		for _, other := range []*oauth.DPoP{newDPoP(), nil} {
			_, err = flow(other).(authentication.RefreshFlow).Refresh(t.Context(), &stored)
			require.ErrorIs(t, err, oauth.ErrBinding, name)
			require.ErrorIs(t, err, oauth.ErrLoginAgain, name)
		}
		require.Equal(t, before, idp.Requests("/token"), name)
		next, err := flow(d).(authentication.RefreshFlow).Refresh(t.Context(), &stored)
		require.NoError(t, err, name)
		assert.Equal(t, stored.Token.Binding, next.Token.Binding, name)
	}
}
