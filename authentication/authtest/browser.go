package authtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
)

// Browser is a person with a browser that keeps its cookies from one visit to the
// next, for single sign-on and single logout. It is for one goroutine.
type Browser struct {
	server  *Server
	account *User
	jar     http.CookieJar
}

// Browser returns a new browser of user: a username, email, phone or subject;
// empty means the first one.
func (s *Server) Browser(user string) (*Browser, error) {
	account, err := s.traveller(user)
	if err != nil {
		return nil, err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("authtest: %w", err)
	}
	return &Browser{server: s, account: account, jar: jar}, nil
}

// Open opens an address of the server, or posts form there when it is not nil,
// and does what Login does: it fills in a login page and agrees when asked. It
// returns the request that leaves the server, such as one for the application's
// callback, its SAML assertion consumer or its logout endpoint. The request is
// nil when the walk ends at a page that says that all is done, such as "Signed out".
func (b *Browser) Open(ctx context.Context, address string, form url.Values) (*http.Request, error) {
	start, err := url.Parse(address)
	if err != nil || start.Host == "" {
		return nil, errors.New("authtest: the login URL is not absolute")
	}
	walk := &walk{server: b.server, jar: b.jar, home: start.Host, account: b.account}
	if !walk.within(start) {
		return nil, fmt.Errorf("authtest: %s is not a page of this server", start.Path)
	}
	first, err := http.NewRequestWithContext(ctx, http.MethodGet, start.String(), nil)
	if form != nil {
		first, err = post(ctx, nil, start, form.Encode())
	}
	if err != nil {
		return nil, fmt.Errorf("authtest: %s: %w", start.Path, quiet(err))
	}
	return walk.from(ctx, first)
}
