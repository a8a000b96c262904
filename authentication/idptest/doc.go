// Package idptest is what the fake identity servers of this module stand on: a Realm has the people, the browsers in
// which they are logged in, the pages and the faults. It knows no protocol. It is NOT for production: it prints its own
// passwords on the login page.
//
// The fake servers are in packages oidctest (OpenID Connect and OAuth 2.0), castest (CAS), samltest (SAML 2.0) and
// authtest (Authing). Each makes a Realm of its own unless it is given one. Servers with one Realm are single sign-on:
//
//	realm := &idptest.Realm{}
//	provider, idp := &oidctest.Server{Realm: realm}, &samltest.Server{Realm: realm}
//
// A zero Realm has one person (Username and Password); Users, Now, BaseURL and HTTPClient change what is.
//
// A Browser does what a person does: it opens a link, fills in the login page, agrees to the consent page and keeps its
// cookies. Open returns the request that the browser would send to the application.
//
// A Fault is one way to misbehave. Those of this package are in how an answer travels, whatever the protocol says; the
// others are in the packages of the servers. Break turns them on:
//
//	realm.Break(idptest.HTML.At("/token"))
//	realm.Break(oidctest.ExpiredIDToken.For("app")) // for one application
//	realm.Break() // whole again
//
// # A server of your own
//
// A fake server of another protocol is a type with ServeHTTP and Mount. It asks Session who is logged in, sends the
// browser to the login page by Begin, and answers in Interaction.Done. Login.Join makes an application a member of the
// person's session: it is told when Leave or EndSessions ends it. RegisterFaults names the server's own faults, and
// Broken asks for them. The Example of the package is such a server.
package idptest
