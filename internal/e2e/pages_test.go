//go:build interop

package e2e

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
)

// axe is the script of axe-core.
func axe(t *testing.T) string {
	t.Helper()
	facts, err := interop.Facts("axe")
	require.NoError(t, err)
	script, err := os.ReadFile(facts["SCRIPT"])
	require.NoError(t, err)
	return string(script)
}

// faults are the violations that axe-core finds, each with its elements.
const faults = `axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations.map(v =>
	v.id + ": " + v.nodes.map(n => n.target.join(" ") + " " + n.failureSummary).join("; ")))`

func (b *tab) faults(script string) []string {
	b.t.Helper()
	run(b, "axe-core", chromedp.Evaluate[chromedp.Void](script))
	return run(b, "check", chromedp.Evaluate[[]string](faults, chromedp.EvalAwaitPromise))
}

// accessible checks the page that is open: by day on a wide screen and by night on a phone.
func (b *tab) accessible(script, name string) {
	b.t.Helper()
	for scheme, width := range map[string]int64{"light": 1000, "dark": 375} {
		require.NoError(b.t, chromedp.Do(b.ctx, chromedp.EmulateViewport(width, 800)))
		_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		require.NoError(b.t, err)
		b.loaded()
		assert.Empty(b.t, b.faults(script), "%s %s", name, scheme)
		assert.Empty(b.t, run(b, "measure "+name, chromedp.Evaluate[string](tooWide)), "%s %s", name, scheme)
		b.shoot(fmt.Sprintf("%s %s", name, scheme))
	}
}

// Each page of each example, for nobody and for a user.
func TestAccessible(t *testing.T) {
	b, script := startBrowser(t), axe(t)
	authgear, auth0 := guide(t, "authgear", "/auth/login"), guide(t, "auth0", "/profile")
	cluster := guide(t, "cluster", "/account")
	for _, s := range []*site{authgear, cluster} {
		s.server.consent, s.server.allow = "#consent", "button[value=allow]"
	}
	api := &site{front: newFront(t)}
	api.run(t, build(t, examples+"/api"))
	for name, test := range map[string]struct {
		site            *site
		nobody, someone []string
	}{
		"web": {
			embedded(t, build(t, examples+"/web"), "oidc"),
			[]string{"/", "/nowhere", "/auth/loggedout", "/auth/callback/oidc?state=unknown&code=c"}, []string{"/user", "/auth/logout"},
		},
		"authgear": {authgear, []string{"/"}, []string{"/", "/call"}},
		"auth0":    {auth0, []string{"/"}, []string{"/", "/profile"}},
		"cluster":  {cluster, []string{"/"}, []string{"/account"}},
		"api":      {api, []string{"/"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			who := b.profile(t)
			for _, path := range test.nobody {
				who.open(test.site.origin + path)
				who.accessible(script, name+" nobody "+path)
			}
			if test.someone != nil {
				test.site.login(who)
			}
			for _, path := range test.someone {
				who.open(test.site.origin + path)
				who.accessible(script, name+" user "+path)
			}
		})
	}
	t.Run("a page with a fault", func(t *testing.T) {
		who := b.profile(t)
		who.open("data:text/html,<title>x</title><p style='color:%23bbb'>pale</p>")
		assert.Contains(t, strings.Join(who.faults(script), " "), "color-contrast")
	})
	t.Run("auth0, refused call", func(t *testing.T) {
		who := b.profile(t)
		who.open(auth0.origin + "/")
		who.click("#call")
		who.see("#login-again")
		who.accessible(script, "auth0 refused")
	})
}

// A login and a logout by keys alone. What has the focus can be seen.
func TestKeyboard(t *testing.T) {
	b := startBrowser(t)
	s := embedded(t, build(t, examples+"/web"), "oidc")
	who := b.profile(t)
	_, err := chromedp.Call(who.ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	require.NoError(t, err)
	who.open(s.origin + "/?return=/user")
	who.press("#login-oidc", "\r")
	who.see(s.server.password)
	s.server.signIn(who)
	who.see("#subject")
	before := who.text("#token-print")
	who.press("#refresh", "\r")
	who.changes("#token-print", before) // the page before has a logout too
	who.press("#logout", " ")
	who.read("h1", "You are signed out")
	assert.False(t, s.loggedIn(who))
}

// press goes to an element by the tab key, and presses another key there.
func (b *tab) press(css chromedp.CSS, key string) {
	b.t.Helper()
	b.loaded()
	for range 40 {
		run(b, "tab", chromedp.KeyEvent("\t"))
		if run(b, "focus", chromedp.Evaluate[bool](fmt.Sprintf("document.activeElement?.matches(%q) ?? false", string(css)))) {
			assert.NotEqual(b.t, "none", run(b, "outline", chromedp.Evaluate[string]("getComputedStyle(document.activeElement).outlineStyle")), "%s", css)
			run(b, "press", chromedp.KeyEvent(key))
			return
		}
	}
	b.t.Fatalf("the tab key does not come to %s\n%s", css, b.state())
}
