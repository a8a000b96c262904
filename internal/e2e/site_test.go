//go:build interop

package e2e

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/internal/interop"
)

// site is examples/web, running, with one identity server. The application is on localhost and the server
// on 127.0.0.1, so that they are different sites to the browser's cookie rules.
type site struct {
	origin   string // of the application
	callback string
	subject  string
	server   *loginPages
}

// loginPages says how a user gets through a server's pages.
type loginPages struct {
	user, password, submit chromedp.CSS
	consent, allow         chromedp.CSS // the page that asks; empty when the server does not ask
	cancel                 chromedp.CSS
	logout                 chromedp.CSS // confirms a logout; empty when the server does not ask
	name, secret           string
}

// signIn types name and password, allows what is asked, and leaves for the application.
func (p *loginPages) signIn(b *tab) {
	b.t.Helper()
	b.see(p.password)
	b.fill(p.user, p.name)
	b.fill(p.password, p.secret)
	b.click(p.submit)
	if p.consent != "" {
		b.see(p.consent)
		b.shoot("consent")
		b.click(p.allow)
	}
}

// sites starts the application once for each identity server.
func sites(t *testing.T) map[string]*site {
	t.Helper()
	binary := build(t, examples+"/web")
	return map[string]*site{
		"embedded":        embedded(t, binary),
		"embedded, OAuth": withoutConsent(embedded(t, binary, "AUTHING_PROTOCOL=oauth")),
		"oidc-provider":   provider(t, binary),
	}
}

// embedded is the application with its own server.
func embedded(t *testing.T, binary string, env ...string) *site {
	t.Helper()
	p := start(t, binary, freeAddr(t), env...)
	require.True(t, p.wait(t), "%s", p.output)
	return &site{
		origin: "http://" + p.addr, callback: "http://" + p.addr + "/auth/callback", subject: idptest.Subject,
		server: &loginPages{
			user: "#username", password: "#password", submit: "button[value=login]",
			consent: "#consent", allow: "button[value=allow]", cancel: "button[value=cancel]",
			name: idptest.Username, secret: idptest.Password,
		},
	}
}

// provider is the application with the real server, and its callback on another path.
func provider(t *testing.T, binary string) *site {
	t.Helper()
	facts, err := interop.Facts("oidc-provider")
	require.NoError(t, err)
	addr := freeAddr(t)
	origin := "http://" + addr
	id, secret := register(t, facts["BASE_URL"], origin+"/callback", origin+"/")
	p := start(t, binary, addr,
		"AUTHING_APP_ID="+id, "AUTHING_APP_SECRET="+secret, "AUTHING_APP_HOST="+strings.TrimSuffix(facts["BASE_URL"], "/oidc"),
		"AUTHING_REDIRECT_URI="+origin+"/callback", "AUTHING_LOGOUT=expert")
	require.True(t, p.wait(t), "%s", p.output)
	return &site{
		origin: origin, callback: origin + "/callback", subject: "alice",
		server: &loginPages{
			user: "[name=login]", password: "[name=password]", submit: "[type=submit]",
			consent: "form:has([value=consent])", allow: "form:has([value=consent]) [type=submit]", cancel: "a[href$='/abort']",
			logout: "[name=logout]", name: "alice", secret: "wonderland",
		},
	}
}

func withoutConsent(s *site) *site {
	s.server.consent = ""
	return s
}

// begin opens the application and follows its login link to the server.
func (s *site) begin(b *tab) {
	b.t.Helper()
	b.open(s.origin + "/")
	b.click("#login")
	b.see(s.server.password)
	u, err := url.Parse(b.location())
	require.NoError(b.t, err)
	require.Equal(b.t, "127.0.0.1", u.Hostname(), "the server must be another site than the application")
}

// login is a complete login.
func (s *site) login(b *tab) {
	b.t.Helper()
	s.begin(b)
	s.server.signIn(b)
	b.see("#subject")
}

// logout ends the session at the application and the server, and comes back.
func (s *site) logout(b *tab) {
	b.t.Helper()
	b.click("#logout")
	if s.server.logout != "" {
		b.click(s.server.logout)
	}
	b.see("#login")
	require.Equal(b.t, s.origin+"/", b.location())
}

// loggedIn asks the application.
func (s *site) loggedIn(b *tab) bool {
	b.t.Helper()
	b.open(s.origin + "/user")
	return b.has("#subject")
}
