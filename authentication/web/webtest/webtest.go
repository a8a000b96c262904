// Package webtest signs a user in to a web.Site without a server, for an application's own tests:
//
//	r := httptest.NewRequest("GET", "/orders", nil)
//	err := webtest.Login(r, site, "", &authentication.Identity{
//		Protocol: "oidc", Issuer: "https://id.example", Subject: "alice", Claims: map[string]any{"name": "Alice"},
//	})
//	if err != nil {
//		t.Fatal(err)
//	}
//	app.ServeHTTP(w, r) // w is a httptest.ResponseRecorder
//
// For a login with its redirects, and for what a server can do wrong, use the fake servers: authtest, oidctest, samltest
// and castest.
package webtest

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/internal/signin"
)

var (
	errNoTest     = errors.New("webtest: Login works in tests alone")
	errNoProtocol = errors.New("webtest: the Identity has no Protocol")
)

// Login begins a session of the user, as if the flow with this name had completed a login, and adds its cookies to r:
// r.Cookies() has them for further requests. The session is one as any other: Config.OnLogin is called, the session that
// r had ends, and the new one ends with Idle, Absolute, SessionExpiry or a logout.
//
// The Identity needs Protocol, Issuer and Subject. Set Token for web.Token, and AuthTime for RequireFresh. With
// MoreBaseURLs the Host of r chooses whose session it is. The error is what the login's error would be, such as OnLogin's.
// Outside of a test Login is an error.
func Login(r *http.Request, site *web.Site, flow string, id *authentication.Identity) error {
	switch {
	case !testing.Testing():
		return errNoTest
	case id != nil && id.Protocol == "":
		return errNoProtocol
	}
	w := httptest.NewRecorder()
	if err := signin.Begin(site, w, r, flow, id); err != nil {
		return err
	}
	set := w.Result().Cookies()
	had := r.Cookies()
	r.Header.Del("Cookie")
	for _, c := range had {
		if !slices.ContainsFunc(set, func(s *http.Cookie) bool { return s.Name == c.Name }) {
			r.AddCookie(c)
		}
	}
	for _, c := range set {
		if c.MaxAge >= 0 {
			r.AddCookie(c)
		}
	}
	return nil
}
