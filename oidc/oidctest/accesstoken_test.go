package oidctest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// RFC 9068 §2.1, §2.2, §2.2.1.
func TestAccessToken(t *testing.T) {
	t.Parallel()
	begin := time.Now().Truncate(time.Second)
	var later time.Duration
	j := start(t, &oidctest.Server{
		AccessTokenAudience: "https://orders.example",
		Realm:               &idptest.Realm{Now: func() time.Time { return begin.Add(later) }},
	})
	read := func(reply map[string]any) map[string]any {
		assert.Equal(t, "at+jwt", headerOf(t, text(reply, "access_token"))["typ"])
		access := j.claims(text(reply, "access_token"), "RS256")
		assert.NotEmpty(t, access["jti"])
		assert.Equal(t, []any{j.url, "https://orders.example", oidctest.ClientID}, []any{access["iss"], access["aud"], access["client_id"]})
		return access
	}
	reply := j.tokens("scope", "openid email offline_access", "prompt", "consent")
	first := read(reply)
	assert.Equal(t, []any{idptest.Subject, "openid email offline_access", float64(begin.Unix())}, []any{first["sub"], first["scope"], first["auth_time"]})
	status, me := j.get("/me", http.Header{"Authorization": {"Bearer " + text(reply, "access_token")}})
	granted(t, status, me)

	later = time.Minute
	status, reply = j.call("/token", "grant_type", "refresh_token", "refresh_token", text(reply, "refresh_token"), "scope", "openid")
	granted(t, status, reply)
	next := read(reply)
	assert.Equal(t, []any{idptest.Subject, "openid", float64(begin.Unix())}, []any{next["sub"], next["scope"], next["auth_time"]})
	assert.NotEqual(t, first["jti"], next["jti"])

	status, reply = j.call("/token", "grant_type", "password", "username", idptest.Username, "password", idptest.Password)
	granted(t, status, reply)
	assert.Equal(t, float64(begin.Add(later).Unix()), read(reply)["auth_time"])

	status, reply = j.call("/token", "grant_type", "client_credentials")
	granted(t, status, reply)
	machine := read(reply)
	assert.Equal(t, oidctest.ClientID, machine["sub"])
	assert.NotContains(t, machine, "auth_time")
	_, answer := j.call("/token/introspection", "token", text(reply, "access_token"))
	assert.Equal(t, oidctest.ClientID, answer["sub"])
}

func TestPlainAccessTokensOfOneApplication(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{PlainAccessTokens: true, Apps: []oidctest.App{
		{ClientID: "second", ClientSecret: "s2"},
		{ClientID: "third", ClientSecret: "s3", PlainAccessTokens: true, AccessTokenAudience: "orders"},
	}})
	for id, c := range map[string]struct {
		secret, typ string
		claims      []string
		aud         string
	}{
		oidctest.ClientID: {oidctest.ClientSecret, "JWT", []string{"jti", "iat", "exp", "scope", "iss", "aud", "azp"}, oidctest.ClientID},
		"second":          {"s2", "at+jwt", []string{"jti", "iat", "exp", "scope", "iss", "aud", "sub", "client_id"}, "second"},
		"third":           {"s3", "JWT", []string{"jti", "iat", "exp", "scope", "iss", "aud", "azp"}, "orders"},
	} {
		status, reply := j.post("/token", basic(id, c.secret), form("grant_type", "client_credentials"))
		granted(t, status, reply)
		assert.Equal(t, c.typ, headerOf(t, text(reply, "access_token"))["typ"], id)
		access := j.claims(text(reply, "access_token"), "RS256")
		assert.ElementsMatch(t, c.claims, names(access), id)
		assert.Equal(t, c.aud, access["aud"], id)
	}
}
