package samltest

import (
	"context"
	"crypto/rsa"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// Server is a fake SAML identity provider, an http.Handler. The zero value works. Fields are set before the first request
// and not changed afterwards; methods are safe for concurrent use.
type Server struct {
	// Realm has the people, their browsers, the faults and the clock; nil means a Realm of its own.
	Realm *idptest.Realm
	// Path is the path below which the server answers, such as "/saml", without a slash at its end; empty is the root.
	Path string
	// EntityID is the name of the identity provider; empty means the address that the server is reached under, without
	// Path.
	EntityID string
	// Apps are the service providers; empty means one with the zero value.
	Apps []App
	// Key signs the messages, until RotateKeys; nil means a key that is made when it is first needed. It spares tests the
	// time that making one takes, and it outlives the server.
	Key *rsa.PrivateKey
	// NoLogout leaves out single logout.
	NoLogout bool
	// Artifacts sends responses as artifacts where a request or an App asks for it, and resolves them at /artifact.
	Artifacts bool
	// SignMetadata signs the metadata.
	SignMetadata bool

	ready   sync.Once
	realm   *idptest.Realm
	apps    []App
	keys    keys
	mounted sync.Once
	handler http.Handler

	sent sent

	mu        sync.Mutex
	logouts   idptest.Shelf[*chain]   // by the ID of the request whose answer is awaited
	artifacts idptest.Shelf[*pending] // by the artifact
}

// prepare runs once, before the first request.
func (s *Server) prepare() {
	s.ready.Do(func() {
		s.realm, s.apps = s.Realm, slices.Clone(s.Apps)
		if s.realm == nil {
			s.realm = &idptest.Realm{}
		}
		if len(s.apps) == 0 {
			s.apps = []App{{}}
		}
		if s.Key != nil {
			s.keys.ring.First = s.Key
		}
		s.realm.RegisterFaults(allFaults()...)
		if wrong := problem(s.Path, s.apps); wrong != "" {
			s.realm.Reject(wrong)
		}
	})
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.prepare()
	s.mounted.Do(func() { s.handler = s.realm.Handler(s) })
	s.handler.ServeHTTP(w, r)
}

// Login opens a login link as a new browser would, logs in as user (username, email, phone or subject; empty means the
// first one), and returns the request that the browser would send to the application: a POST with its form. The request
// is not sent; it can be given to http.Client.Do or to a handler of the application.
//
// The server is called directly, under the host of loginURL, so that it need not listen. An error says which page
// stopped the walk and never tells an assertion.
func (s *Server) Login(ctx context.Context, loginURL, user string) (*http.Request, error) {
	return s.LoginForm(ctx, loginURL, nil, user)
}

// LoginForm is Login for a login that begins with a form, by the POST binding: form is posted to loginURL.
func (s *Server) LoginForm(ctx context.Context, loginURL string, form url.Values, user string) (*http.Request, error) {
	s.prepare()
	return s.realm.Login(ctx, s, loginURL, form, user)
}

// Browser returns a new browser of user, named as for Login, that knows its way through this server.
func (s *Server) Browser(user string) (*idptest.Browser, error) {
	s.prepare()
	return s.realm.Browser(user, s)
}

// Break makes the servers of the Realm misbehave in these ways and no others; without arguments they behave again. A
// fault that no server has makes them answer 500 and say so.
func (s *Server) Break(these ...idptest.Fault) {
	s.prepare()
	s.realm.Break(these...)
}

// Requests says how many requests arrived for a path, such as "/sso", those of Login included.
func (s *Server) Requests(path string) int {
	s.prepare()
	return s.realm.Requests(path)
}

// RotateKeys makes a new signing key. The last two keys stay in the metadata, so that what was signed with the one before
// still verifies. It returns an error only when a key cannot be made.
func (s *Server) RotateKeys() error {
	s.prepare()
	if s.Key == nil && !s.keys.ring.Used() {
		return nil // the key that will be made is new
	}
	return s.keys.ring.Rotate()
}
