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
	protocol string
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
		"embedded":        embedded(t, binary, "oidc"),
		"embedded, OAuth": embedded(t, binary, "oauth"),
		"oidc-provider":   provider(t, binary),
	}
}

// embedded is the application with its own server, where users log in by one protocol. Only OpenID Connect asks for
// consent.
func embedded(t *testing.T, binary, protocol string) *site {
	t.Helper()
	p := start(t, binary, freeAddr(t))
	require.True(t, p.wait(t), "%s", p.output)
	s := &site{
		origin: "http://" + p.addr, callback: "http://" + p.addr + "/auth/callback/" + protocol, protocol: protocol, subject: idptest.Subject,
		server: &loginPages{
			user: "#username", password: "#password", submit: "button[value=login]",
			consent: "#consent", allow: "button[value=allow]", cancel: "button[value=cancel]",
			name: idptest.Username, secret: idptest.Password,
		},
	}
	if protocol != "oidc" {
		s.server.consent = ""
	}
	if protocol == "saml" || protocol == "cas" {
		s.subject = idptest.Username
	}
	return s
}

// provider is the application with the real server.
func provider(t *testing.T, binary string) *site {
	t.Helper()
	facts, err := interop.Facts("oidc-provider")
	require.NoError(t, err)
	addr := freeAddr(t)
	origin := "http://" + addr
	id, secret := register(t, facts["BASE_URL"], origin+"/auth/callback/oidc", origin+"/auth/loggedout/oidc")
	p := start(t, binary, addr, "OIDC_ISSUER="+facts["BASE_URL"], "OIDC_CLIENT_ID="+id, "OIDC_CLIENT_SECRET="+secret)
	require.True(t, p.wait(t), "%s", p.output)
	return &site{
		origin: origin, callback: origin + "/auth/callback/oidc", protocol: "oidc", subject: "alice",
		server: &loginPages{
			user: "[name=login]", password: "[name=password]", submit: "[type=submit]",
			consent: "form:has([value=consent])", allow: "form:has([value=consent]) [type=submit]", cancel: "a[href$='/abort']",
			logout: "[name=logout]", name: "alice", secret: "wonderland",
		},
	}
}

// begin chooses the protocol, for a login that comes back to the user's page.
func (s *site) begin(b *tab) {
	b.t.Helper()
	b.open(s.origin + "/?return=/user")
	b.click(s.choice())
	b.see(s.server.password)
	u, err := url.Parse(b.location())
	require.NoError(b.t, err)
	require.Equal(b.t, "127.0.0.1", u.Hostname(), "the server must be another site than the application")
}

// choice is the protocol's link on the application's page.
func (s *site) choice() chromedp.CSS { return chromedp.CSS("#login-" + s.protocol) }

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
	b.read("h1", "You are signed out")
	require.True(b.t, strings.HasPrefix(b.location(), s.origin+"/auth/"), "the server sends the browser back")
}

// loggedIn asks the application.
func (s *site) loggedIn(b *tab) bool {
	b.t.Helper()
	b.open(s.origin + "/")
	return b.has("#subject")
}
