package oidctest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// response logs in and returns the JWT of the response, and the callback.
func (j *journey) response(pairs ...string) (string, *http.Request) {
	j.t.Helper()
	callback, err := j.idp.Login(j.t.Context(), j.authURL("/auth", pairs...), idptest.Username)
	require.NoError(j.t, err)
	values := parameters(j.t, callback)
	require.Equal(j.t, []string{"response"}, namesOf(values), "%v", values)
	require.Len(j.t, values["response"], 1)
	return values.Get("response"), callback
}

func TestResponseJWTs(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{SendIssuer: true})
	_, document := j.get(openIDDocument, nil)
	for _, mode := range []string{"jwt", "query.jwt", "fragment.jwt", "form_post.jwt"} {
		assert.Contains(t, document["response_modes_supported"], mode)
	}
	assert.Contains(t, document["authorization_signing_alg_values_supported"], "RS256")
	assert.NotContains(t, document["authorization_signing_alg_values_supported"], "none")
	for _, c := range []struct {
		mode, responseType, by string
	}{
		{"jwt", "code", "query"}, {"jwt", "code id_token", "fragment"}, {"query.jwt", "code", "query"}, {"fragment.jwt", "code", "fragment"},
		{"form_post.jwt", "code id_token token", "POST"},
	} {
		raw, callback := j.response("response_mode", c.mode, "response_type", c.responseType)
		by := "query"
		if callback.URL.Fragment != "" {
			by = "fragment"
		} else if callback.Method == http.MethodPost {
			by = "POST"
		}
		assert.Equal(t, c.by, by, c.mode)
		_, err := j.verify(raw, "RS256")
		require.NoError(t, err)
		claims := unverified(t, raw)
		assert.Equal(t, []any{j.url, oidctest.ClientID, "state-1"}, []any{claims["iss"], claims["aud"], claims["state"]})
		assert.InDelta(t, time.Now().Add(5*time.Minute).Unix(), claims["exp"], 60)
		for _, name := range strings.Fields(strings.NewReplacer("id_token token", "id_token access_token expires_in").Replace(c.responseType)) {
			assert.IsType(t, "", claims[name], name)
		}
		status, reply := j.redeem("/token", text(claims, "code"))
		granted(t, status, reply)
	}
	// An error is in the JWT, too.
	raw, _ := j.response("response_mode", "jwt", "prompt", "none")
	claims := unverified(t, raw)
	assert.Equal(t, []any{"login_required", "state-1", j.url}, []any{claims["error"], claims["state"], claims["iss"]})
	// Tokens are not for a query that everyone can read.
	raw, _ = j.response("response_mode", "query.jwt", "response_type", "id_token")
	assert.Equal(t, "invalid_request", unverified(t, raw)["error"])
	assert.Equal(t, "invalid_request", j.login("/oauth/auth", "response_mode", "jwt").Get("error"), "OAuth has no keys")
	assert.NotEmpty(t, j.login("/auth", "response_mode", "query").Get("code"))
}

// An application with an algorithm gets JWTs of it, and nothing else.
func TestResponseAlgorithms(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"HS256", "RS256", "PS256", "ES256", "EdDSA"} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			j := start(t, &oidctest.Server{AuthorizationSigningAlg: alg, Apps: []oidctest.App{{ClientID: "second", ClientSecret: "s"}}})
			_, document := j.get(openIDDocument, nil)
			assert.Contains(t, document["authorization_signing_alg_values_supported"], alg)
			raw, _ := j.response("response_mode", "jwt")
			_, err := j.verify(raw, alg)
			require.NoError(t, err)
			for _, mode := range []string{"", "query", "fragment", "form_post"} {
				raw, _ := j.response("response_mode", mode)
				assert.Equal(t, "invalid_request", unverified(t, raw)["error"], mode)
			}
			assert.NotEmpty(t, j.login("/auth", "client_id", "second").Get("code"), "another application")
		})
	}
}

func TestEncryptedResponses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ alg, enc, signing string }{{"RSA-OAEP", "A256GCM", ""}, {"ECDH-ES", "", "ES256"}, {"dir", "", "PS256"}} {
		t.Run(c.alg, func(t *testing.T) {
			t.Parallel()
			r := startEncrypted(t, c.alg, c.enc, &oidctest.Server{AuthorizationSigningAlg: c.signing, AuthorizationEncryptionAlg: c.alg, AuthorizationEncryptionEnc: c.enc})
			for responseType, mode := range map[string]string{"code": "jwt", "code id_token": "query.jwt"} {
				raw, callback := r.response("response_mode", mode, "response_type", responseType)
				assert.True(t, callback.URL.Query().Has("response"))
				signed, header, err := r.open(raw)
				require.NoError(t, err)
				assert.Equal(t, []any{c.alg, r.enc, "JWT"}, []any{header.Algorithm, header.ExtraHeaders["enc"], header.ExtraHeaders["cty"]})
				claims := r.claims(signed, map[bool]string{true: "RS256", false: c.signing}[c.signing == ""])
				assert.NotEmpty(t, claims["code"])
			}
			raw, _ := r.response("response_mode", "query")
			signed, _, err := r.open(raw)
			require.NoError(t, err)
			assert.Equal(t, "invalid_request", unverified(t, signed)["error"], "a plain mode")
			r.idp.Break(oidctest.PlainToken)
			raw, _ = r.response("response_mode", "jwt")
			assert.NotEmpty(t, unverified(t, raw)["code"])
		})
	}
}

func TestHostileResponses(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{AuthorizationSigningAlg: "ES256", SendIssuer: true})
	now := float64(time.Now().Unix())
	// Each fact is false of a good response and true of the broken one.
	for fault, wrong := range map[idptest.Fault]func(raw string, claims map[string]any) bool{
		oidctest.ExpiredResponse:         func(_ string, c map[string]any) bool { return c["exp"].(float64) < now },
		oidctest.LongResponse:            func(_ string, c map[string]any) bool { return c["exp"].(float64) > now+600 },
		oidctest.MissingResponseExpiry:   func(_ string, c map[string]any) bool { return c["exp"] == nil },
		oidctest.MissingResponseAudience: func(_ string, c map[string]any) bool { return c["aud"] == nil },
		oidctest.WrongMemberType: func(_ string, c map[string]any) bool {
			_, list := c["code"].([]any)
			return list
		},
		oidctest.MissingIssParameter: func(_ string, c map[string]any) bool { return c["iss"] == nil },
		oidctest.WrongIssParameter:   func(_ string, c map[string]any) bool { return c["iss"] != nil && c["iss"] != j.url },
		oidctest.WrongIssuer:         func(_ string, c map[string]any) bool { return c["iss"] != nil && c["iss"] != j.url },
		oidctest.WrongAudience:       func(_ string, c map[string]any) bool { return c["aud"] == "another-application" },
		oidctest.SecondAudience: func(_ string, c map[string]any) bool {
			list, _ := c["aud"].([]any)
			return len(list) == 2 && list[0] == oidctest.ClientID
		},
		oidctest.ListAudience: func(_ string, c map[string]any) bool {
			list, _ := c["aud"].([]any)
			return len(list) == 1 && list[0] == oidctest.ClientID
		},
		oidctest.AlgNone:        func(raw string, _ map[string]any) bool { return strings.HasSuffix(raw, ".") },
		oidctest.WrongAlgorithm: func(raw string, _ map[string]any) bool { return headerOf(t, raw)["alg"] == "RS256" },
		oidctest.BadSignature: func(raw string, _ map[string]any) bool {
			_, err := j.verify(raw, "ES256")
			return err != nil
		},
		idptest.WrongState: func(_ string, c map[string]any) bool { return c["state"] != nil && c["state"] != "state-1" },
		idptest.NoState:    func(_ string, c map[string]any) bool { return c["state"] == nil },
	} {
		response := func() (string, map[string]any) {
			raw, _ := j.response("response_mode", "jwt")
			return raw, unverified(t, raw)
		}
		for _, on := range []idptest.Fault{fault, fault.For(oidctest.ClientID)} {
			j.idp.Break(fault.For("another"))
			assert.False(t, wrong(response()), "the twin of %s", fault)
			j.idp.Break(on)
			assert.True(t, wrong(response()), "%s", fault)
			j.idp.Break()
		}
	}
}

// A JWT where none was asked for, none where one was, and two of them.
func TestHostileResponseForms(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{SendIssuer: true})
	for fault, wrong := range map[idptest.Fault]func(plain, jwt url.Values) bool{
		// Nothing else is wrong with it: it has iss.
		oidctest.PlainResponse:   func(_, v url.Values) bool { return !v.Has("response") && v.Has("code") && v.Get("iss") == j.url },
		oidctest.UnaskedResponse: func(v, _ url.Values) bool { return len(v) == 1 && v.Has("response") },
		idptest.RepeatedParameter: func(plain, v url.Values) bool {
			return len(v["response"]) == 2 && len(plain["code"]) == 2 && len(v["code"]) == 0
		},
	} {
		for _, mode := range []string{"query", "fragment", "form_post"} {
			login := func() (plain, jwt url.Values) {
				return j.login("/auth", "response_mode", mode), j.login("/auth", "response_mode", mode+".jwt")
			}
			assert.False(t, wrong(login()), "the twin of %s", fault)
			j.idp.Break(fault)
			assert.True(t, wrong(login()), "%s by %s", fault, mode)
			j.idp.Break()
		}
	}
}

func TestMissingIssParameter(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{SendIssuer: true})
	assert.Equal(t, j.url, j.login("/auth").Get("iss"))
	j.idp.Break(oidctest.MissingIssParameter)
	assert.False(t, j.login("/auth").Has("iss"))
}
