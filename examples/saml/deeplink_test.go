package main

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var loginLink = regexp.MustCompile(`id="login" href="([^"]*)"`)

// enter logs in by the link of the home page, and returns the final address.
func (p *person) enter(home string) string {
	p.t.Helper()
	page := p.get(home)
	link := loginLink.FindStringSubmatch(page.body)
	require.Len(p.t, link, 2, page.body)
	back := p.do(p.beginAt(html.UnescapeString(link[1])))
	require.Equal(p.t, http.StatusSeeOther, back.status, back.body)
	return back.location
}

// A page that needs a session redirects to the login, which returns to the page with its query.
func TestDeepLink(t *testing.T) {
	t.Parallel()
	for _, deep := range []string{"/user?tab=%20%26x", "/user"} {
		who := newStage(t).person()
		lead := who.get(deep).location
		assert.Equal(t, "/?return="+url.QueryEscape(deep), lead)
		assert.Equal(t, deep, who.enter(lead))
		assert.Equal(t, http.StatusOK, who.get(deep).status)
	}
	assert.Equal(t, "/user", newStage(t).person().enter("/"), "without a requested page")
}

// S2: a planted link does not lead to another site.
func TestS2DeepLinkElsewhere(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"//evil.example", "/\\evil.example", "https://evil.example/", "/.//evil.example", "javascript:alert(1)"} {
		assert.Equal(t, "/user", newStage(t).person().enter("/?return="+url.QueryEscape(bad)), bad)
	}
}

// Each response to a user is a page of the application, never plain text.
func TestNoBareText(t *testing.T) {
	t.Parallel()
	who := newStage(t).person()
	for path, want := range map[string]int{"/none": http.StatusNotFound, "/user/x": http.StatusNotFound, "/logout": http.StatusMethodNotAllowed} {
		page := who.get(path)
		assert.Equal(t, want, page.status, path)
		assert.Contains(t, page.header.Get("Content-Type"), "text/html", path)
		assert.Contains(t, page.body, `<a class="button" href="/">`, path)
	}
	page := who.send(http.MethodPost, "/logout", "Sec-Fetch-Site", "cross-site")
	assert.Equal(t, http.StatusForbidden, page.status)
	assert.Contains(t, page.body, "another site")
}
