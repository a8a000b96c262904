package authtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
)

// Login opens the login link as a new browser would, logs in as user (username,
// email, phone or subject; empty means the first one), agrees to a consent page,
// and returns the request that the browser would send to the application: a GET
// whose URL keeps the fragment, or a POST with its form. The request is not
// sent; it can be given to http.Client.Do or to a handler of the application.
//
// Fragments are read with URL.EscapedFragment, as the browser would leave them.
//
// The server is called directly, under the host of loginURL, so that it need not
// listen. An error says which page stopped the walk and never tells a code, token
// or ticket.
func (s *Server) Login(ctx context.Context, loginURL, user string) (*http.Request, error) {
	account, err := s.traveller(user)
	if err != nil {
		return nil, err
	}
	start, err := url.Parse(loginURL)
	if err != nil || start.Host == "" {
		return nil, errors.New("authtest: the login URL is not absolute")
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("authtest: %w", err)
	}
	walk := &walk{server: s, jar: jar, home: start.Host, account: account}
	if !walk.within(start) {
		return nil, fmt.Errorf("authtest: %s is not a page of this server", start.Path)
	}
	return walk.from(ctx, start)
}

func (s *Server) traveller(name string) (*User, error) {
	if name == "" {
		return &s.users()[0], nil
	}
	user := s.account(name)
	if user == nil {
		user = s.find(func(u *User) bool { return u.subject() == name })
	}
	if user == nil {
		return nil, fmt.Errorf("authtest: there is no user %q", name)
	}
	return user, nil
}
