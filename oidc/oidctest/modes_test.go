package oidctest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestResponseTypes(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"code":                {"code"},
		"id_token":            {"id_token"},
		"id_token token":      {"id_token", "access_token", "token_type", "expires_in", "scope"},
		"token id_token":      {"id_token", "access_token", "token_type", "expires_in", "scope"},
		"code id_token":       {"code", "id_token"},
		"code token":          {"code", "access_token", "token_type", "expires_in", "scope"},
		"code id_token token": {"code", "id_token", "access_token", "token_type", "expires_in", "scope"},
	}
	j := start(t, &oidctest.Server{})
	for responseType, want := range tests {
		for _, mode := range []string{"", "fragment", "form_post"} {
			t.Run(responseType+" "+mode, func(t *testing.T) {
				t.Parallel()
				callback, err := j.idp.Login(t.Context(), j.authURL("/auth", "response_type", responseType, "response_mode", mode), "")
				require.NoError(t, err)
				assert.Equal(t, mode == "form_post", callback.Method == http.MethodPost)
				assert.Equal(t, mode == "fragment" || mode == "" && responseType != "code", callback.URL.Fragment != "")
				values := parameters(t, callback)
				assert.ElementsMatch(t, append([]string{"state", "session_state"}, want...), namesOf(values))

				if raw := values.Get("id_token"); raw != "" {
					id := j.claims(raw, "RS256")
					assert.Equal(t, "nonce-1", id["nonce"])
					assertHash(t, id, "at_hash", values.Get("access_token"))
					assertHash(t, id, "c_hash", values.Get("code"))
				}
				if code := values.Get("code"); code != "" {
					status, reply := j.redeem("/token", code)
					granted(t, status, reply)
					assert.Equal(t, "nonce-1", j.claims(text(reply, "id_token"), "RS256")["nonce"])
				}
			})
		}
	}
}

// assertHash wants the claim exactly where the value came along.
func assertHash(t *testing.T, id map[string]any, claim, value string) {
	t.Helper()
	if value == "" {
		assert.NotContains(t, id, claim)
		return
	}
	assert.Equal(t, leftHalf("RS256", value), id[claim])
}

func namesOf(values url.Values) []string {
	var all []string
	for name := range values {
		all = append(all, name)
	}
	return all
}

func TestResponseTypeNone(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	assert.Equal(t, form("state", "state-1"), j.login("/auth", "response_type", "none"))
}

func TestOAuthImplicit(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	callback, err := j.oauth.Login(t.Context(), j.authURL("/oauth/auth", "response_type", "token"), "")
	require.NoError(t, err)
	assert.Empty(t, callback.URL.RawQuery)
	values := parameters(t, callback)
	assert.Regexp(t, "^[0-9a-f]{40}$", values.Get("access_token"))
	assert.Equal(t, "state-1", values.Get("state"))
	status, me := j.get("/oauth/me?access_token="+values.Get("access_token"), nil)
	granted(t, status, me)
}

func TestRedirectKeepsItsQuery(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	callback, err := j.idp.Login(t.Context(), j.authURL("/auth", "redirect_uri", callbackURI+"?a=1&b=%20"), "")
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(callback.URL.RawQuery, "a=1&b=%20&code="), "the query was rewritten")
}

func TestStateComesBackByteForByte(t *testing.T) {
	t.Parallel()
	const state = `a+b c&d=e#f%2B"<'>é`
	j := start(t, &oidctest.Server{})
	for _, mode := range []string{"query", "fragment", "form_post"} {
		assert.Equal(t, state, j.login("/auth", "state", state, "response_mode", mode).Get("state"), mode)
	}
}

func TestSendIssuer(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{SendIssuer: true})
	assert.Equal(t, j.url, j.login("/auth").Get("iss"))
	assert.Equal(t, j.url+"/oauth", j.login("/oauth/auth").Get("iss"))
	_, document := j.get("/.well-known/openid-configuration", nil)
	assert.Equal(t, true, document["authorization_response_iss_parameter_supported"])
}
