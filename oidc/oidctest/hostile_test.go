package oidctest_test

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// idToken logs in and returns the claims, unverified, of the ID token beside its tokens.
func (j *journey) idToken() (map[string]any, map[string]any) {
	j.t.Helper()
	callback := j.login("/auth", "response_type", "code id_token token", "max_age", "600")
	reply := map[string]any{}
	for name := range callback {
		reply[name] = callback.Get(name)
	}
	return unverified(j.t, callback.Get("id_token")), reply
}

func TestHostileIDTokens(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &oidctest.Server{Realm: &idptest.Realm{Now: clock.now}})
	now := float64(clock.now().Unix())
	// Each fact is false of a good token and true of the broken one.
	tests := map[idptest.Fault]func(claims, reply map[string]any) bool{
		oidctest.ExpiredIDToken: func(c, _ map[string]any) bool { return c["exp"].(float64) < now },
		oidctest.FutureIDToken:  func(c, _ map[string]any) bool { return c["iat"].(float64) > now },
		oidctest.WrongAudience:  func(c, _ map[string]any) bool { return c["aud"] != oidctest.ClientID },
		oidctest.SecondAudience: func(c, _ map[string]any) bool {
			return reflect.DeepEqual(c["aud"], []any{oidctest.ClientID, "another-application"})
		},
		oidctest.ListAudience:         func(c, _ map[string]any) bool { return reflect.DeepEqual(c["aud"], []any{oidctest.ClientID}) },
		oidctest.WrongIssuer:          func(c, _ map[string]any) bool { return c["iss"] != j.url },
		oidctest.WrongAuthorizedParty: func(c, _ map[string]any) bool { return c["azp"] != nil },
		oidctest.WrongNonce:           func(c, _ map[string]any) bool { return c["nonce"] != nil && c["nonce"] != "nonce-1" },
		oidctest.MissingNonce:         func(c, _ map[string]any) bool { return c["nonce"] == nil },
		oidctest.MissingSubject:       func(c, _ map[string]any) bool { return c["sub"] == nil },
		oidctest.MissingIssuedAt:      func(c, _ map[string]any) bool { return c["iat"] == nil },
		oidctest.MissingIssuer:        func(c, _ map[string]any) bool { return c["iss"] == nil },
		oidctest.EndlessIDToken:       func(c, _ map[string]any) bool { return c["exp"] == nil },
		oidctest.MissingAudience:      func(c, _ map[string]any) bool { return c["aud"] == nil },
		oidctest.MissingKeyID: func(_, r map[string]any) bool {
			_, named := headerOf(t, text(r, "id_token"))["kid"]
			return !named
		},
		oidctest.WrongAtHash: func(c, r map[string]any) bool {
			return c["at_hash"] != nil && c["at_hash"] != leftHalf("RS256", text(r, "access_token"))
		},
		oidctest.WrongCHash: func(c, r map[string]any) bool {
			return c["c_hash"] != nil && c["c_hash"] != leftHalf("RS256", text(r, "code"))
		},
		oidctest.OldAuthTime: func(c, _ map[string]any) bool { return c["auth_time"].(float64) < now-600 },
		oidctest.AlgNone:     func(_, r map[string]any) bool { return strings.HasSuffix(text(r, "id_token"), ".") },
		oidctest.BadSignature: func(_, r map[string]any) bool {
			_, err := j.verify(text(r, "id_token"), "RS256")
			return err != nil && !strings.HasSuffix(text(r, "id_token"), ".")
		},
	}
	for fault, wrong := range tests {
		assert.False(t, wrong(j.idToken()), "the twin of %s", fault)
		j.idp.Break(fault)
		assert.True(t, wrong(j.idToken()), "%s", fault)
		j.idp.Break()
	}
}

func TestHostileKeys(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"HS256", "RS256", "ES256"} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			j := start(t, &oidctest.Server{IDTokenSigningAlg: alg})
			good := text(j.tokens(), "id_token")
			_, err := j.verify(good, alg)
			require.NoError(t, err)
			j.idp.Break(oidctest.SwappedKey)
			swapped := text(j.tokens(), "id_token")
			assert.Equal(t, headerOf(t, good), headerOf(t, swapped), "the kid does not tell")
			_, err = j.verify(swapped, alg)
			assert.Error(t, err)
			j.idp.Break(oidctest.StaleJWKS)
			assert.Empty(t, j.keys().Keys)
			j.idp.Break()
			_, err = j.verify(good, alg)
			assert.NoError(t, err)
		})
	}
}

// Keys that a client ignores, and keys without names.
func TestHostileJWKS(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	keys := func(faults ...idptest.Fault) (types, names []any) {
		j.idp.Break(faults...)
		_, reply := j.get("/.well-known/jwks.json", nil)
		for _, key := range reply["keys"].([]any) {
			types, names = append(types, key.(map[string]any)["kty"]), append(names, key.(map[string]any)["kid"])
		}
		return types, names
	}
	types, names := keys()
	assert.Equal(t, []any{"RSA"}, types)
	assert.NotEqual(t, []any{nil}, names)
	types, _ = keys(oidctest.StrangeKeys)
	assert.Equal(t, []any{"AKP", "made-up", "RSA", "RSA"}, types)
	_, names = keys(oidctest.NamelessKeys)
	assert.Equal(t, []any{nil}, names)
}

func TestOtherSubject(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	subject := func() any { return unverified(t, text(j.tokens(), "id_token"))["sub"] }
	assert.Equal(t, idptest.Subject, subject())
	j.idp.Break(oidctest.OtherSubject)
	assert.Equal(t, "another-person", subject())
	front, _ := j.idToken()
	assert.Equal(t, idptest.Subject, front["sub"])
}

func TestHostileAccessTokens(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	claims := func(faults ...idptest.Fault) map[string]any {
		j.idp.Break(faults...)
		return unverified(t, text(j.tokens(), "access_token"))
	}
	now := float64(time.Now().Unix())
	assert.Greater(t, claims()["exp"], now)
	assert.Less(t, claims(oidctest.ExpiredAccessToken)["exp"], now)
	assert.Equal(t, oidctest.ClientID, claims()["aud"])
	assert.NotEqual(t, oidctest.ClientID, claims(oidctest.WrongAudience)["aud"])
	assert.Equal(t, []any{oidctest.ClientID}, claims(oidctest.ListAudience)["aud"])
	assert.Equal(t, j.url, claims()["iss"])
	assert.NotEqual(t, j.url, claims(oidctest.WrongIssuer)["iss"])
}

func TestHostileCallback(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{SendIssuer: true})
	tests := map[idptest.Fault]func(url.Values) bool{
		idptest.WrongState:         func(v url.Values) bool { return len(v["state"]) == 1 && v.Get("state") != "state-1" },
		idptest.NoState:            func(v url.Values) bool { return !v.Has("state") },
		idptest.RepeatedParameter:  func(v url.Values) bool { return len(v["code"]) == 2 && len(v["state"]) == 2 },
		oidctest.WrongIssParameter: func(v url.Values) bool { return v.Has("iss") && v.Get("iss") != j.url },
	}
	for fault, wrong := range tests {
		for _, mode := range []string{"query", "fragment", "form_post"} {
			assert.False(t, wrong(j.login("/auth", "response_mode", mode)), "the twin of %s", fault)
			j.idp.Break(fault)
			assert.True(t, wrong(j.login("/auth", "response_mode", mode)), "%s by %s", fault, mode)
			j.idp.Break()
		}
	}
}

func TestHostileReplies(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	header := http.Header{"Authorization": {"Bearer " + text(j.tokens(), "access_token")}}
	tests := map[idptest.Fault]func() bool{
		oidctest.WrongSubject: func() bool {
			_, me := j.get("/me", header)
			return me["sub"] != idptest.Subject
		},
		oidctest.WrongDiscoveryIssuer: func() bool {
			_, document := j.get("/.well-known/openid-configuration", nil)
			return document["issuer"] != j.url
		},
		oidctest.MissingExpiresIn: func() bool { return j.tokens()["expires_in"] == nil },
		oidctest.OtherCaseTokenType: func() bool {
			kind := text(j.tokens(), "token_type")
			return kind != "Bearer" && strings.EqualFold(kind, "Bearer")
		},
		oidctest.MissingAccessToken: func() bool {
			reply := j.tokens()
			return reply["access_token"] == nil && reply["id_token"] != nil
		},
	}
	for fault, wrong := range tests {
		assert.False(t, wrong(), "the twin of %s", fault)
		j.idp.Break(fault)
		assert.True(t, wrong(), "%s", fault)
		j.idp.Break()
	}
}

func TestUnknownFault(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for fault, known := range map[idptest.Fault]bool{
		oidctest.WrongNonce: true, "Typo": false, idptest.HTML.At("/x"): true, oidctest.WrongNonce.At("/x"): false,
	} {
		j.idp.Break(fault)
		response, body := j.visit(j.url + "/.well-known/openid-configuration")
		if known {
			assert.Equal(t, http.StatusOK, response.StatusCode)
			continue
		}
		assert.Equal(t, http.StatusInternalServerError, response.StatusCode)
		assert.Contains(t, body, "unknown fault "+string(fault))
	}
}
