package oidctest_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// both logs in and returns the claims, unverified, of the ID token of the callback and of the token endpoint's.
func (j *journey) both() (front, back map[string]any) {
	j.t.Helper()
	callback := j.login("/auth", "response_type", "code id_token token")
	_, reply := j.redeem("/token", callback.Get("code"))
	if text(reply, "id_token") == "" || callback.Get("id_token") == "" {
		return nil, nil
	}
	return unverified(j.t, callback.Get("id_token")), unverified(j.t, text(reply, "id_token"))
}

func TestHostileFrontTokens(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	// Each fact is false of a good login and true of the broken one.
	for fault, wrong := range map[idptest.Fault]func(front, back map[string]any) bool{
		oidctest.MissingAtHash: func(f, b map[string]any) bool { return f["at_hash"] == nil && b["at_hash"] == nil },
		oidctest.MissingCHash:  func(f, _ map[string]any) bool { return f["c_hash"] == nil },
		oidctest.MissingSHash:  func(f, _ map[string]any) bool { return f["s_hash"] == nil },
		oidctest.WrongSHash: func(f, b map[string]any) bool {
			return f["s_hash"] != leftHalf("RS256", "state-1") && b["s_hash"] == nil
		},
		oidctest.FrontSubject:   func(f, b map[string]any) bool { return f["sub"] != b["sub"] && b["sub"] == idptest.Subject },
		oidctest.FrontIssuer:    func(f, b map[string]any) bool { return f["iss"] != b["iss"] && b["iss"] == j.url },
		oidctest.MissingIDToken: func(f, b map[string]any) bool { return f == nil && b == nil },
	} {
		assert.False(t, wrong(j.both()), "the twin of %s", fault)
		j.idp.Break(fault)
		assert.True(t, wrong(j.both()), "%s", fault)
		j.idp.Break()
	}
}

func TestHostileFrontParameters(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for fault, wrong := range map[idptest.Fault]func(url.Values) bool{
		oidctest.MissingIDToken:   func(v url.Values) bool { return !v.Has("id_token") && v.Has("code") },
		oidctest.MissingCode:      func(v url.Values) bool { return !v.Has("code") && v.Has("id_token") },
		oidctest.FrontAccessToken: func(v url.Values) bool { return !v.Has("access_token") && v.Has("token_type") },
		oidctest.WrongTokenType:   func(v url.Values) bool { return v.Get("token_type") != "Bearer" },
		oidctest.ErrorBeside:      func(v url.Values) bool { return v.Has("error") && v.Has("code") },
		oidctest.RefusedLogin:     func(v url.Values) bool { return v.Get("error") == "server_error" && !v.Has("code") && v.Has("state") },
	} {
		for _, mode := range []string{"fragment", "form_post"} {
			login := func() url.Values {
				return j.login("/auth", "response_type", "code id_token token", "response_mode", mode)
			}
			assert.False(t, wrong(login()), "the twin of %s", fault)
			j.idp.Break(fault)
			assert.True(t, wrong(login()), "%s by %s", fault, mode)
			j.idp.Break()
		}
	}
	j.idp.Break(oidctest.FrontAccessToken)
	assert.True(t, j.login("/auth").Has("access_token"), "where none was asked for")
	j.idp.Break()
	assert.False(t, j.login("/auth").Has("access_token"))
}

func TestHostileMode(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for asked, wrong := range map[string]string{"query": "form_post", "fragment": "form_post", "form_post": "query"} {
		for _, broken := range []bool{false, true} {
			want := asked
			if j.idp.Break(); broken {
				j.idp.Break(oidctest.WrongMode)
				want = wrong
			}
			r, err := j.idp.Login(t.Context(), j.authURL("/auth", "response_mode", asked), "")
			require.NoError(t, err)
			got := "query"
			switch {
			case r.Method == http.MethodPost:
				got = "form_post"
			case r.URL.Fragment != "":
				got = "fragment"
			}
			assert.Equal(t, want, got)
		}
	}
}
