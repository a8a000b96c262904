package castest

import (
	"context"
	"net/http"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Login opens the login link as a new browser would, logs in as user (username, email, phone or subject; empty means
// the first one), and returns the request that the browser would send to the service. The request is not sent; it can
// be given to http.Client.Do or to a handler of the application.
//
// The server is called directly, under the host of loginURL, so that it need not listen. An error says which page
// stopped the login and never tells a ticket.
func (s *Server) Login(ctx context.Context, loginURL, user string) (*http.Request, error) {
	s.prepare()
	return s.realm.Login(ctx, s, loginURL, nil, user)
}

// Browser returns a new browser of user, named as for Login.
func (s *Server) Browser(user string) (*idptest.Browser, error) {
	s.prepare()
	return s.realm.Browser(user, s)
}

// Break makes the server misbehave in these ways and no others; without arguments it behaves again. A fault that is
// none of this package's or of idptest makes it answer 500 and say so.
func (s *Server) Break(these ...idptest.Fault) {
	s.prepare()
	s.realm.Break(these...)
}

// Requests says how many requests arrived for a path, such as "/cas/serviceValidate", those of Login included. The path
// is written with Path and without that of BaseURL.
func (s *Server) Requests(path string) int {
	s.prepare()
	return s.realm.Requests(path)
}

// EndSessions ends every session of a person, named as for Login, as an administrator would. The services that were
// given tickets are told by the back channel, because there is no browser. It says how many sessions ended.
func (s *Server) EndSessions(ctx context.Context, user string) (int, error) {
	s.prepare()
	return s.realm.EndSessions(ctx, user)
}
