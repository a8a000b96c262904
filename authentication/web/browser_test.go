package web_test

import (
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// userAgent is a person's browser: it follows redirects, runs the pages that post a form by themselves, keeps cookies, and
// says by Fetch Metadata where a request comes from. At the servers it is idptest's person. fetch and load may be called
// from several goroutines.
type userAgent struct {
	t       testing.TB
	network network
	person  *idptest.Browser
	jar     *jar
	at      string      // the origin of the page that is shown; empty is a new tab
	header  http.Header // sent with every request besides
	// hold stops a navigation before the requests for which it is true: page.held.
	hold func(*http.Request) bool
}

// page is where a navigation ended, or an answer to a script.
type page struct {
	*http.Response
	body string
	// held is the request that was not sent, because of userAgent.hold; then there is no Response.
	held *http.Request
	// passed are the requests of the navigation that were sent to applications.
	passed []*http.Request
}

func newUserAgent(t testing.TB, n network, person *idptest.Browser, now func() time.Time) *userAgent {
	return &userAgent{t: t, network: n, person: person, jar: &jar{now: now}, header: http.Header{}}
}

// open types an address into the address bar.
func (u *userAgent) open(address string) *page {
	u.at = ""
	return u.click(address)
}

// click follows a link to an address, or a path, of the page that is shown.
func (u *userAgent) click(address string) *page {
	return u.navigate(u.request(http.MethodGet, address, ""))
}

// submit posts a form of the page that is shown.
func (u *userAgent) submit(address string, form url.Values) *page {
	r := u.request(http.MethodPost, address, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return u.navigate(r)
}

// fetch is a script's request of the page that is shown. It follows no redirect.
func (u *userAgent) fetch(method, address, body string, header ...string) *page {
	return u.part(method, address, body, "cors", "empty", header...)
}

// load is an image, a frame or another part (Sec-Fetch-Dest) of the page that is shown. It follows no redirect.
func (u *userAgent) load(dest, address string, header ...string) *page {
	mode := "no-cors"
	if strings.Contains(dest, "frame") {
		mode = "navigate"
	}
	return u.part(http.MethodGet, address, "", mode, dest, header...)
}

func (u *userAgent) part(method, address, body, mode, dest string, header ...string) *page {
	r := u.request(method, address, body)
	r.Header.Set("Sec-Fetch-Mode", mode)
	r.Header.Set("Sec-Fetch-Dest", dest)
	r.Header.Set("Accept", "*/*")
	if mode == "navigate" {
		r.Header.Set("Accept", acceptsPage)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	h := sameSite
	if relation(u.at, r.URL) == "cross-site" {
		h = crossSite
	}
	return u.send(r, relation(u.at, r.URL), h, h == crossSite)
}

func (u *userAgent) request(method, address, body string) *http.Request {
	u.t.Helper()
	to, err := url.Parse(address)
	require.NoError(u.t, err)
	if !to.IsAbs() {
		base, err := url.Parse(u.at + "/")
		require.NoError(u.t, err)
		to = base.ResolveReference(to)
	}
	r, err := http.NewRequestWithContext(u.t.Context(), method, to.String(), strings.NewReader(body))
	require.NoError(u.t, err)
	if method != http.MethodGet && u.at != "" {
		r.Header.Set("Origin", u.at)
	}
	return r
}

// autoPost finds the form of a page that posts it by itself.
var (
	autoPost = regexp.MustCompile(`(?s)<form method="post"(?: action="([^"]*)")?>(.*?)</form>.*HTMLFormElement\.prototype\.submit`)
	hidden   = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// navigate is a top-level navigation that begins at the page that is shown, from redirect to redirect and form to form.
func (u *userAgent) navigate(r *http.Request) *page {
	u.t.Helper()
	var passed []*http.Request
	foreign := false // a redirect of this chain was at another site
	for range 30 {
		if u.hold != nil && u.hold(r) {
			return &page{held: r, passed: passed}
		}
		if u.network[originOf(r.URL)] == nil {
			u.t.Fatalf("there is no host %s", originOf(r.URL))
		}
		if u.isServer(r.URL) {
			r, foreign = u.walk(r), false
			continue
		}
		site := relation(u.at, r.URL)
		if foreign && site != "none" {
			site = "cross-site"
		}
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		r.Header.Set("Sec-Fetch-Dest", "document")
		r.Header.Set("Accept", acceptsPage)
		h := sameSite
		if site == "cross-site" {
			if h = navigation; r.Method != http.MethodGet {
				h = crossSite
			}
		}
		answer := u.send(r, site, h, false)
		passed = append(passed, r)
		answer.passed = passed
		next := u.next(r, answer)
		if next == nil {
			u.at = originOf(r.URL)
			return answer
		}
		foreign = foreign || site == "cross-site"
		if next.Header.Get("Origin") != "" {
			u.at, foreign = originOf(r.URL), false
		}
		r = next
	}
	u.t.Fatal("the navigation has no end")
	return nil
}

// next is what a browser does after an answer without the person; nil is nothing.
func (u *userAgent) next(r *http.Request, answer *page) *http.Request {
	u.t.Helper()
	if to := answer.Header.Get("Location"); to != "" && answer.StatusCode/100 == 3 {
		require.Contains(u.t, []int{http.StatusFound, http.StatusSeeOther}, answer.StatusCode)
		address, err := r.URL.Parse(to)
		require.NoError(u.t, err)
		return u.asked(http.MethodGet, address, "")
	}
	form := autoPost.FindStringSubmatch(answer.body)
	if form == nil {
		return nil
	}
	address, err := r.URL.Parse(html.UnescapeString(form[1]))
	require.NoError(u.t, err)
	fields := url.Values{}
	for _, input := range hidden.FindAllStringSubmatch(form[2], -1) {
		fields.Add(html.UnescapeString(input[1]), html.UnescapeString(input[2]))
	}
	if form[1] == "" { // the page that posts the fragment
		if r.URL.Fragment == "" {
			return nil
		}
		fields, err = url.ParseQuery(r.URL.EscapedFragment())
		require.NoError(u.t, err)
	}
	address.Fragment, address.RawFragment = "", ""
	post := u.asked(http.MethodPost, address, fields.Encode())
	post.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	post.Header.Set("Origin", originOf(r.URL))
	return post
}

func (u *userAgent) asked(method string, address *url.URL, body string) *http.Request {
	r, err := http.NewRequestWithContext(u.t.Context(), method, address.String(), strings.NewReader(body))
	require.NoError(u.t, err)
	return r
}

// send sends one request to an application.
func (u *userAgent) send(r *http.Request, site string, h how, foreign bool) *page {
	r.Header.Set("Sec-Fetch-Site", site)
	for name, values := range u.header {
		r.Header[name] = values
	}
	r.Header.Del("Cookie")
	for _, c := range u.jar.get(r.URL, h) {
		r.AddCookie(c)
	}
	answer, err := u.network.RoundTrip(r)
	require.NoError(u.t, err)
	u.jar.set(r.URL, answer.Cookies(), foreign)
	body, err := io.ReadAll(answer.Body)
	require.NoError(u.t, err)
	return &page{Response: answer, body: string(body)}
}

// isServer tells the servers from the applications.
func (u *userAgent) isServer(address *url.URL) bool {
	_, ok := u.network[originOf(address)].(server)
	return ok
}

// server is the handler of fake servers, where the person walks.
type server struct{ http.Handler }

// walk does what the person does at a server, and returns the request that leaves it.
func (u *userAgent) walk(r *http.Request) *http.Request {
	u.t.Helper()
	var form url.Values
	if r.Method == http.MethodPost {
		require.NoError(u.t, r.ParseForm())
		form = r.PostForm
	}
	back, err := u.person.Open(u.t.Context(), r.URL.String(), form)
	require.NoError(u.t, err)
	require.NotNil(u.t, back, "the way ended at the server")
	u.at = originOf(r.URL)
	return back
}

// copyOf is a request to send once more, as after a reload or the button "back".
func copyOf(t testing.TB, r *http.Request) *http.Request {
	c := r.Clone(r.Context())
	if r.GetBody != nil {
		body, err := r.GetBody()
		require.NoError(t, err)
		c.Body = body
	}
	return c
}

// relation is Sec-Fetch-Site of a request by a page of this origin. A site is the scheme and the last two labels.
func relation(from string, to *url.URL) string {
	at, err := url.Parse(from)
	switch {
	case from == "":
		return "none"
	case err != nil:
		return "cross-site"
	case originOf(at) == originOf(to):
		return "same-origin"
	case siteOf(at) == siteOf(to):
		return "same-site"
	}
	return "cross-site"
}

func siteOf(u *url.URL) string {
	host := u.Hostname()
	if net.ParseIP(host) == nil {
		labels := strings.Split(host, ".")
		host = strings.Join(labels[max(0, len(labels)-2):], ".")
	}
	return u.Scheme + "://" + host
}
