package authtest

import (
	"context"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Login opens the login link as a new browser would, logs in as user (username, email, phone or subject; empty means
// the first one), agrees to a consent page, and returns the request that the browser would send to the application: a
// GET whose URL keeps the fragment, or a POST with its form. The request is not sent; it can be given to http.Client.Do
// or to a handler of the application.
//
// Fragments are read with URL.EscapedFragment, as the browser would leave them.
//
// The server is called directly, under the host of loginURL, so that it need not listen. An error says which page
// stopped the walk and never tells a code, token or ticket.
func (s *Server) Login(ctx context.Context, loginURL, user string) (*http.Request, error) {
	return s.LoginForm(ctx, loginURL, nil, user)
}

// LoginForm is Login for a login that begins with a form, such as SAML's by POST: form is posted to loginURL.
func (s *Server) LoginForm(ctx context.Context, loginURL string, form url.Values, user string) (*http.Request, error) {
	s.prepare()
	return s.realm.Login(ctx, s, loginURL, form, user)
}

// Browser returns a new browser of user: a username, email, phone or subject; empty means the first one.
func (s *Server) Browser(user string) (*idptest.Browser, error) {
	s.prepare()
	return s.realm.Browser(user, s)
}

// LogoutRequest ends every session of a person (named as for Login) that includes a SAML application (its ID or its
// EntityID), as an administrator would, and returns the request that the browser would send to the application's SLOURL:
// a signed LogoutRequest by the application's binding. Where the application then sends the browser can be given to
// Browser.Open, which goes on to the other applications of those sessions.
func (s *Server) LogoutRequest(ctx context.Context, user, app string) (*http.Request, error) {
	s.prepare()
	return s.saml.LogoutRequest(ctx, user, app)
}
