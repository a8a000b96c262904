package oidctest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestIntrospection(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &oidctest.Server{Realm: &idptest.Realm{Now: clock.now}})
	reply := j.tokens("scope", "openid offline_access", "prompt", "consent")
	status, answer := j.call("/token/introspection", "token", text(reply, "access_token"))
	granted(t, status, answer)
	access := j.claims(text(reply, "access_token"), "RS256")
	assert.Equal(t, map[string]any{
		"active": true, "sub": idptest.Subject, "client_id": oidctest.ClientID, "iss": j.url, "jti": access["jti"],
		"exp": access["exp"], "iat": access["iat"], "scope": "openid offline_access", "token_type": "Bearer",
	}, answer)

	dead := map[string]any{"active": false}
	_, answer = j.call("/token/introspection", "token", text(reply, "id_token"))
	assert.Equal(t, dead, answer)
	_, answer = j.call("/oauth/token/introspection", "token", text(reply, "access_token"))
	assert.Equal(t, dead, answer)
	status, answer = j.call("/token/introspection")
	refused(t, status, answer, http.StatusBadRequest, "invalid_request")

	clock.advance(time.Hour)
	assert.False(t, j.active(reply, "access_token"))
	assert.True(t, j.active(reply, "refresh_token"))
	clock.advance(14 * 24 * time.Hour)
	assert.False(t, j.active(reply, "refresh_token"))
}

func TestRevocation(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/oauth"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			j := start(t, &oidctest.Server{})
			pairs := []string{}
			if path == "" {
				pairs = []string{"scope", "openid offline_access", "prompt", "consent"}
			}
			_, reply := j.redeem(path+"/token", j.login(path+"/auth", pairs...).Get("code"))
			active := func(name string) any {
				_, answer := j.call(path+"/token/introspection", "token", text(reply, name))
				return answer["active"]
			}
			status, answer := j.call(path+"/token/revocation", "token", "unknown")
			assert.Equal(t, http.StatusOK, status)
			assert.Nil(t, answer, "the body is empty")
			assert.Equal(t, true, active("access_token"))

			status, answer = j.call(path+"/token/revocation", "token", text(reply, "access_token"))
			assert.Equal(t, http.StatusOK, status)
			assert.Nil(t, answer)
			assert.Equal(t, false, active("access_token"))
			assert.Equal(t, true, active("refresh_token"))

			_, reply = j.call(path+"/token", "grant_type", "refresh_token", "refresh_token", text(reply, "refresh_token"))
			require.Equal(t, true, active("access_token"))
			_, _ = j.call(path+"/token/revocation", "token", text(reply, "refresh_token"), "token_type_hint", "refresh_token")
			assert.Equal(t, false, active("refresh_token"))
			assert.Equal(t, false, active("access_token"), "a login ends with its refresh token")
		})
	}
}

func TestUserInfoPlacements(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	token := text(j.tokens(), "access_token")
	header := http.Header{"Authorization": {"Bearer " + token}}
	for name, ask := range map[string]func() (int, map[string]any){
		"header":      func() (int, map[string]any) { return j.get("/me", header) },
		"post header": func() (int, map[string]any) { return j.post("/me", header, form()) },
		"body":        func() (int, map[string]any) { return j.post("/me", nil, form("access_token", token)) },
		"query":       func() (int, map[string]any) { return j.get("/me?access_token="+token, nil) },
		"post query":  func() (int, map[string]any) { return j.post("/me?access_token="+token, nil, form()) },
	} {
		status, me := ask()
		require.Equal(t, http.StatusOK, status, name)
		assert.Equal(t, idptest.Subject, me["sub"], name)
	}
	status, me := j.get("/me?access_token="+token, header)
	refused(t, status, me, http.StatusBadRequest, "invalid_request")
	status, me = j.get("/me", nil)
	refused(t, status, me, http.StatusBadRequest, "invalid_request")
	status, me = j.get("/me", http.Header{"Authorization": {"Basic " + token}})
	refused(t, status, me, http.StatusBadRequest, "invalid_request")
	status, me = j.get("/me", http.Header{"Authorization": {"Bearer " + token + "x"}})
	refused(t, status, me, http.StatusUnauthorized, "invalid_token")

	_, reply := j.call("/token", "grant_type", "password", "username", idptest.Username, "password", idptest.Password, "scope", "profile")
	status, me = j.get("/me", http.Header{"Authorization": {"Bearer " + text(reply, "access_token")}})
	refused(t, status, me, http.StatusForbidden, "insufficient_scope")
}
