package idptest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
)

// Browser is a person with a browser that keeps its cookies from one visit to the next, for single sign-on and single
// logout. It is for one goroutine.
type Browser struct {
	realm   *Realm
	pages   []pages
	account *User
	jar     http.CookieJar
	frames  []*http.Request
}

// Browser returns a new browser of user (a username, email, phone or subject; empty means the first one) that knows its
// way through these servers of the Realm. They are called directly, so that they need not listen.
func (r *Realm) Browser(user string, servers ...Server) (*Browser, error) {
	account, err := r.Person(user)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("idptest: %w", err)
	}
	b := &Browser{realm: r, account: account, jar: jar}
	for _, server := range servers {
		b.pages = append(b.pages, pages{server, r.mux(server)})
	}
	return b, nil
}

// Login is a login in a new browser of user: it opens loginURL, or posts form there when it is not nil, as
// Browser.Open does, and returns the request that the browser would send to the application. It is an error when there
// is none.
func (r *Realm) Login(ctx context.Context, server Server, loginURL string, form url.Values, user string) (*http.Request, error) {
	browser, err := r.Browser(user, server)
	if err != nil {
		return nil, err
	}
	request, err := browser.Open(ctx, loginURL, form)
	if err == nil && request == nil {
		err = errors.New("idptest: there is no way back to the application, and no form to fill in")
	}
	return request, err
}

// Open opens an address of a server, or posts form there when it is not nil, and does what the person would: it fills in
// a login page and agrees to a consent page. It returns the request that leaves the server, such as one for the
// application's callback, its SAML assertion consumer or its logout endpoint: a GET whose URL keeps the fragment (to be
// read with URL.EscapedFragment), or a POST with its form. The request is not sent; it can be given to http.Client.Do or
// to a handler of the application. It is nil when the walk ends at a page that says that all is done, such as "Signed
// out". On the way Open goes past a page that tells applications of a logout; Frames are its requests.
//
// The server that has the address's path is called; of several, the first. An error says which page stopped the walk, or what
// is wrong with the Realm or a server's fields, and never tells a code, token or ticket.
func (b *Browser) Open(ctx context.Context, address string, form url.Values) (*http.Request, error) {
	start, err := url.Parse(address)
	if err != nil || start.Host == "" {
		return nil, errors.New("idptest: the login URL is not absolute")
	}
	if len(b.pages) > 0 {
		if problem := b.realm.misconfigured(); problem != "" {
			return nil, errors.New("idptest: " + problem)
		}
	}
	walk := &walk{realm: b.realm, jar: b.jar, home: start.Host, account: b.account}
	if !walk.choose(b.pages, start) {
		return nil, fmt.Errorf("idptest: %s is not a page of this server", start.Path)
	}
	first, err := http.NewRequestWithContext(ctx, http.MethodGet, start.String(), nil)
	if form != nil {
		first, err = post(ctx, nil, start, form.Encode())
	}
	if err != nil {
		return nil, fmt.Errorf("idptest: %s: %w", start.Path, quiet(err))
	}
	request, err := walk.from(ctx, first)
	b.frames = walk.frames
	return request, err
}

// Follow is Open for an answer that the server has already given at an address, such as the start of a logout that no
// browser asked for.
func (b *Browser) Follow(ctx context.Context, address string, answer func(http.ResponseWriter, *http.Request)) (*http.Request, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("idptest: the address is not a URL")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("idptest: %w", quiet(err))
	}
	given := &recorder{header: make(http.Header)}
	answer(given, request)
	walk := &walk{realm: b.realm, jar: b.jar, home: at.Host, account: b.account}
	request, err = walk.next(ctx, at, given)
	b.frames = walk.frames
	return request, err
}
