// Package castest is a fake CAS server for tests and examples (CAS Protocol 3.0, which includes 1.0 and 2.0; cited here
// as CAS). It is NOT for production: it prints its own passwords on the login page.
//
// The zero value works. It issues tickets for services on loopback hosts, and one person can log in (idptest.Username
// and idptest.Password):
//
//	idp := &castest.Server{}
//	server := httptest.NewServer(idp)
//	defer server.Close()
//	c, err := cas.NewClient(cas.Config{ServerURL: server.URL, Service: "http://localhost:3000/callback"})
//
// Login does what a person does with a browser: it opens the login link, fills in the form, and returns the request
// that the browser would send to the service:
//
//	login, err := c.BeginLogin(ctx, cas.AuthorizeOptions{})
//	callback, err := idp.Login(ctx, login.URL, idptest.Username)
//	user, err := c.CompleteLogin(ctx, login, callback)
//
// The server is written from the specification alone and shares no code with package cas. It refuses what a real server
// refuses: a ticket works once, for five minutes, and for its service only. It answers /validate, /serviceValidate,
// /proxyValidate, the same below /p3, and /proxy, in XML and JSON, with proxy-granting tickets.
//
// # People
//
// Who can log in, the clock and the address are fields of the Realm. Servers with one Realm are single sign-on. What is
// known of a person (idptest.User.Claims) is released as attributes.
//
// # Logout
//
// Browser keeps a session from one visit to the next. A visit to /logout ends it, and so does EndSessions; SingleLogout
// is how the services are told: by a call of the server or by a request of Browser.Frames. Services on loopback hosts
// alone are called, for this and for proxy callbacks, unless Realm.HTTPClient is set.
//
// # Faults
//
// To see how an application behaves when the server misbehaves, break it. The faults here are those of CAS; package
// idptest has those of how an answer travels, and of what the browser brings back, of which CAS has RepeatedParameter.
// A client need not refuse everything: OtherFormat, HostileText and UserAttribute must only not change who is logged in.
//
//	idp.Break(castest.UserTwice)
//	idp.Break(idptest.Unavailable.At("/p3/serviceValidate"))
//	idp.Break() // whole again
package castest
