package web_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// ordersKey is made once for the run.
var ordersKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

const ordersAPI = "https://orders.example"

// issuedTo is the access token and the ID token of a login at server.
func issuedTo(t *testing.T, server *oidctest.Server, scope string) *oidc.Result {
	t.Helper()
	client, err := oidc.NewClient(oidc.Config{
		Issuer: server.Realm.BaseURL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, RedirectURI: appOrigin + "/cb",
		HTTPClient: &http.Client{Transport: direct{server}},
	})
	require.NoError(t, err)
	login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: scope, Prompt: "consent"})
	require.NoError(t, err)
	callback, err := server.Login(t.Context(), login.URL, "")
	require.NoError(t, err)
	result, err := client.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	return result
}

func ordersServer() *oidctest.Server {
	return &oidctest.Server{
		Realm: &idptest.Realm{BaseURL: "https://id.example"}, RedirectURIs: []string{appOrigin + "/cb"}, AccessTokenAudience: ordersAPI, SigningKey: ordersKey(),
	}
}

// resourceServer knows the issuer and its own name, nothing else.
func resourceServer(t *testing.T, server *oidctest.Server) *api {
	t.Helper()
	client, err := oidc.NewClient(oidc.Config{Issuer: server.Realm.BaseURL, HTTPClient: &http.Client{Transport: direct{server}}})
	require.NoError(t, err)
	return newAPI(web.TokenGuard{Verifier: web.JWT(client, oidc.AccessTokenExpect{Audience: ordersAPI}), Scopes: []string{"email"}, Now: server.Realm.Time})
}

// A whole server: discovery, keys, tokens of a login, and what a client could send in their place.
func TestX3TokensOfALogin(t *testing.T) {
	t.Parallel()
	server := ordersServer()
	tokens := issuedTo(t, server, "openid email offline_access")
	a := resourceServer(t, server)
	a.admitted(t, a.ask("Bearer "+tokens.Token.AccessToken))
	assert.Equal(t, idptest.Subject, a.caller.Subject)
	assert.Equal(t, oidctest.ClientID, a.caller.ClientID)
	assert.False(t, a.caller.AuthTime.IsZero())
	for name, raw := range map[string]string{"ID token": tokens.Token.IDToken, "refresh token": tokens.Token.RefreshToken} {
		require.NotEmpty(t, raw)
		w := a.ask("Bearer " + raw)
		assert.Equal(t, 401, w.Code, name)
		require.ErrorIs(t, a.err, authentication.ErrRefused)
		assert.NotContains(t, a.err.Error(), raw)
	}
	a.refused(t, a.ask("Bearer "+issuedTo(t, server, "openid").Token.AccessToken), 403,
		`Bearer error="insufficient_scope", error_description="The access token does not have the required scope.", scope="email"`, "insufficient_scope", oauth.InsufficientScope)
	for fault, check := range map[idptest.Fault]oidc.TokenCheck{
		oidctest.ExpiredAccessToken: oidc.CheckExpired, oidctest.WrongAudience: oidc.CheckAudience, oidctest.WrongIssuer: oidc.CheckIssuer,
		oidctest.AlgNone: oidc.CheckAlgorithm, oidctest.BadSignature: oidc.CheckSignature, oidctest.SwappedKey: oidc.CheckSignature,
	} {
		server.Break(fault)
		raw := machineToken(t, server)
		server.Break()
		a.refused(t, a.ask("Bearer "+raw), 401, invalidToken+`, scope="email"`, "invalid_token", check, fault)
	}
	a.admitted(t, a.ask("Bearer "+machineToken(t, server)))
}

// machineToken is a token of the application itself.
func machineToken(t *testing.T, server *oidctest.Server) string {
	t.Helper()
	client, err := oauth.NewClient(oauth.Config{
		ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Endpoints: oauth.Endpoints{Token: server.Realm.BaseURL + "/token"},
		HTTPClient: &http.Client{Transport: direct{server}},
	})
	require.NoError(t, err)
	token, err := client.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{Scope: "email"})
	require.NoError(t, err)
	return token.AccessToken
}

// 503 while the metadata or the keys cannot be had, and the same token afterwards.
func TestKeysThatCannotBeHad(t *testing.T) {
	t.Parallel()
	const metadata, keys = "/.well-known/openid-configuration", "/.well-known/jwks.json"
	for fault, want := range map[idptest.Fault]string{
		idptest.Unavailable.At(metadata): "7", idptest.ServerError.At(metadata): "10", idptest.HTML.At(metadata): "10",
		idptest.Unavailable.At(keys): "7", idptest.ServerError.At(keys): "10", idptest.HTML.At(keys): "10", idptest.BrokenJSON.At(keys): "10",
	} {
		synctest.Test(t, func(t *testing.T) { // the pauses between tries pass at once
			server := ordersServer()
			a, raw := resourceServer(t, server), machineToken(t, server)
			server.Break(fault)
			w := a.ask("Bearer " + raw)
			a.refused(t, w, 503, "", "no_answer", a.err, "%s: %v", fault, a.err)
			require.NotErrorIs(t, a.err, authentication.ErrRefused)
			assert.Equal(t, want, w.Header().Get("Retry-After"), fault)
			assert.NotContains(t, a.err.Error(), raw)
			time.Sleep(time.Minute)
			server.Break()
			a.admitted(t, a.ask("Bearer "+raw), "the same token afterwards: %s", fault)
		})
	}
	server := ordersServer()
	a, raw := resourceServer(t, server), machineToken(t, server)
	server.Break(oidctest.WrongDiscoveryIssuer)
	a.refused(t, a.ask("Bearer "+raw), 500, "", "misconfigured", oauth.DiscoveryIssuer)
	a = resourceServer(t, server)
	server.Break()
	a.admitted(t, a.ask("Bearer "+raw))
}

// The introspection of a whole server; its tokens name their client, and no audience.
func TestN6IntrospectionAtAServer(t *testing.T) {
	t.Parallel()
	for name, algorithm := range map[string]string{"JSON": "", "signed": "RS256"} {
		server := ordersServer()
		tokens := issuedTo(t, server, "openid email")
		client, err := oidc.NewClient(oidc.Config{
			Issuer: server.Realm.BaseURL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, IntrospectionSigningAlg: algorithm,
			HTTPClient: &http.Client{Transport: direct{server}},
		})
		require.NoError(t, err)
		ours := newAPI(web.TokenGuard{Verifier: web.Introspection(client, web.IntrospectionExpect{ClientIDs: []string{oidctest.ClientID}, RequireUser: true})})
		other := newAPI(web.TokenGuard{Verifier: web.Introspection(client, web.IntrospectionExpect{ClientIDs: []string{"another"}})})
		ours.admitted(t, ours.ask("Bearer "+tokens.Token.AccessToken), name)
		assert.Equal(t, idptest.Subject, ours.caller.Subject)
		other.refused(t, other.ask("Bearer "+tokens.Token.AccessToken), 401, invalidToken, "invalid_token", authentication.ErrRefused, name)
		ours.refused(t, ours.ask("Bearer "+tokens.Token.IDToken), 401, invalidToken, "invalid_token", authentication.ErrRefused, name)
		ours.refused(t, ours.ask("Bearer "+machineToken(t, server)), 401, invalidToken, "invalid_token", authentication.ErrRefused, name)

		server.Break(idptest.Unavailable.At("/token/introspection"))
		w := ours.ask("Bearer " + tokens.Token.AccessToken)
		ours.refused(t, w, 503, "", "no_answer", ours.err, name)
		assert.Equal(t, "7", w.Header().Get("Retry-After"))

		server.Break()
		require.NoError(t, client.RevokeToken(t.Context(), tokens.Token.AccessToken))
		ours.refused(t, ours.ask("Bearer "+tokens.Token.AccessToken), 401, invalidToken, "invalid_token", authentication.ErrRefused, name)
	}
}

// A reply that is not signed as agreed says nothing about the caller's token.
func TestIntrospectionThatIsNotTrusted(t *testing.T) {
	t.Parallel()
	server := ordersServer()
	raw := machineToken(t, server)
	client, err := oidc.NewClient(oidc.Config{
		Issuer: server.Realm.BaseURL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, IntrospectionSigningAlg: "RS256",
		HTTPClient: &http.Client{Transport: direct{server}},
	})
	require.NoError(t, err)
	a := newAPI(web.TokenGuard{Verifier: web.Introspection(client, web.IntrospectionExpect{ClientIDs: []string{oidctest.ClientID}})})
	for _, fault := range []idptest.Fault{oidctest.BadSignature, oidctest.PlainIntrospection, oidctest.WrongAudience} {
		server.Break(fault)
		a.refused(t, a.ask("Bearer "+raw), 503, "", "no_answer", a.err, fault)
		assert.NotErrorIs(t, a.err, authentication.ErrRefused, fault)
	}
	server.Break()
	a.admitted(t, a.ask("Bearer "+raw))
}

// Authing's tokens are plain JWTs for the application itself, and those of OAuth are opaque.
func TestAuthingTokens(t *testing.T) {
	t.Parallel()
	idp := &authtest.Server{SigningKey: ordersKey()}
	newClient := func(p authentication.Protocol) *authentication.Client {
		client, err := authentication.NewClient(authentication.Options{
			AppID: authtest.AppID, Secret: authtest.Secret, AppHost: "http://localhost:8000", RedirectURI: "http://localhost:3000/cb",
			HTTPClient: &http.Client{Transport: direct{idp}}, Protocol: p,
		})
		require.NoError(t, err)
		return client
	}
	client := newClient(authentication.OIDC{})
	login := func(c *authentication.Client) *oauth.Token {
		begun, err := c.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		callback, err := idp.Login(t.Context(), begun.URL, "")
		require.NoError(t, err)
		id, err := c.CompleteLogin(t.Context(), begun, callback)
		require.NoError(t, err)
		return id.Token
	}
	machine, err := client.GetAccessTokenByClientCredentials(t.Context(), authentication.ClientCredentialsOptions{
		Scope: "email", AccessKey: authtest.AccessKey, SecretKey: authtest.SecretKey,
	})
	require.NoError(t, err)
	user := login(client)

	users := newAPI(web.TokenGuard{Verifier: web.Authing(client, authentication.AccessTokenExpect{})})
	machines := newAPI(web.TokenGuard{Verifier: web.Authing(client, authentication.AccessTokenExpect{AccessKeys: []string{authtest.AccessKey}})})
	users.admitted(t, users.ask("Bearer "+user.AccessToken))
	assert.NotEmpty(t, users.caller.Subject)
	machines.admitted(t, machines.ask("Bearer "+machine.AccessToken))
	assert.Equal(t, authtest.AppID, machines.caller.ClientID)
	assert.Equal(t, []string{authtest.AccessKey}, machines.caller.Audience)
	users.refused(t, users.ask("Bearer "+machine.AccessToken), 401, invalidToken, "invalid_token", authentication.ErrRefused)
	machines.refused(t, machines.ask("Bearer "+user.AccessToken), 401, invalidToken, "invalid_token", authentication.ErrRefused)
	users.refused(t, users.ask("Bearer "+user.IDToken), 401, invalidToken, "invalid_token", authentication.ErrRefused)

	ofOAuth := newClient(authentication.OAuth{})
	opaque := newAPI(web.TokenGuard{Verifier: web.Introspection(ofOAuth, web.IntrospectionExpect{ClientIDs: []string{authtest.AppID}})})
	raw := login(ofOAuth).AccessToken
	require.NotContains(t, raw, ".")
	opaque.admitted(t, opaque.ask("Bearer "+raw))
	opaque.refused(t, opaque.ask("Bearer "+strings.Repeat("0", 40)), 401, invalidToken, "invalid_token", authentication.ErrRefused)
	for _, v := range []web.Verifier{
		web.Authing(ofOAuth, authentication.AccessTokenExpect{}), web.Authing(nil, authentication.AccessTokenExpect{}),
		web.Authing(client, authentication.AccessTokenExpect{Scopes: []string{"email"}}),
	} {
		a := newAPI(web.TokenGuard{Verifier: v})
		a.refused(t, a.ask("Bearer "+user.AccessToken), 500, "", "misconfigured", authentication.ErrMisconfigured)
	}
}
