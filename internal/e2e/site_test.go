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

// site is an example, running, with one identity server. The application is on localhost and the server
// on 127.0.0.1, so that they are different sites to the browser's cookie rules.
type site struct {
	*front
	callback string
	protocol string // of examples/web; empty for another example
	page     string // of another example: what needs a login, and where it comes back to
	posted   bool   // the response comes by POST
	subject  string
	claim    string // one of the user's; empty is the subject
	server   *loginPages
}

// loginPages says how a user gets through a server's pages.
type loginPages struct {
	user, password, submit chromedp.CSS
	consent, allow         chromedp.CSS // the page that asks; empty when the server does not ask
	cancel                 chromedp.CSS
	logout                 chromedp.CSS // confirms a logout; empty when the server does not ask
	follows                bool         // its page in another tab goes on by itself once the user has logged in
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
		"oidc-provider":   provider(t, binary, "query"),
	}
}

// embedded is the application with its own server, where users log in by one protocol. Only OpenID Connect asks for
// consent.
func embedded(t *testing.T, binary, protocol string) *site {
	t.Helper()
	f := newFront(t)
	f.run(t, binary)
	s := &site{
		front: f, callback: f.origin + "/auth/callback/" + protocol, protocol: protocol, subject: idptest.Subject,
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

// provider is the application with the real server, which answers in this way.
func provider(t *testing.T, binary, mode string) *site {
	t.Helper()
	facts, err := interop.Facts("oidc-provider")
	require.NoError(t, err)
	f := newFront(t)
	s := &site{
		front: f, callback: f.origin + "/auth/callback/oidc", protocol: "oidc", subject: "alice",
		server: &loginPages{
			user: "[name=login]", password: "[name=password]", submit: "[type=submit]",
			consent: "form:has([value=consent])", allow: "form:has([value=consent]) [type=submit]", cancel: "a[href$='/abort']",
			logout: "[name=logout]", name: "alice", secret: "wonderland",
		},
	}
	id, secret := register(t, facts["BASE_URL"], s.callback, f.origin+"/auth/loggedout/oidc", f.origin+"/auth/backchannel/oidc")
	f.run(t, binary, "OIDC_ISSUER="+facts["BASE_URL"], "OIDC_CLIENT_ID="+id, "OIDC_CLIENT_SECRET="+secret, "OIDC_RESPONSE_MODE="+mode)
	return s
}

// begin begins a login that comes back to a page with the user.
func (s *site) begin(b *tab) {
	b.t.Helper()
	switch s.protocol {
	case "": // its one login
		b.open(s.origin + s.page)
	default:
		b.open(s.origin + "/?return=/user")
		b.click(s.choice())
	}
	b.see(s.server.password)
	u, err := url.Parse(b.location())
	require.NoError(b.t, err)
	require.Equal(b.t, "127.0.0.1", u.Hostname(), "the server must be another site than the application")
}

// user is the page where a login ends.
func (s *site) user() string {
	if s.protocol == "" {
		return s.page
	}
	return "/user"
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
	return b.has("#logout")
}
