package oidctest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestClaimsOfTokens(t *testing.T) {
	t.Parallel()
	for _, alg := range []string{"HS256", "RS256"} {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			clock := newClock()
			j := start(t, &oidctest.Server{Realm: &idptest.Realm{Now: clock.now}, IDTokenSigningAlg: alg})
			reply := j.tokens()
			id, access := text(reply, "id_token"), text(reply, "access_token")
			is := func(want map[string]any, claims map[string]any, err error) {
				t.Helper()
				assert.NoError(t, err)
				assert.Equal(t, want, claims)
			}
			fails := func(want error, claims map[string]any, err error) {
				t.Helper()
				assert.ErrorIs(t, err, want)
				assert.Nil(t, claims)
			}
			claims, err := j.idp.IDTokenClaims(id)
			is(j.claims(id, alg), claims, err)
			claims, err = j.idp.AccessTokenClaims(access)
			is(j.claims(access, "RS256"), claims, err)

			for want, tokens := range map[error][]string{
				oidctest.ErrMalformed: {"nonsense", "", "a.b.c"},
				oidctest.ErrNotValid:  {id[:strings.LastIndex(id, ".")] + ".AAAA", access},
			} {
				for _, raw := range tokens {
					claims, err = j.idp.IDTokenClaims(raw)
					fails(want, claims, err)
				}
			}
			_, opaque := j.redeem("/oauth/token", j.login("/oauth/auth").Get("code"))
			claims, err = j.oauth.AccessTokenClaims(text(opaque, "access_token"))
			fails(oidctest.ErrMalformed, claims, err)
			claims, err = j.idp.AccessTokenClaims(id)
			fails(oidctest.ErrNotValid, claims, err)

			_, _ = j.call("/token/revocation", "token", access)
			claims, err = j.idp.AccessTokenClaims(access)
			fails(oidctest.ErrNotValid, claims, err)
			clock.advance(time.Hour)
			claims, err = j.idp.IDTokenClaims(id)
			fails(oidctest.ErrNotValid, claims, err)
		})
	}
}
