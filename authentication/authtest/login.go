package authtest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
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
	return s.LoginForm(ctx, loginURL, nil, user)
}

// LoginForm is Login for a login that begins with a form, such as SAML's by POST:
// form is posted to loginURL.
func (s *Server) LoginForm(ctx context.Context, loginURL string, form url.Values, user string) (*http.Request, error) {
	browser, err := s.Browser(user)
	if err != nil {
		return nil, err
	}
	request, err := browser.Open(ctx, loginURL, form)
	if err == nil && request == nil {
		err = errors.New("authtest: there is no way back to the application, and no form to fill in")
	}
	return request, err
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
