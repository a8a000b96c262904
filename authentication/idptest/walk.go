package idptest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// pages are those of one server.
type pages struct {
	server Server
	paths  *http.ServeMux
}

// walk is a browser on its way through the pages of one server.
type walk struct {
	realm   *Realm
	pages   pages
	jar     http.CookieJar
	home    string
	account *User
	typed   bool            // the password was typed once
	frames  []*http.Request // that the pages opened
}

// choose finds the server whose page the address is.
func (k *walk) choose(all []pages, at *url.URL) bool {
	for _, k.pages = range all {
		if k.within(at) {
			return true
		}
	}
	return false
}

// from follows redirects and answers forms until one leaves the server, or until there is nothing left to do: nil.
func (k *walk) from(ctx context.Context, request *http.Request) (*http.Request, error) {
	at := request.URL
	var err error
	for range 20 {
		if err != nil {
			return nil, fmt.Errorf("idptest: after %s: %w", at.Path, quiet(err))
		}
		if request == nil || !k.within(request.URL) {
			return request, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("idptest: %s: %w", request.URL.Path, err)
		}
		at = request.URL
		answer := k.visit(request)
		request, err = k.next(ctx, at, answer)
	}
	return nil, fmt.Errorf("idptest: %s: too many redirects", at.Path)
}

// within says whether the address is a page of the server. The application may be served under the same host and port,
// so the path counts too, and the home page does not count.
func (k *walk) within(at *url.URL) bool {
	if at.Host != k.home {
		return false
	}
	probe := k.realm.rebase(&http.Request{Method: http.MethodGet, URL: at, Host: at.Host})
	_, pattern := k.pages.paths.Handler(probe)
	return pattern != "" && !strings.HasSuffix(pattern, "/{$}")
}

// visit calls the server with the browser's cookies.
func (k *walk) visit(r *http.Request) *recorder {
	for _, cookie := range k.jar.Cookies(r.URL) {
		r.AddCookie(cookie)
	}
	r.RequestURI = r.URL.RequestURI()
	r.RemoteAddr = "127.0.0.1:1"
	if r.Body == nil {
		r.Body = http.NoBody
	}
	if r.URL.Scheme == "https" {
		r.TLS = &tls.ConnectionState{HandshakeComplete: true, ServerName: r.URL.Hostname()}
	}
	answer := &recorder{header: make(http.Header)}
	k.pages.server.ServeHTTP(answer, r.WithContext(k.realm.enter(r.Context())))
	k.jar.SetCookies(r.URL, (&http.Response{Header: answer.header}).Cookies())
	return answer
}

// What a walk reads of a page; show writes it.
var (
	kindOf   = regexp.MustCompile(`<main data-page="([a-z]+)">`)
	codeOf   = regexp.MustCompile(`<code id="error">([^<]*)</code>`)
	actionOf = regexp.MustCompile(`<form id="[^"]*" method="post" action="([^"]*)"`)
	hiddenOf = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// next is the request that the person's next step makes.
func (k *walk) next(ctx context.Context, at *url.URL, answer *recorder) (*http.Request, error) {
	status := answer.code()
	if location := answer.header.Get("Location"); location != "" && status >= 300 && status < 400 {
		to, err := at.Parse(location)
		if err != nil {
			return nil, errors.New("the redirect is not a URL")
		}
		return http.NewRequestWithContext(ctx, http.MethodGet, to.String(), nil)
	}
	body := answer.body.String()
	if problem, ok := strings.CutPrefix(body, "idptest: "); ok {
		return nil, errors.New(strings.TrimSpace(problem))
	}
	if code := codeOf.FindStringSubmatch(body); code != nil {
		return nil, fmt.Errorf("%d %s", status, code[1])
	}
	kind := kindOf.FindStringSubmatch(body)
	if kind != nil && pageKind(kind[1]) == messagePage {
		return nil, nil
	}
	if kind != nil && pageKind(kind[1]) == leavingPage {
		return k.leave(ctx, at, body)
	}
	action := actionOf.FindStringSubmatch(body)
	if kind == nil || action == nil {
		return nil, fmt.Errorf("status %d and no form to fill in", status)
	}
	to, err := at.Parse(html.UnescapeString(action[1]))
	if err != nil {
		return nil, errors.New("the form's action is not a URL")
	}
	fields, err := k.fill(pageKind(kind[1]), body)
	if err != nil {
		return nil, err
	}
	return post(ctx, at, to, Parameters(fields).Encode())
}

// fill answers the form of a page as the person would.
func (k *walk) fill(kind pageKind, body string) (Parameters, error) {
	switch kind {
	case loginPage:
		if k.typed {
			return nil, errors.New("the login page came back")
		}
		k.typed = true
		return Parameters{{"username", k.account.Name()}, {"password", k.account.Password}, {"action", "login"}}, nil
	case consentPage:
		return Parameters{{"action", "allow"}}, nil
	case postPage:
		var fields Parameters
		for _, input := range hiddenOf.FindAllStringSubmatch(body, -1) {
			fields = append(fields, Parameter{html.UnescapeString(input[1]), html.UnescapeString(input[2])})
		}
		return fields, nil
	}
	return nil, fmt.Errorf("the page has a %s form, not a login", kind)
}

// post is a form that is sent from a page; nil means that the page is not known.
func post(ctx context.Context, from, to *url.URL, body string) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if from != nil {
		request.Header.Set("Origin", from.Scheme+"://"+from.Host)
	}
	return request, nil
}

// quiet cuts the URL, and with it the code, from an error of net/url.
func quiet(err error) error {
	var about *url.Error
	if errors.As(err, &about) {
		return about.Err
	}
	return err
}
