package authtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
)

func TestValidateToken(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &authtest.Server{Now: clock.now})
	reply := j.tokens()
	id, access := text(reply, "id_token"), text(reply, "access_token")
	ask := func(query string) map[string]any {
		_, answer := j.get("/api/v2/oidc/validate_token?"+query, nil)
		return answer
	}
	invalid := func(message string) map[string]any { return map[string]any{"code": 400.0, "message": message} }

	assert.Equal(t, j.claims(id, "HS256"), ask("id_token="+id))
	assert.Equal(t, j.claims(access, "RS256"), ask("access_token="+access))
	assert.Equal(t, invalid("id_token 格式有误"), ask("id_token=nonsense"))
	assert.Equal(t, invalid("access_token 格式有误"), ask("access_token=nonsense"))
	assert.Equal(t, invalid("id_token 不合法"), ask("id_token="+id[:strings.LastIndex(id, ".")]+".AAAA"))
	assert.Equal(t, invalid("id_token 不合法"), ask("id_token="+access))
	assert.Equal(t, invalid("access_token 不合法"), ask("access_token="+id))
	assert.Contains(t, ask(""), "message")
	assert.Contains(t, ask("id_token="+id+"&access_token="+access), "message")

	rs := start(t, &authtest.Server{IDTokenSigningAlg: "RS256"})
	sameKey := text(rs.tokens(), "access_token")
	_, answer := rs.get("/api/v2/oidc/validate_token?id_token="+sameKey, nil)
	assert.Equal(t, invalid("id_token 不合法"), answer, "an access token is no ID token, though one key signs both")

	_, _ = j.call("/oidc/token/revocation", "token", access)
	assert.Equal(t, invalid("access_token 不合法"), ask("access_token="+access))
	clock.advance(time.Hour)
	assert.Equal(t, invalid("id_token 不合法"), ask("id_token="+id))
}
