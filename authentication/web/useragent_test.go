package web_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// The test browser keeps the rules on which the Site depends: each is seen here with its twin.
func TestUserAgent(t *testing.T) {
	t.Parallel()
	var sent string
	shop := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/set" {
			for _, c := range []string{
				"strict=1; Path=/; SameSite=Strict; Secure", "lax=1; Path=/; SameSite=Lax; Secure", "none=1; Path=/; SameSite=None; Secure",
				"short=1; Path=/; Max-Age=10", "deep=1; Path=/deep", "__Host-good=1; Path=/; Secure", "__Host-bad=1; Path=/",
				"plainnone=1; Path=/; SameSite=None", "__Host-Http-bad=1; Path=/; Secure", "__Host-Http-good=1; Path=/; Secure; HttpOnly",
			} {
				w.Header().Add("Set-Cookie", c)
			}
		}
		sent = r.Method + " " + r.Header.Get("Sec-Fetch-Site") + ":"
		for _, c := range r.Cookies() {
			sent += " " + c.Name
		}
	})
	now := time.Unix(0, 0)
	u := newUserAgent(t, network{"https://shop.test": shop, "https://evil.test": shop, "http://shop.test": shop}, nil, func() time.Time { return now })
	u.open("https://shop.test/set")
	assert.ElementsMatch(t, []string{"__Host-bad", "plainnone", "__Host-Http-bad"}, u.jar.dropped)
	for _, c := range []struct {
		from string
		do   func()
		want string
	}{
		{"", func() { u.click("https://shop.test/") }, "GET none: strict lax none short __Host-good __Host-Http-good"},
		{"https://evil.test", func() { u.click("https://shop.test/") }, "GET cross-site: lax none short __Host-good __Host-Http-good"},
		{"https://evil.test", func() { u.submit("https://shop.test/", url.Values{}) }, "POST cross-site: none"},
		{"https://evil.test", func() { u.load("image", "https://shop.test/") }, "GET cross-site: none"},
		{"https://www.shop.test", func() { u.submit("https://shop.test/", url.Values{}) }, "POST same-site: strict lax none short __Host-good __Host-Http-good"},
		{"", func() { u.click("https://shop.test/deep/er") }, "GET none: strict lax none short deep __Host-good __Host-Http-good"},
		{"", func() { u.click("http://shop.test/") }, "GET none: short"},
		{"https://shop.test", func() { now = now.Add(10 * time.Second); u.click("https://shop.test/") }, "GET same-origin: strict lax none __Host-good __Host-Http-good"},
	} {
		u.at = c.from
		c.do()
		assert.Equal(t, c.want, sent)
	}
}

// Each protocol's login goes from the flow to the server and back.
func TestWorld(t *testing.T) {
	t.Parallel()
	w := newWorld(t).open()
	for name, flow := range w.config.Flows {
		at, err := w.config.Addresses(name)
		require.NoError(t, err)
		login, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{RedirectURI: at.Callback})
		require.NoError(t, err, name)
		u := w.person("")
		u.hold = func(r *http.Request) bool { return originOf(r.URL) == appOrigin }
		back := u.navigate(u.asked(http.MethodGet, mustParse(t, login.URL), ""))
		require.NotNil(t, back.held)
		id, err := flow.CompleteLogin(t.Context(), login, back.held)
		require.NoError(t, err, name)
		assert.Equal(t, name, id.Protocol)
	}
}

func mustParse(t testing.TB, address string) *url.URL {
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u
}

// What the tests of the Site's parts use.
var _ = []any{(*userAgent).fetch, copyOf, (*jar).find, (*jar).drop, (*world).advance, (*world).happened}
