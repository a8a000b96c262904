package oidc_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// sorts are the kinds of token that one server signs with one key, each with all claims that the others need too.
var sorts = map[string]struct {
	typs  []string
	marks map[string]any
}{
	"ID token":     {nil, map[string]any{"nonce": sentNonce}},
	"access token": {[]string{"at+jwt"}, map[string]any{"scope": "openid", "client_id": clientID}},
	"logout token": {[]string{"logout+jwt"}, map[string]any{
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}, "sid": "s-1",
	}},
	"security event": {[]string{"secevent+jwt"}, map[string]any{
		"events": map[string]any{"https://schemas.openid.net/secevent/caep/event-type/session-revoked": map[string]any{"reason": "x"}},
	}},
	"introspection":  {[]string{"token-introspection+jwt"}, map[string]any{"token_introspection": map[string]any{"active": true, "scope": "openid"}}},
	"request object": {[]string{"oauth-authz-req+jwt"}, map[string]any{"response_type": "code", "redirect_uri": redirectURI}},
}

// of makes the trial's token one of a kind, with a typ.
func of(kind, typ string) change {
	return func(tr *trial) {
		tr.claims = map[string]any{
			"iss": issuer, "sub": "248289761001", "aud": clientID, "jti": "j-1", "iat": now().Unix(), "exp": now().Add(time.Hour).Unix(),
		}
		for name, value := range sorts[kind].marks {
			tr.claims[name] = value
		}
		if tr.header["typ"] = typ; typ == "" {
			delete(tr.header, "typ")
		}
	}
}

// replied gets the trial's token as the id_token of a refresh.
func replied(t *testing.T, tr *trial) (*oidc.Result, error) {
	t.Helper()
	p := newProvider(t)
	p.serve("/token", map[string]any{"access_token": accessToken, "token_type": "Bearer", "id_token": tr.token(t)})
	return p.client(tr.config).Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT1"})
}

// verifiers are all verifiers of this package, with the loosest options that do not name the kind.
var verifiers = map[string]struct {
	kind   string
	verify func(*testing.T, *trial) error
}{
	"VerifyIDToken": {"ID token", func(t *testing.T, tr *trial) error {
		tr.expect = oidc.Expect{AllowAnyNonce: true}
		_, err := tr.verify(t)
		return err
	}},
	"Refresh": {"ID token", func(t *testing.T, tr *trial) error {
		_, err := replied(t, tr)
		return err
	}},
	"VerifyAccessToken": {"access token", func(t *testing.T, tr *trial) error {
		_, err := tr.verifyAccess(t, oidc.AccessTokenExpect{})
		return err
	}},
	"VerifyAccessToken, plain": {"access token", func(t *testing.T, tr *trial) error {
		_, err := tr.verifyAccess(t, lax)
		return err
	}},
}

// Every kind is given to every verifier, with its own typ, with JWT and without typ: only its own verifier accepts
// it.
func TestKindsOfTokenAreToldApart(t *testing.T) {
	t.Parallel()
	for verifier, v := range verifiers {
		for kind, s := range sorts {
			for _, typ := range append([]string{"", "JWT", "application/JWT"}, s.typs...) {
				t.Run(verifier+"/"+kind+"/"+typ, func(t *testing.T) {
					t.Parallel()
					tr := newTrial()
					of(kind, typ)(tr)
					err := v.verify(t, tr)
					own := typ == "" || typ == "JWT" || typ == "application/JWT"
					switch {
					case verifier == "Refresh" && kind == "access token" && own:
						require.NoError(t, err, "I33: in a token reply the kind is known")
					case verifier == "VerifyAccessToken" && own:
						require.ErrorIs(t, err, oidc.CheckType, "X1")
					case v.kind == kind:
						require.NoError(t, err)
					case kind == "access token" && own:
						require.ErrorIs(t, err, oidc.CheckScope, "I33")
					default:
						require.ErrorIs(t, err, oidc.CheckType)
					}
				})
			}
		}
	}
}

// One mark is enough, with any typ and any other claims.
func TestI33MarksOfOtherKinds(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{"events", "token_introspection", "response_type"} {
		spoil := map[string]change{}
		for _, v := range []any{map[string]any{}, map[string]any{"a": 1}, "text", []string{}, false, 0} {
			spoil[mustJSON(v)] = set(mark, v)
		}
		refuses(t, oidc.CheckType, nil, spoil)
		refuses(t, oidc.CheckType, func(tr *trial) { tr.claims["at_hash"], tr.claims["x"+mark] = sha256Half(accessToken), map[string]any{} }, spoil)
		refusesAccess(t, oidc.CheckType, strict, nil, spoil)
		refusesAccess(t, oidc.CheckType, lax, plain, spoil)
		tr := newTrial()
		tr.payload = mustJSON(tr.claims)[:len(mustJSON(tr.claims))-1] + `,"` + mark + `":null}`
		_, err := tr.verify(t)
		require.NoError(t, err, "null is absent")
	}
}

// Casdoor's ID tokens have a scope, and after a refresh no nonce.
func TestI33IDTokenOfATokenReply(t *testing.T) {
	t.Parallel()
	scoped := func(tr *trial) { tr.claims["scope"], tr.claims["client_id"] = "openid profile", clientID }
	tr := newTrial()
	scoped(tr)
	result, err := tr.login(t)
	require.NoError(t, err)
	assert.Equal(t, "248289761001", result.IDToken.Subject)

	tr = newTrial() // in a login that sends no nonce
	scoped(tr)
	delete(tr.claims, "nonce")
	tr.config.AllowNoNonce = true
	result, err = tr.login(t)
	require.NoError(t, err)
	assert.Equal(t, "248289761001", result.IDToken.Subject)

	tr = newTrial()
	scoped(tr)
	delete(tr.claims, "nonce")
	result, err = replied(t, tr)
	require.NoError(t, err)
	assert.Equal(t, "248289761001", result.IDToken.Subject)
	tr.expect = oidc.Expect{AllowAnyNonce: true}
	_, err = tr.verify(t)
	require.ErrorIs(t, err, oidc.CheckScope, "elsewhere it could be an access token")

	for _, mark := range []string{"events", "token_introspection", "response_type"} {
		tr = newTrial()
		tr.claims[mark] = map[string]any{}
		_, err = tr.login(t)
		require.ErrorIs(t, err, oidc.CheckType, mark)
		delete(tr.claims, "nonce")
		_, err = replied(t, tr)
		require.ErrorIs(t, err, oidc.CheckType, mark)
	}
}

// L8: a logout token of Dex has typ JWT and no nonce, like an ID token of a login without nonce.
func TestL8LogoutTokenAsIDToken(t *testing.T) {
	t.Parallel()
	none := func(tr *trial) {
		tr.expect = oidc.Expect{}
		delete(tr.claims, "nonce")
		tr.claims["sid"], tr.claims["jti"] = "s-1", "j-1"
	}
	refuses(t, oidc.CheckType, none, map[string]change{
		"typ JWT":        func(tr *trial) { of("logout token", "JWT")(tr) },
		"typ none":       func(tr *trial) { of("logout token", "")(tr) },
		"typ logout+jwt": func(tr *trial) { of("logout token", "logout+jwt")(tr) },
	})
}

func TestX3IDTokenWithScopeAsAccessToken(t *testing.T) {
	t.Parallel()
	// Casdoor: an ID token with a scope and no nonce looks like an access token; only its client distinguishes it.
	casdoor := func(tr *trial) {
		tr.header["typ"] = "JWT"
		tr.claims = map[string]any{
			"iss": issuer, "sub": "248289761001", "aud": clientID, "azp": clientID, "scope": "openid", "jti": "j-1",
			"iat": now().Unix(), "exp": now().Add(time.Hour).Unix(), "tokenType": "id-token",
		}
	}
	tr := newAccess()
	casdoor(tr)
	_, err := tr.verifyAccess(t, oidc.AccessTokenExpect{})
	require.ErrorIs(t, err, oidc.CheckType, "without AllowPlainJWT it is refused")
	_, err = tr.verifyAccess(t, lax)
	require.NoError(t, err, "the documented risk of AllowPlainJWT")
	_, err = tr.verifyAccess(t, oidc.AccessTokenExpect{Audience: resource, AllowPlainJWT: true})
	require.ErrorIs(t, err, oidc.CheckAudience, "an audience that is no client keeps it out")
	refusesAccess(t, oidc.CheckType, lax, casdoor, map[string]change{"with the nonce of its login": set("nonce", sentNonce)})
}
