package demotest

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Person is one user's browser: it follows redirects, keeps cookies by their SameSite, sends Fetch Metadata, and at the
// fake servers does what the user would.
type Person struct {
	*Example
	// Hold stops before a request for which it is true: Page.Held.
	Hold func(*http.Request) bool
	// Cancels makes the user press a server's button "Cancel".
	Cancels bool
	jar     jar
	at      *url.URL // of the page that is shown; nil for a new tab
}

// Page is where the browser came to.
type Page struct {
	Status int
	Header http.Header
	URL    *url.URL
	Body   string
	// Asked are the servers' pages on the way that wanted something of the user: login, consent, logout.
	Asked []string
	// Held is the request that was not sent, because of Person.Hold.
	Held *http.Request
}

// Part is the text of the element with this id, empty when there is none or when it has elements of its own.
func (p *Page) Part(id string) string {
	found := regexp.MustCompile(`id="` + id + `"[^>]*>([^<]*)</`).FindStringSubmatch(p.Body)
	if found == nil {
		return ""
	}
	return html.UnescapeString(found[1])
}

// Person returns a new browser.
func (e *Example) Person() *Person { return &Person{Example: e, jar: jar{}} }

// Open types an address, or a path of the application, into the address bar.
func (p *Person) Open(address string) *Page {
	p.t.Helper()
	p.at = nil
	return p.navigate(p.request(http.MethodGet, address, nil))
}

// Click follows a link of the page that is shown.
func (p *Person) Click(address string) *Page {
	p.t.Helper()
	return p.navigate(p.request(http.MethodGet, address, nil))
}

// Press posts a form of the page that is shown.
func (p *Person) Press(address string, form url.Values) *Page {
	p.t.Helper()
	return p.navigate(p.request(http.MethodPost, address, form))
}

// Send sends a request as another browser or a program would, with this browser's cookies, and follows nothing.
func (p *Person) Send(r *http.Request) *Page {
	p.t.Helper()
	again := r.Clone(p.t.Context())
	if r.GetBody != nil {
		body, err := r.GetBody()
		require.NoError(p.t, err)
		again.Body = body
	}
	again.Header.Del("Cookie")
	return p.send(again, r.Header.Get("Sec-Fetch-Site") != "cross-site")
}

// Fetch is a script's request of the application's page.
func (p *Person) Fetch(method, path string, header ...string) *Page {
	p.t.Helper()
	r := p.request(method, path, nil)
	r.Header.Set("Sec-Fetch-Mode", "cors")
	r.Header.Set("Sec-Fetch-Dest", "empty")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return p.send(r, true)
}

// Cookie is the value of a cookie of the application; empty is none.
func (p *Person) Cookie(name string) string {
	if c := p.jar["localhost "+name]; c != nil {
		return c.Value
	}
	return ""
}

// Plant gives the browser a cookie of the application, as an attacker may.
func (p *Person) Plant(name, value string) {
	p.jar["localhost "+name] = &http.Cookie{Name: name, Value: value, SameSite: http.SameSiteLaxMode}
}

func (p *Person) request(method, address string, form url.Values) *http.Request {
	p.t.Helper()
	base, err := url.Parse(p.Origin + "/")
	require.NoError(p.t, err)
	if p.at != nil {
		base = p.at
	}
	to, err := base.Parse(address)
	require.NoError(p.t, err)
	r, err := http.NewRequestWithContext(p.t.Context(), method, to.String(), strings.NewReader(form.Encode()))
	require.NoError(p.t, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if p.at != nil {
			r.Header.Set("Origin", p.at.Scheme+"://"+p.at.Host)
		}
	}
	return r
}

// navigate goes on until a page needs the user.
func (p *Person) navigate(r *http.Request) *Page {
	p.t.Helper()
	var asked []string
	for range 30 {
		site := "none"
		switch {
		case p.at == nil:
		case p.at.Host == r.URL.Host:
			site = "same-origin"
		case sameSite(p.at, r.URL):
			site = "same-site"
		default:
			site = "cross-site"
		}
		r.Header.Set("Sec-Fetch-Site", site)
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		r.Header.Set("Sec-Fetch-Dest", "document")
		r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
		if p.Hold != nil && p.Hold(r) {
			return &Page{Held: r, URL: r.URL, Asked: asked}
		}
		page := p.send(r, site != "cross-site")
		if to := page.Header.Get("Location"); to != "" {
			r = p.request(http.MethodGet, page.URL.ResolveReference(parse(to)).String(), nil)
			continue
		}
		p.at = page.URL
		page.Asked = asked
		next, kind := p.next(page)
		if next == nil {
			return page
		}
		if kind == "login" || kind == "consent" || kind == "logout" {
			asked = append(asked, kind)
		}
		r = next
	}
	p.t.Fatal("the way has no end")
	return nil
}

var (
	kindOf   = regexp.MustCompile(`data-page="([a-z]+)"`)
	formOf   = regexp.MustCompile(`(?s)<form[^>]* method="post"(?:[^>]* action="([^"]*)")?[^>]*>(.*?)</form>`)
	inputOf  = regexp.MustCompile(`<input[^>]* name="([^"]*)"(?:[^>]* value="([^"]*)")?`)
	buttonOf = regexp.MustCompile(`<button[^>]* name="([^"]*)" value="([^"]*)"`)
	leaving  = regexp.MustCompile(`<a id="continue" href="([^"]*)"`)
)

// next is what the user does on a server's page, and what a page does by itself; nil is nothing.
func (p *Person) next(page *Page) (*http.Request, string) {
	p.t.Helper()
	kind := "post"
	if found := kindOf.FindStringSubmatch(page.Body); found != nil {
		kind = found[1]
	}
	if link := leaving.FindStringSubmatch(page.Body); kind == "leaving" && link != nil {
		return p.request(http.MethodGet, html.UnescapeString(link[1]), nil), kind
	}
	form := formOf.FindStringSubmatch(page.Body)
	if form == nil || kind == "error" || kind == "message" || kindOf.FindString(page.Body) == "" && !strings.Contains(page.Body, "HTMLFormElement.prototype.submit") {
		return nil, ""
	}
	fields := url.Values{}
	for _, input := range inputOf.FindAllStringSubmatch(form[2], -1) {
		fields.Add(html.UnescapeString(input[1]), html.UnescapeString(input[2]))
	}
	for _, button := range buttonOf.FindAllStringSubmatch(form[2], -1) {
		if !fields.Has(button[1]) || p.Cancels {
			fields.Set(button[1], button[2]) // the first, or "Cancel", which is the last
		}
	}
	if fields.Has("password") {
		fields.Set("username", idptest.Username)
		fields.Set("password", idptest.Password)
	}
	return p.request(http.MethodPost, html.UnescapeString(form[1]), fields), kind
}

// send sends one request, with the cookies that a browser would send.
func (p *Person) send(r *http.Request, own bool) *Page {
	p.t.Helper()
	p.jar.add(r, own)
	answer, err := transport.RoundTrip(r)
	require.NoError(p.t, err)
	defer answer.Body.Close()
	p.jar.keep(r.URL, answer.Cookies())
	body, err := io.ReadAll(answer.Body)
	require.NoError(p.t, err)
	return &Page{Status: answer.StatusCode, Header: answer.Header, URL: r.URL, Body: string(body)}
}

func parse(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil {
		return &url.URL{}
	}
	return u
}
