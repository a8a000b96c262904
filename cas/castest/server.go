package castest

import (
	"context"
	"net/http"
	"sync"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Server is a fake CAS server, an http.Handler. The zero value works. Fields are set before the first request and not
// changed afterwards; it is safe for concurrent use.
type Server struct {
	// Realm has the people, their browsers, the faults and the clock; nil means a Realm of its own.
	Realm *idptest.Realm
	// Path is the path below which the server answers, such as "/cas", without a slash at its end; empty is the root.
	Path string
	// Services are the services that tickets are issued for, compared byte for byte, with their query or without: a
	// client adds its own key to it. Empty means any http or https address on a loopback host.
	Services []string
	// LogoutServices are the addresses that a logout may return to, by the same rule.
	LogoutServices []string
	// ProxyCallbacks are the addresses registered for pgtUrl, by the same rule. Hosts that are not loopback need https.
	ProxyCallbacks []string
	// Scopes are the scopes of the Realm whose claims are released as attributes; empty means profile, email, phone and
	// address.
	Scopes []string
	// Attributes is how attributes are written in XML; empty means Elements.
	Attributes Attributes
	// ListsInJSON makes every attribute in JSON a list, also one with a single value, as Apereo's server does.
	ListsInJSON bool
	// AttributesInV2 makes the endpoints of CAS 2.0 answer with attributes too, as some servers do; the specification
	// has them in those of CAS 3.0 alone (CAS §2.8). Of what the protocol tells of the login, XML has
	// authenticationDate and longTermAuthenticationRequestTokenUsed there, and JSON nothing.
	AttributesInV2 bool
	// Describe returns the description of a failure, whose text CAS leaves to the server (CAS §2.5.3), from its code and
	// its text in English; nil means the text in English.
	Describe func(code, text string) string
	// SingleLogout is how services learn that a session has ended; empty means BackChannel.
	SingleLogout LogoutChannel

	ready   sync.Once
	realm   *idptest.Realm
	mounted sync.Once
	handler http.Handler

	mu      sync.Mutex
	tickets idptest.Shelf[*ticket]
	pgts    idptest.Shelf[*pgt]
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.prepare()
	s.mounted.Do(func() { s.handler = s.realm.Handler(s) })
	s.handler.ServeHTTP(w, r)
}

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

// Break makes the servers of the realm misbehave in these ways and no others; without arguments they behave again. A
// fault that no server of the realm has makes them answer 500 and say so.
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
