//go:build interop

package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

func run[T any](b *tab, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		v, err := chromedp.Run(ctx, action)
		if err == nil {
			return v
		}
		// The page was redrawn between finding the node and using it: the action was not done yet.
		if gone := strings.Contains(err.Error(), "Could not find node with given id"); !gone || ctx.Err() != nil {
			b.t.Fatalf("%s: %v\n%s", what, err, b.state())
		}
	}
}

// state describes the page for a failure's message.
func (b *tab) state() string {
	b.shoot("failed")
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	location, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body ? document.body.innerText : ''"))
	return fmt.Sprintf("at %s:\n%s", location, text)
}

func (b *tab) open(url string) {
	b.t.Helper()
	run(b, "open "+url, chromedp.Navigate(url))
}

// back presses the back button. The page may come from memory, without being loaded, or lead back here at once.
func (b *tab) back() {
	b.t.Helper()
	const page = "performance.timeOrigin + ' ' + location.href"
	from := run(b, "the page", chromedp.Evaluate[string](page))
	// An error means that the page changed during the call.
	_, _ = chromedp.Run(b.ctx, chromedp.Evaluate[chromedp.Void]("history.back()"))
	for deadline := time.Now().Add(patience); ; {
		if at, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](page)); err == nil && at != from {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the back button does nothing\n%s", b.state())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// rest waits until no page changes automatically: a page that comes back may post its form again.
func (b *tab) rest() {
	b.t.Helper()
	const quiet = 10 // consecutive checks with the same complete page
	deadline := time.Now().Add(patience)
	for still, last := 0, ""; still < quiet; {
		var at string
		var err error
		if at, err = chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.readyState + ' ' + performance.timeOrigin + ' ' + location.href")); err == nil &&
			at == last && strings.HasPrefix(at, "complete ") {
			still++
		} else {
			still, last = 0, at
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the page does not come to rest\n%s", b.state())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// loaded waits until the page has all its parts: a style sheet that comes late moves a button away from the click.
func (b *tab) loaded() {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		// An error means that the page changed during the call.
		if state, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.readyState")); err == nil && state == "complete" {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("the page does not load\n%s", b.state())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (b *tab) click(css chromedp.CSS) {
	b.t.Helper()
	b.see(css)
	b.loaded()
	run(b, "click "+string(css), chromedp.Click(css, chromedp.NodeVisible))
}

// fill sets the field at once: single keys would go to another field when the page moves the focus.
func (b *tab) fill(css chromedp.CSS, text string) {
	b.t.Helper()
	b.see(css)
	run(b, "fill in "+string(css), chromedp.Evaluate[chromedp.Void](fmt.Sprintf("document.querySelector(%q).value = %q", string(css), text)))
}

func (b *tab) see(css chromedp.CSS) {
	b.t.Helper()
	run(b, "see "+string(css), chromedp.WaitVisible(css))
}

func (b *tab) text(css chromedp.CSS) string {
	b.t.Helper()
	return strings.TrimSpace(run(b, "text of "+string(css), chromedp.TextContent(css)))
}

// changes waits until the element's text is another one than before.
func (b *tab) changes(css chromedp.CSS, before string) {
	b.t.Helper()
	b.until(fmt.Sprintf("%s is not %q any more", css, before), fmt.Sprintf(
		"document.querySelector(%q) !== null && document.querySelector(%q).textContent !== %q", string(css), string(css), before))
}

// read waits until the element's text is want: the previous page may have had the element too.
func (b *tab) read(css chromedp.CSS, want string) {
	b.t.Helper()
	b.until(fmt.Sprintf("%s says %q", css, want), fmt.Sprintf("document.querySelector(%q)?.textContent.includes(%q) ?? false", string(css), want))
}

// until waits until a script says true.
func (b *tab) until(what, script string) {
	b.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		// An error means that the page changed during the call.
		if ok, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script)); err == nil && ok {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("not: %s\n%s", what, b.state())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func (b *tab) html() string {
	b.t.Helper()
	return run(b, "the page", chromedp.OuterHTML(chromedp.CSS("html")))
}

func (b *tab) location() string {
	b.t.Helper()
	return run(b, "the address", chromedp.Location())
}

// has tells whether the page has such an element now.
func (b *tab) has(css chromedp.CSS) bool {
	b.t.Helper()
	return run(b, "look for "+string(css), chromedp.Evaluate[bool](fmt.Sprintf("document.querySelector(%q) !== null", string(css))))
}

// cookies are those of the whole profile, HttpOnly ones too.
func (b *tab) cookies() map[string]*network.Cookie {
	b.t.Helper()
	id := chromedp.FromContext(b.ctx).BrowserContextID
	got, err := chromedp.CallBrowser(b.ctx, storage.GetCookies, storage.GetCookiesParams{BrowserContextID: id})
	require.NoError(b.t, err)
	all := map[string]*network.Cookie{}
	for _, c := range got.Cookies {
		all[c.Domain+" "+c.Name] = c
	}
	return all
}

// shoot takes a screenshot for a person to look at.
func (b *tab) shoot(name string) {
	b.t.Helper()
	dir := os.Getenv("E2E_SCREENSHOTS")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Logf("no screenshot: %v", err)
		return
	}
	file := strings.ReplaceAll(b.t.Name()+"-"+name, "/", "-") + ".png"
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, file), png, 0o600))
}

// intercept runs act, holds back the request for an address that begins with prefix, and returns that
// address. The page shows "held" instead.
func (b *tab) intercept(prefix string, act func()) string {
	b.t.Helper()
	return b.held(prefix, act).URL
}

// held is intercept, and returns the request.
func (b *tab) held(prefix string, act func()) *network.Request {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: prefix + "*"}}})
	require.NoError(b.t, err)
	ctx, cancel := context.WithTimeout(b.ctx, 2*patience)
	defer cancel()
	paused := chromedp.Events(ctx, fetch.RequestPaused)
	act()
	for event, err := range paused {
		require.NoError(b.t, err)
		_, err = chromedp.Call(b.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
			RequestID: event.RequestID, ResponseCode: 200, Body: []byte("<p id=held>held</p>"),
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/html"}},
		})
		require.NoError(b.t, err)
		b.see("#held")
		_, err = chromedp.Call(b.ctx, fetch.Disable, struct{}{})
		require.NoError(b.t, err)
		return event.Request
	}
	b.t.Fatal("the browser did not go to " + prefix + "\n" + b.state())
	return nil
}
