package authtest

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

// walk is a browser on its way through the pages of one server.
type walk struct {
	server  *Server
	jar     http.CookieJar
	home    string
	account *User
	typed   bool // the password was typed once
}

// from follows redirects and answers forms until one leaves the server, or until
// there is nothing left to do: nil.
func (k *walk) from(ctx context.Context, request *http.Request) (*http.Request, error) {
	at := request.URL
	var err error
	for range 20 {
		if err != nil {
			return nil, fmt.Errorf("authtest: after %s: %w", at.Path, quiet(err))
		}
		if request == nil || !k.within(request.URL) {
			return request, nil
		}
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("authtest: %s: %w", request.URL.Path, err)
		}
		at = request.URL
		answer := k.visit(request)
		request, err = k.next(ctx, at, answer)
	}
	return nil, fmt.Errorf("authtest: %s: too many redirects", at.Path)
}

// within says whether the address is a page of this server. The application may
// be served under the same host and port, so the path counts too.
func (k *walk) within(at *url.URL) bool {
	if at.Host != k.home {
		return false
	}
	k.server.prepare()
	probe := k.server.rebase(&http.Request{Method: http.MethodGet, URL: at, Host: at.Host})
	_, pattern := k.server.mux.Handler(probe)
	return pattern != "" && pattern != "GET /{$}"
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
	k.server.ServeHTTP(answer, r)
	k.jar.SetCookies(r.URL, (&http.Response{Header: answer.header}).Cookies())
	return answer
}

// next is the request that a person's next step makes.
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
	if code := regexp.MustCompile(`<code id="error">([^<]*)</code>`).FindStringSubmatch(body); code != nil {
		return nil, fmt.Errorf("%d %s", status, code[1])
	}
	if strings.Contains(body, `<p id="done">`) {
		return nil, nil
	}
	form := regexp.MustCompile(`<form id="([a-z-]+)" method="post" action="([^"]*)"`).FindStringSubmatch(body)
	if form == nil {
		return nil, fmt.Errorf("status %d and no form to fill in", status)
	}
	to, err := at.Parse(html.UnescapeString(form[2]))
	if err != nil {
		return nil, errors.New("the form's action is not a URL")
	}
	fields, err := k.fill(form[1], body)
	if err != nil {
		return nil, err
	}
	return post(ctx, at, to, encodeReply(fields))
}

// fill answers a form of the server as the person would.
func (k *walk) fill(form, body string) ([]parameter, error) {
	switch form {
	case "login":
		if k.typed {
			return nil, errors.New("the login page came back")
		}
		k.typed = true
		return []parameter{{"username", k.account.name()}, {"password", k.account.Password}, {"action", "login"}}, nil
	case "consent":
		return []parameter{{"action", "allow"}}, nil
	case "reply", "saml-form":
		var fields []parameter
		for _, input := range regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`).FindAllStringSubmatch(body, -1) {
			fields = append(fields, parameter{html.UnescapeString(input[1]), html.UnescapeString(input[2])})
		}
		return fields, nil
	}
	return nil, fmt.Errorf("the page has a %s form, not a login", form)
}

// post is a form that is sent from a page; nil is one that nobody knows.
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
