package oidc_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// logoutEvent is the member of events in a logout token (OpenID Connect Back-Channel Logout §2.4).
const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

const orderAPI = "https://orderAPI.example"

// sort is a kind of token: a realistic token of it, signed by the server's key, with the iss and aud of its kind.
type sort struct {
	typ    string // its own; empty when it has none
	claims map[string]any
	// mixed are the verifiers that accept it without its typ, because nothing distinguishes it: see type kind.
	mixed []string
}

// sorts are all kinds of token that a server, a client or a wallet signs.
func sorts() map[string]sort {
	iat, exp := now().Unix(), now().Add(time.Hour).Unix()
	event := func(name string) map[string]any { return map[string]any{name: map[string]any{}} }
	with := func(claims map[string]any, more ...any) map[string]any {
		all := map[string]any{}
		for name, value := range claims {
			all[name] = value
		}
		for i := 0; i < len(more); i += 2 {
			all[more[i].(string)] = more[i+1]
		}
		return all
	}
	user := map[string]any{"iss": issuer, "sub": "248289761001", "aud": clientID, "iat": iat, "exp": exp}
	token := with(user, "jti", "j-1", "client_id", clientID)
	client := map[string]any{"iss": clientID, "sub": clientID, "aud": issuer, "iat": iat, "exp": exp, "jti": "j-1"}
	key := jwk("p256")
	return map[string]sort{
		"ID token":                    {"", with(user, "nonce", sentNonce), nil},
		"ID token with at_hash":       {"", with(user, "at_hash", sha256Half(accessToken)), nil},
		"ID token without nonce":      {"", with(user, "auth_time", iat), []string{"GetUserInfoByAccessToken"}},
		"ID token with scope":         {"", with(user, "nonce", sentNonce, "scope", "openid"), nil},
		"access token":                {"at+jwt", with(token, "scope", "openid"), []string{"VerifyAccessToken, plain", "Refresh"}},
		"access token for the API":    {"at+jwt", with(token, "aud", orderAPI, "scope", "order:read"), []string{"VerifyAccessToken, API"}},
		"logout token":                {"logout+jwt", with(user, "jti", "j-1", "sid", "s-1", "events", event(logoutEvent)), nil},
		"logout token without sub":    {"logout+jwt", with(user, "sub", nil, "jti", "j-1", "sid", "s-1", "events", event(logoutEvent)), nil},
		"security event":              {"secevent+jwt", with(user, "jti", "j-1", "txn", "8675309", "events", event("https://schemas.openid.net/secevent/caep/event-type/session-revoked")), nil},
		"introspection":               {"token-introspection+jwt", map[string]any{"iss": issuer, "aud": clientID, "iat": iat, "token_introspection": map[string]any{"active": true, "iss": issuer, "scope": "openid"}}, nil},
		"introspection with more":     {"token-introspection+jwt", with(user, "jti", "j-1", "token_introspection", map[string]any{"active": true}), nil},
		"user info":                   {"", map[string]any{"iss": issuer, "aud": clientID, "sub": "248289761001", "name": "Ada"}, nil},
		"user info with iat, exp":     {"", with(user, "name", "Ada"), []string{"VerifyIDToken", "Refresh"}},
		"user info with code, state":  {"", with(user, "code", "C1", "state", "S1"), []string{"VerifyIDToken", "Refresh"}},
		"authorization response":      {"", map[string]any{"iss": issuer, "aud": clientID, "exp": exp, "code": "C1", "state": "S1"}, nil},
		"authorization response, iat": {"", map[string]any{"iss": issuer, "aud": clientID, "iat": iat, "exp": exp, "access_token": accessToken, "token_type": "Bearer", "scope": "openid", "state": "S1"}, nil},
		"authorization error":         {"", map[string]any{"iss": issuer, "aud": clientID, "iat": iat, "exp": exp, "error": "access_denied", "state": "S1"}, nil},
		"request object":              {"oauth-authz-req+jwt", with(client, "client_id", clientID, "response_type", "code", "redirect_uri", redirectURI, "scope", "openid", "nonce", sentNonce), nil},
		"request object to itself":    {"oauth-authz-req+jwt", with(token, "response_type", "code", "redirect_uri", redirectURI, "scope", "openid"), nil},
		"client assertion":            {"client-authentication+jwt", client, nil},
		"authorization grant":         {"authorization-grant+jwt", with(user, "aud", "https://as.example", "jti", "j-1"), nil},
		"ID-JAG":                      {"oauth-id-jag+jwt", with(token, "aud", "https://as.example", "scope", "order:read", "resource", orderAPI), nil},
		"transaction token":           {"txntoken+jwt", with(token, "aud", "trust.example", "scope", "order:read", "txn", "t-1", "tctx", map[string]any{}, "rctx", map[string]any{}, "req_wl", "w"), nil},
		"transaction token, our aud":  {"txntoken+jwt", with(token, "scope", "order:read", "txn", "t-1", "tctx", map[string]any{}), nil},
		"DPoP proof":                  {"dpop+jwt", map[string]any{"jti": "j-1", "htm": "GET", "htu": orderAPI, "iat": iat, "ath": sha256Half(accessToken)}, nil},
		"DBSC proof":                  {"dbsc+jwt", map[string]any{"jti": "challenge", "aud": issuer, "iat": iat}, nil},
		"wallet proof":                {"openid4vci-proof+jwt", map[string]any{"iss": clientID, "aud": issuer, "iat": iat, "nonce": sentNonce}, nil},
		"client attestation":          {"oauth-client-attestation+jwt", map[string]any{"iss": issuer, "sub": clientID, "iat": iat, "exp": exp, "cnf": map[string]any{"jwk": key}}, nil},
		"proof of an attestation":     {"oauth-client-attestation-pop+jwt", map[string]any{"iss": clientID, "aud": issuer, "jti": "j-1", "iat": iat, "challenge": "c"}, nil},
		"key attestation":             {"key-attestation+jwt", map[string]any{"iss": issuer, "iat": iat, "exp": exp, "attested_keys": []any{key}}, nil},
		"entity statement":            {"entity-statement+jwt", with(user, "sub", clientID, "jwks", map[string]any{"keys": []any{key}}, "metadata", map[string]any{}, "authority_hints", []string{issuer}), nil},
		"registration response":       {"explicit-registration-response+jwt", with(user, "sub", clientID, "trust_anchor", issuer, "authority_hints", []string{issuer}, "metadata", map[string]any{}), nil},
		"trust mark":                  {"trust-mark+jwt", map[string]any{"iss": issuer, "sub": clientID, "iat": iat, "exp": exp, "trust_mark_type": "https://t.example"}, nil},
		"trust mark delegation":       {"trust-mark-delegation+jwt", map[string]any{"iss": issuer, "sub": clientID, "iat": iat, "trust_mark_type": "https://t.example"}, nil},
		"trust mark status":           {"trust-mark-status-response+jwt", map[string]any{"iss": issuer, "iat": iat, "trust_mark": "x", "status": "active"}, nil},
		"resolve response":            {"resolve-response+jwt", with(user, "sub", clientID, "trust_chain", []string{"x"}, "metadata", map[string]any{}), nil},
		"signed key set":              {"jwk-set+jwt", map[string]any{"iss": issuer, "sub": issuer, "iat": iat, "keys": []any{key}}, nil},
		"status list":                 {"statuslist+jwt", map[string]any{"iss": issuer, "sub": orderAPI + "/statuslists/1", "iat": iat, "exp": exp, "ttl": 43200, "status_list": map[string]any{"bits": 1, "lst": "eNrbuRgAAhcBXQ"}}, nil},
		"credential":                  {"dc+sd-jwt", with(user, "vct", "https://c.example/id", "_sd_alg", "sha-256", "_sd", []string{"x"}, "cnf", map[string]any{"jwk": key}), nil},
		"credential of a draft":       {"vc+sd-jwt", with(user, "vct", "https://c.example/id"), nil},
		"W3C credential":              {"vc+jwt", with(user, "vc", map[string]any{"type": []string{"VerifiableCredential"}}), nil},
		"key binding":                 {"kb+jwt", with(user, "nonce", sentNonce, "sd_hash", "x"), nil},
	}
}

// of makes the trial's token one of a kind, with a typ.
func of(kind, typ string) change {
	return func(tr *trial) {
		tr.claims = sorts()[kind].claims
		for name, value := range tr.claims {
			if value == nil {
				delete(tr.claims, name)
			}
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

func verifyAccessAs(e oidc.AccessTokenExpect) func(*testing.T, *trial) error {
	return func(t *testing.T, tr *trial) error {
		_, err := tr.verifyAccess(t, e)
		return err
	}
}

// verifiers are all verifiers of this package, with the loosest options that do not name the kind, and the words that
// the names of their own kinds begin with.
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
	"VerifyLogoutToken": {"logout token", func(t *testing.T, tr *trial) error {
		_, err := tr.verifyLogout(t)
		return err
	}},
	"GetUserInfoByAccessToken": {"user info", func(t *testing.T, tr *trial) error {
		tr.config.UserInfoSigningAlg = "RS256"
		p := newProvider(t)
		p.text("/me", http.StatusOK, "application/jwt", tr.token(t))
		_, err := p.client(tr.config).GetUserInfoByAccessToken(t.Context(), accessToken)
		return err
	}},
	"IntrospectToken": {"introspection", func(t *testing.T, tr *trial) error {
		tr.config.IntrospectionSigningAlg = "RS256"
		_, err := tr.introspect(t)
		return err
	}},
	"CompleteLogin": {"authorization", func(t *testing.T, tr *trial) error { // a response or an error
		tr.config.AuthorizationSigningAlg, tr.config.AuthorizationMaxLifetime = "RS256", 2*time.Hour
		p := newProvider(t)
		c := p.client(tr.config)
		login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		p.answerCode(newTrial(), login)
		login.State = "S1"
		_, err = c.CompleteLogin(t.Context(), login, callback(login, "response="+tr.token(t)))
		if errors.Is(err, oauth.AccessDenied) {
			return nil
		}
		return err
	}},
	"VerifyAccessToken":        {"access token", verifyAccessAs(oidc.AccessTokenExpect{})},
	"VerifyAccessToken, plain": {"access token", verifyAccessAs(oidc.AccessTokenExpect{AllowPlainJWT: true})},
	"VerifyAccessToken, API": {"access token", verifyAccessAs(oidc.AccessTokenExpect{
		Audience: orderAPI, ClientIDs: []string{clientID}, AllowPlainJWT: true, AllowNoScope: true,
	})},
}

// Every kind is given to every verifier, with its own typ, with JWT and without typ: only its own verifier accepts
// it.
func TestKindsOfTokenAreToldApart(t *testing.T) {
	t.Parallel()
	accepted := map[string]int{}
	for verifier, v := range verifiers {
		for kind, s := range sorts() {
			for _, typ := range []string{s.typ, "", "JWT", "application/JWT", "jwt", "application/" + s.typ} {
				if typ == "application/" {
					continue
				}
				plain := typ == "" || strings.EqualFold(strings.TrimPrefix(typ, "application/"), "jwt")
				tr := newTrial()
				tr.config.AccessTokenSigningAlg = "RS256"
				of(kind, typ)(tr)
				err := v.verify(t, tr)
				at := fmt.Sprintf("%s, typ %q, by %s", kind, typ, verifier)
				if plain && slices.Contains(s.mixed, verifier) {
					require.NoError(t, err, at)
					continue
				}
				if err == nil {
					assert.True(t, strings.HasPrefix(kind, v.kind), "%s: accepted", at)
					accepted[verifier]++
					continue
				}
				var refused *oidc.TokenError
				var response *oauth.CallbackError
				if plain && errors.As(err, &response) {
					continue // no token of another kind has the login's state and a code
				}
				require.ErrorAs(t, err, &refused, at)
				if !plain && !strings.HasPrefix(kind, v.kind) {
					assert.Equal(t, oidc.CheckType, refused.Check, at)
				}
			}
		}
	}
	for verifier := range verifiers {
		assert.Positive(t, accepted[verifier], "%s accepts its own kind", verifier)
	}
}

// One mark is enough, with any typ and any other claims.
func TestI33MarksOfOtherKinds(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{
		"events", "token_introspection", "response_type", "tctx", "rctx", "req_wl", "htm", "htu", "attested_keys", "jwks", "authority_hints",
		"trust_mark_type", "trust_mark_id", "trust_chain", "status_list", "vct", "vc", "vp", "_sd", "_sd_alg", "sd_hash",
	} {
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
