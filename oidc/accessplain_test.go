package oidc_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// scp is an access token as Okta and Entra issue them.
func scp(value any) change {
	return func(tr *trial) {
		delete(tr.header, "typ")
		tr.claims = map[string]any{
			"iss": issuer, "aud": "api://default", "sub": "user-1", "cid": "client-1", "scp": value,
			"iat": now().Unix(), "exp": now().Add(5 * time.Minute).Unix(), "jti": "j1",
		}
	}
}

var api = oidc.AccessTokenExpect{Audience: "api://default", AllowPlainJWT: true}

func TestCaseOidcAccessTokenScp(t *testing.T) {
	t.Parallel()
	for _, value := range []any{[]string{"openid", "email"}, "openid email", []string{"email"}} {
		tr := newAccess()
		scp(value)(tr)
		got, err := tr.verifyAccess(t, api)
		require.NoError(t, err)
		assert.True(t, got.HasScope("email"))
		assert.False(t, got.HasScope("mail"))
		assert.Equal(t, "client-1", got.ClientID)
	}
	refusesAccess(t, oidc.CheckScope, api, scp([]string{"openid", "email"}), eachOf("scp",
		nil, "", " ", []string{}, []string{""}, 7, true, map[string]any{"openid": true}, []any{"openid", 7}, []string{"openid email"}, []string{"a\tb"}))
	refusesAccess(t, oidc.CheckType, oidc.AccessTokenExpect{Audience: "api://default"}, func(tr *trial) { tr.claims["aud"] = "api://default" },
		map[string]change{"without AllowPlainJWT": scp("openid")})
	refusesAccess(t, oidc.CheckScope, api, func(tr *trial) { scp("email ")(tr); ending("scp", pair)(tr) }, halves("scp"))
	// scope is the standard name, so it wins.
	tr := newAccess()
	scp("openid")(tr)
	tr.claims["scope"] = "orders:read"
	got, err := tr.verifyAccess(t, api)
	require.NoError(t, err)
	assert.Equal(t, "orders:read", got.Scope)
	for _, name := range []string{"cid", "appid", "client_id"} {
		tr := newAccess()
		scp("openid")(tr)
		delete(tr.claims, "cid")
		tr.claims[name] = "client-2"
		got, err := tr.verifyAccess(t, api)
		require.NoError(t, err)
		assert.Equal(t, "client-2", got.ClientID, name)
	}
	tr = newAccess()
	scp("openid")(tr)
	delete(tr.claims, "sub")
	delete(tr.claims, "jti")
	got, err = tr.verifyAccess(t, api)
	require.NoError(t, err, "RFC 9068 alone demands sub and jti")
	assert.Empty(t, got.Subject)
	// When scp is not read as scope, it may be anything.
	tr = newAccess()
	tr.claims["scp"] = 7
	_, err = tr.verifyAccess(t, strict)
	require.NoError(t, err)
}

// Keycloak writes at+jwt when asked to, and the client in azp alone.
func TestX1AccessTokenWithoutClientID(t *testing.T) {
	t.Parallel()
	keycloak := func(tr *trial) { delete(tr.claims, "client_id"); tr.claims["azp"] = clientID }
	refusesAccess(t, oidc.CheckClientID, strict, nil, map[string]change{"without AllowPlainJWT": keycloak})
	loose := oidc.AccessTokenExpect{Audience: resource, AllowPlainJWT: true}
	refusesAccess(t, oidc.CheckScope, loose, keycloak, eachOf("scope", nil, ""))
	refusesAccess(t, oidc.CheckType, loose, keycloak, map[string]change{
		"nonce": set("nonce", "n"), "at_hash": set("at_hash", "h"), "c_hash": set("c_hash", "h"), "events": set("events", map[string]any{}),
	})
	refusesAccess(t, oidc.CheckSubject, loose, keycloak, eachOf("sub", nil, ""))
	refusesAccess(t, oidc.CheckTokenID, loose, keycloak, eachOf("jti", nil, ""))
	refusesAccess(t, oidc.CheckClientID, loose, keycloak, eachOf("client_id", 7))
	// at+jwt with all required claims is not an ID token, whatever other claims it has.
	for _, e := range []oidc.AccessTokenExpect{strict, loose} {
		tr := newAccess()
		tr.claims["nonce"], tr.claims["at_hash"] = "n", "h"
		_, err := tr.verifyAccess(t, e)
		require.NoError(t, err)
	}
	// The claims that the standard requires are enough, with AllowPlainJWT too. scope is not one of them.
	tr := newAccess()
	delete(tr.claims, "scope")
	_, err := tr.verifyAccess(t, loose)
	require.NoError(t, err)
}

func TestX1AllowNoScope(t *testing.T) {
	t.Parallel()
	e := oidc.AccessTokenExpect{Audience: "api://default", AllowPlainJWT: true, AllowNoScope: true, ClientIDs: []string{"client-0", "client-1"}}
	machine := func(tr *trial) { scp(nil)(tr); delete(tr.claims, "scp") }
	refusesAccess(t, oidc.CheckScope, api, scp("a"), map[string]change{"not allowed": machine})
	for _, name := range []string{"cid", "appid", "azp", "client_id"} {
		named := func(tr *trial) { machine(tr); delete(tr.claims, "cid"); tr.claims[name] = "client-1" }
		refusesAccess(t, oidc.CheckClientID, e, named, eachOf(name, nil, "client-2", "api://default"))
		malformed := oidc.CheckClientID
		if name == "azp" {
			malformed = oidc.CheckAuthorized
		}
		refusesAccess(t, malformed, e, named, eachOf(name, "", 7, []string{"client-1"}))
		refusesAccess(t, oidc.CheckClientID, e, named, map[string]change{
			"its client is in aud, as in an ID token": set("aud", []string{"api://default", "client-1"}),
		})
		refusesAccess(t, oidc.CheckType, e, named, map[string]change{
			"nonce": set("nonce", "n"), "at_hash": set("at_hash", "h"), "c_hash": set("c_hash", "h"), "events": set("events", map[string]any{}),
		})
	}
	refusesAccess(t, oidc.CheckClientID, e, machine, map[string]change{"another client beside it": set("azp", "client-2")})
	// The ID token of a client whose id is the audience.
	refusesAccess(t, oidc.CheckClientID, e, machine, map[string]change{
		"of the audience itself": func(tr *trial) { delete(tr.claims, "cid") },
		"that names it":          func(tr *trial) { delete(tr.claims, "cid"); tr.claims["azp"] = "api://default" },
	})
	// With a scope the client may be in aud, as at Authing.
	refusesAccess(t, oidc.CheckClientID, e, func(tr *trial) {
		machine(tr)
		tr.claims["aud"], tr.claims["scope"] = []string{"api://default", "client-1"}, "a"
	}, eachOf("scope", nil, ""))

	client := newProvider(t).client(newAccess().config)
	for want, wrong := range map[string]oidc.AccessTokenExpect{
		"oidc: AccessTokenExpect.AllowNoScope is for plain tokens, and AllowPlainJWT is not set":                                                                     {AllowNoScope: true, ClientIDs: []string{"c"}},
		"oidc: AccessTokenExpect.AllowNoScope needs ClientIDs: nothing else distinguishes an access token from an ID token":                                          {AllowPlainJWT: true, AllowNoScope: true},
		"oidc: AccessTokenExpect.ClientIDs must not have the Audience or one of OtherAudiences when AllowNoScope is set: ID tokens of that client would be accepted": {AllowPlainJWT: true, AllowNoScope: true, ClientIDs: []string{"c", clientID}},
		"oidc: AccessTokenExpect.ClientIDs has an empty entry":                                                                                                       {ClientIDs: []string{"c", ""}},
	} {
		_, err := client.VerifyAccessToken(t.Context(), "", wrong)
		require.EqualError(t, err, want)
	}
}

func TestX2ClientOfAnAccessToken(t *testing.T) {
	t.Parallel()
	e := oidc.AccessTokenExpect{Audience: resource, ClientIDs: []string{"client-0", clientID}}
	refusesAccess(t, oidc.CheckClientID, e, nil, eachOf("client_id", "another", strings.ToUpper(clientID), nil))
	refusesAccess(t, oidc.CheckClientID, e, set("azp", clientID), eachOf("azp", "another"))
	// The typ distinguishes such a token from an ID token, so the client may be in aud, with and without a scope.
	refusesAccess(t, oidc.CheckClientID, e, func(tr *trial) {
		delete(tr.claims, "scope")
		tr.claims["aud"] = []string{resource, clientID}
	}, eachOf("client_id", "another"))
	refusesAccess(t, oidc.CheckClientID, oidc.AccessTokenExpect{AllowPlainJWT: true, ClientIDs: []string{clientID}},
		func(tr *trial) { plain(tr); tr.claims["azp"] = clientID }, eachOf("azp", nil, "another"))
}

func TestOpaqueAccessTokenPointsToIntrospection(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"SlAV32hkKG", "ya29.a0AfH6SM", "a.b.c", "2YotnFZFEjr1zCsicMWpAA==", "one.two.three.four"} {
		tr := newAccess()
		tr.rework = func(string) string { return raw }
		_, err := tr.verifyAccess(t, strict)
		require.ErrorIs(t, err, oidc.CheckFormat)
		require.ErrorContains(t, err, "the access token is not a JWT: use IntrospectToken")
		assert.NotContains(t, err.Error(), raw)
	}
	for raw, want := range map[string]string{
		"": "the access token is empty", "Bearer a.b.c": "without the word Bearer", "a.b.c\n": "without a line end", " a.b.c": "has white space",
	} {
		tr := newAccess()
		tr.rework = func(string) string { return raw }
		_, err := tr.verifyAccess(t, strict)
		require.ErrorIs(t, err, oidc.CheckFormat)
		require.ErrorContains(t, err, want)
	}
	refusesAccess(t, oidc.CheckSignature, strict, nil, map[string]change{"a JWT": reworked(flipLast)})
	tr := newAccess()
	tr.payload = "[]"
	_, err := tr.verifyAccess(t, strict)
	require.EqualError(t, err, "oidc: refused the token (format): the claims are not a JSON object")
}
