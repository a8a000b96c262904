//go:build interop

package e2e

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// keycloak is an application at the running Keycloak, configured as its console shows.
func keycloak(t *testing.T, id, alg string) *rp {
	t.Helper()
	facts, err := interop.Facts("keycloak")
	require.NoError(t, err)
	s := newRP(t, func(string) oidc.Config {
		return oidc.Config{
			Issuer: facts["BASE_URL"] + "/realms/interop", ClientID: id, ClientSecret: id + facts["SECRET_SUFFIX"], IDTokenSigningAlg: alg,
		}
	})
	s.server = &loginPages{user: "#username", password: "#password", submit: "#kc-login", name: "alice", secret: "wonderland"}
	return s
}

func (s *rp) hasAlice(who *tab) {
	who.t.Helper()
	who.see("#subject")
	assert.Equal(who.t, "Alice Liddell", who.text("#name"))
	assert.Equal(who.t, s.origin+"/", who.location())
}

func TestKeycloak(t *testing.T) {
	b := startBrowser(t)
	for id, alg := range map[string]string{"basic": "RS256", "idt-ps256": "PS256", "idt-eddsa": "EdDSA"} {
		s := keycloak(t, id, alg)
		for _, mode := range []oauth.ResponseMode{oauth.ResponseModeQuery, oauth.ResponseModeFormPost} {
			t.Run(alg+" "+string(mode), func(t *testing.T) {
				who := b.profile(t)
				s.mode = mode
				s.signIn(who)
				s.hasAlice(who)
				who.shoot("user")
				own := sessionCookies(t, who)
				require.Len(t, own, 1, "only the session cookie stays, not the pending login")
				assert.Contains(t, own, "localhost "+s.cookie())
			})
		}
	}
	s := keycloak(t, "basic", "RS256")
	for name, test := range map[string]func(*testing.T, *rp, *browser){
		"single sign-on": testKeycloakAgain, "consent refused": testKeycloakRefused, "another browser": testKeycloakElsewhere,
		"logout": testKeycloakLogout,
	} {
		t.Run(name, func(t *testing.T) { test(t, s, b) })
	}
}

// A user with a session at the server is not asked again by a second application.
func testKeycloakAgain(t *testing.T, s *rp, b *browser) {
	who, second := b.profile(t), keycloak(t, "idt-es256", "ES256")
	s.signIn(who)
	s.hasAlice(who)
	who.open(second.origin + "/login")
	second.hasAlice(who)
}

func testKeycloakRefused(t *testing.T, _ *rp, b *browser) {
	s := keycloak(t, "consent", "RS256")
	s.prompt = "consent" // the server remembers the consent
	for _, allow := range []bool{false, true} {
		who := b.profile(t)
		s.signIn(who)
		who.see("#kc-oauth")
		if allow {
			who.click("[name=accept]")
			s.hasAlice(who)
			continue
		}
		who.click("[name=cancel]")
		who.see("#failure")
		assert.Contains(t, who.text("#failure"), string(oauth.AccessDenied))
		assert.False(t, s.loggedIn(who))
	}
}

// A callback in a browser that began no login, and then in the right browser.
func testKeycloakElsewhere(t *testing.T, s *rp, b *browser) {
	who, other := b.profile(t), b.profile(t)
	address := who.intercept(s.origin+"/callback", func() { s.signIn(who) })
	other.open(address)
	other.see("#failure")
	assert.False(t, s.loggedIn(other))
	who.open(address)
	s.hasAlice(who)
}

func testKeycloakLogout(t *testing.T, s *rp, b *browser) {
	who := b.profile(t)
	s.signIn(who)
	s.hasAlice(who)
	who.click("#logout")
	who.see("#login")
	assert.Equal(t, s.origin+"/", who.location())
	assert.False(t, s.loggedIn(who))
	s.signIn(who) // the server asks again: its session ended too
	s.hasAlice(who)
}
