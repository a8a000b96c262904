//go:build interop

package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const tooWide = `[...document.querySelectorAll("*")].filter(e => e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX == "visible" && e.clientWidth > 0)
	.map(e => e.tagName + "." + e.className).join(" ") + (document.documentElement.scrollWidth > innerWidth ? " page" : "")`

// On a phone no page of an example is wider than the screen, and errors are in the reader's language.
func TestNarrow(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	for _, name := range []string{"web"} {
		p := start(t, build(t, examples+"/"+name), freeAddr(t))
		require.True(t, p.wait(t))
		for lang, back := range map[string]string{"en": "Back to the application", "zh-CN": "返回应用"} {
			t.Run(name+" "+lang, func(t *testing.T) {
				who := b.profile(t)
				require.NoError(t, chromedp.Do(who.ctx, chromedp.EmulateViewport(375, 700)))
				_, err := chromedp.Call(who.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "Mozilla/5.0", AcceptLanguage: lang})
				require.NoError(t, err)
				fits := func(path string) {
					who.open("http://" + p.addr + path)
					who.shoot("narrow" + path)
					assert.Empty(t, run(who, "measure "+path, chromedp.Evaluate[string](tooWide)), path)
				}
				for _, path := range []string{"/", "/?return=/user", "/nowhere", "/user", "/auth/logout", "/auth/loggedout", "/auth/nothing"} {
					fits(path)
				}
				for _, protocol := range []string{"oidc", "cas"} { // SAML's responses come by POST
					fits("/auth/callback/" + protocol + "?state=unknown&code=c&ticket=ST-1&login=unknown")
					who.read("a", back)
				}
			})
		}
	}
}
