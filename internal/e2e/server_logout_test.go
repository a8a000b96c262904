//go:build interop

package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// The user signs out at another application, and the server tells examples/web by each channel that it has. The same user
// in another browser stays.
func TestServerLogout(t *testing.T) {
	b, binary := startBrowser(t), build(t, examples+"/web")
	t.Run("oidc-provider back-channel", func(t *testing.T) {
		s, other := provider(t, binary, "query"), providerRP(t)
		testServerLogout(t, s, other, b, "/auth/backchannel/oidc")
	})
	for name, test := range map[string]struct {
		told string
		site func(*realm) *site
	}{
		"Keycloak back-channel": {"/auth/backchannel/oidc", func(k *realm) *site {
			return k.oidc(binary, "query", nil, func(origin string) map[string]string {
				return map[string]string{"backchannel.logout.url": origin + "/auth/backchannel/oidc", "backchannel.logout.session.required": "true"}
			})
		}},
		"Keycloak front-channel": {"/auth/frontchannel/oidc", func(k *realm) *site {
			return k.oidc(binary, "query", map[string]any{"frontchannelLogout": true}, func(origin string) map[string]string {
				return map[string]string{"frontchannel.logout.url": origin + "/auth/frontchannel/oidc", "frontchannel.logout.session.required": "true"}
			})
		}},
		"Keycloak SAML by the browser": {"/auth/slo/saml", func(k *realm) *site { return k.saml(binary, map[string]any{"frontchannelLogout": true}) }},
		"Keycloak SAML by SOAP":        {"/auth/slo/saml", func(k *realm) *site { return k.saml(binary, map[string]any{"frontchannelLogout": false}) }},
	} {
		t.Run(name, func(t *testing.T) {
			testServerLogout(t, test.site(newRealm(t)), keycloak(t, "basic", "RS256"), b, test.told)
		})
	}
}

func testServerLogout(t *testing.T, s *site, q *rp, b *browser, told string) {
	who, other := b.profile(t), b.profile(t)
	s.login(who)
	s.login(other)
	away := who.another()
	away.open(q.origin + "/login") // the server knows the user
	if s.server.consent != "" {
		away.click(s.server.allow)
	}
	away.see("#subject")
	s.look()
	away.click("#logout")
	if s.server.logout != "" {
		away.click(s.server.logout)
	}
	away.see("#login")
	away.shoot("away")
	require.Contains(t, s.paths(), told)
	assert.False(t, s.loggedIn(who))
	assert.True(t, s.loggedIn(other))
	s.login(who)
}

// providerRP is another application at oidc-provider.
func providerRP(t *testing.T) *rp {
	t.Helper()
	facts, err := interop.Facts("oidc-provider")
	require.NoError(t, err)
	return newRP(t, func(origin string) oidc.Config {
		id, secret := register(t, facts["BASE_URL"], origin+"/callback", origin+"/", "")
		return oidc.Config{Issuer: facts["BASE_URL"], ClientID: id, ClientSecret: secret}
	})
}
