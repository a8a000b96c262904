package authtest_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

func TestCodeFlow(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	callback := j.login("/oidc/auth")
	assert.Equal(t, "state-1", callback.Get("state"))
	assert.NotContains(t, callback, "iss")

	status, reply := j.redeem("/oidc/token", callback.Get("code"))
	granted(t, status, reply)
	assert.Equal(t, "Bearer", reply["token_type"])
	assert.EqualValues(t, 3600, reply["expires_in"])
	assert.Equal(t, "openid profile email", reply["scope"])
	assert.NotContains(t, reply, "refresh_token")

	id := j.claims(text(reply, "id_token"), "HS256")
	assert.Equal(t, j.url+"/oidc", id["iss"])
	assert.Equal(t, authtest.AppID, id["aud"])
	assert.Equal(t, idptest.Subject, id["sub"])
	assert.Equal(t, "nonce-1", id["nonce"])
	assert.Equal(t, idptest.Email, id["email"])
	assert.Equal(t, leftHalf("HS256", text(reply, "access_token")), id["at_hash"])
	assert.Equal(t, "2021-03-03T06:17:14.485Z", id["updated_at"])
	assert.Contains(t, id, "birthdate")
	assert.Nil(t, id["birthdate"])
	for _, absent := range []string{"auth_time", "c_hash", "phone_number", "azp"} {
		assert.NotContains(t, id, absent)
	}

	access := j.claims(text(reply, "access_token"), "RS256")
	assert.ElementsMatch(t, []string{"jti", "sub", "iat", "exp", "scope", "iss", "aud"}, names(access))
	assert.Equal(t, authtest.AppID, access["aud"])

	status, me := j.get("/oidc/me", http.Header{"Authorization": {"Bearer " + text(reply, "access_token")}})
	granted(t, status, me)
	assert.Equal(t, idptest.Subject, me["sub"])
	assert.Equal(t, idptest.Email, me["email"])
	assert.NotContains(t, me, "phone_number")
}

func names(object map[string]any) []string {
	var all []string
	for name := range object {
		all = append(all, name)
	}
	return all
}

func TestOAuthCodeFlow(t *testing.T) {
	t.Parallel()
	j := start(t, &authtest.Server{})
	status, reply := j.redeem("/oauth/token", j.login("/oauth/auth").Get("code"))
	granted(t, status, reply)
	assert.Regexp(t, "^[0-9a-f]{40}$", reply["access_token"])
	assert.Regexp(t, "^[0-9a-f]{40}$", reply["refresh_token"])
	assert.EqualValues(t, 3599, reply["expires_in"])
	assert.Equal(t, "user", reply["scope"])
	assert.NotContains(t, reply, "id_token")

	status, me := j.get("/oauth/me", http.Header{"Authorization": {"bearer " + text(reply, "access_token")}})
	granted(t, status, me)
	assert.Equal(t, idptest.Phone, me["phone_number"])

	// A token of one protocol is none of the other's.
	status, me = j.get("/oidc/me", http.Header{"Authorization": {"Bearer " + text(reply, "access_token")}})
	refused(t, status, me, http.StatusUnauthorized, "invalid_token")
}

func (j *journey) active(reply map[string]any, name string) bool {
	j.t.Helper()
	status, answer := j.call("/oidc/token/introspection", "token", text(reply, name))
	granted(j.t, status, answer)
	return answer["active"] == true
}
