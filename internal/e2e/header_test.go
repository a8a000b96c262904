//go:build interop

package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// On a phone the header stays one line when a user is signed in and it has the most content. TestNarrow has the pages
// without a session.
func TestHeader(t *testing.T) {
	b := startBrowser(t)
	s := embedded(t, build(t, examples+"/web"), "oidc")
	who := b.profile(t)
	require.NoError(t, chromedp.Do(who.ctx, chromedp.EmulateViewport(375, 800)))
	who.open(s.origin + "/")
	who.see(s.choice())
	who.headerFits("home")
	s.login(who)
	who.headerFits("home, signed in")
	who.shoot("narrow account")
	who.open(s.origin + "/user")
	who.headerFits("user")
}

// headerFits checks that the header has one line, and that the page does not scroll sideways.
func (b *tab) headerFits(page string) {
	b.t.Helper()
	wide := run(b, "width of "+page, chromedp.Evaluate[int]("document.documentElement.scrollWidth"))
	assert.LessOrEqual(b.t, wide, 375, page)
	lines := run(b, "header of "+page, chromedp.Evaluate[int](`(() => {
		const boxes = [...document.querySelectorAll('header a, header button')].map(e => e.getBoundingClientRect());
		const one = Math.min(...boxes.map(r => r.height));
		return boxes.every(a => boxes.every(b => a.top < b.bottom && b.top < a.bottom)) && one > 0 ? 1 : 2;
	})()`))
	assert.Equal(b.t, 1, lines, "%s: the header is one line", page)
	texts := run(b, "texts of "+page, chromedp.Evaluate[bool](
		`[...document.querySelectorAll('header a, header button')].every(e => e.getClientRects().length === 1)`))
	assert.True(b.t, texts, "%s: no text of the header is broken", page)
}
