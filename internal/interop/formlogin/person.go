package formlogin

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// maxSteps limits a walk; the longest login so far takes eleven steps.
const maxSteps = 30

// Person fills in forms. A Person has one set of cookies, so a second login is single sign-on.
type Person struct {
	User, Password string
	// Press is the name of the submit button to press if the form has it; empty presses the first.
	Press string
	// Follow is the end of a link's path. On a page with such a link the Person follows it, for example to cancel a
	// login.
	Follow string

	client *http.Client
}

// New returns a Person without cookies. transport may trust its own CA; nil is the default.
func New(user, password string, transport http.RoundTripper) (*Person, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &Person{User: user, Password: password, client: &http.Client{
		Jar: jar, Transport: transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// PageError is a walk that ended on a page of the server without a form to submit.
type PageError struct {
	Status    int
	URL, Body string
}

// Error names status and address, and quotes the page: what it says is gone after the test.
func (e *PageError) Error() string {
	return fmt.Sprintf("formlogin: no redirect and no form to submit at %s (status %d): %.1000q", e.URL, e.Status, e.Body)
}

// step is one request of the walk.
type step struct {
	method, url string
	form        url.Values
}

// Visit opens address and returns the request that the browser would send to the relying party, whose
// addresses begin with stop. The request is not sent; a fragment stays in its URL. The error is a
// *PageError when the server shows a page instead.
func (p *Person) Visit(ctx context.Context, address, stop string) (*http.Request, error) {
	return p.from(ctx, step{method: http.MethodGet, url: address}, stop)
}

// Submit posts the form of a page of the relying party to address, and then continues like Visit.
func (p *Person) Submit(ctx context.Context, address string, form url.Values, stop string) (*http.Request, error) {
	return p.from(ctx, step{method: http.MethodPost, url: address, form: form}, stop)
}

func (p *Person) from(ctx context.Context, next step, stop string) (*http.Request, error) {
	for range maxSteps {
		if strings.HasPrefix(next.url, stop) {
			return next.request(ctx)
		}
		var err error
		if next, err = p.walk(ctx, next, stop); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("formlogin: not finished after %d steps", maxSteps)
}

func (s step) request(ctx context.Context) (*http.Request, error) {
	target, body := s.url, io.Reader(nil)
	switch {
	case s.method == http.MethodPost:
		body = strings.NewReader(s.form.Encode())
	case len(s.form) > 0:
		target += "?" + s.form.Encode()
	}
	r, err := http.NewRequestWithContext(ctx, s.method, target, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Accept", "text/html")
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Referer", s.url) // servers that protect forms against other sites check it
	}
	return r, nil
}

func (p *Person) walk(ctx context.Context, s step, stop string) (step, error) {
	r, err := s.request(ctx)
	if err != nil {
		return step{}, err
	}
	res, err := p.client.Do(r)
	if err != nil {
		return step{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return step{}, err
	}
	if location := res.Header.Get("Location"); location != "" && res.StatusCode/100 == 3 {
		u, err := r.URL.Parse(location)
		if err != nil {
			return step{}, err
		}
		return step{method: http.MethodGet, url: u.String()}, nil
	}
	page := page{url: r.URL, body: string(raw)}
	if next, ok := p.leave(page, stop); ok {
		return next, nil
	}
	return step{}, &PageError{Status: res.StatusCode, URL: r.URL.String(), Body: page.body}
}

// leave chooses the next step: the link to follow, then a form for the relying party, then the login form, then any
// form that posts.
func (p *Person) leave(page page, stop string) (step, bool) {
	if p.Follow != "" {
		if link, ok := page.link(p.Follow); ok {
			return step{method: http.MethodGet, url: link}, true
		}
	}
	var best step
	rank := 0
	for _, f := range page.forms(p) {
		r := 0
		switch {
		case strings.HasPrefix(f.url, stop):
			r = 3
		case f.password:
			r = 2
		case f.method == http.MethodPost:
			r = 1
		}
		if r > rank {
			best, rank = f.step, r
		}
	}
	return best, rank > 0
}
