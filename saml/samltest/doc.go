// Package samltest is a fake SAML 2.0 identity provider in one http.Handler, for tests and examples. It is NOT for
// production: it prints its own passwords on the login page.
//
// The zero value works. It has one person (idptest.Username and idptest.Password), and takes logins of any service
// provider at any loopback address. Its metadata is at /metadata, single sign-on at /sso, single logout at /slo, each by
// redirect and POST, and its entity ID is the address it is served under:
//
//	idp := &samltest.Server{}
//	server := httptest.NewServer(idp)
//	defer server.Close()
//	// the metadata is at server.URL + "/metadata"
//
// Login does what a person does with a browser: it opens the login link, fills in the form, and returns the request that
// the browser would send to the assertion consumer service of the application. LoginForm begins with a form, as the POST
// binding does; Browser keeps a session from one visit to the next, and LogoutRequest ends one from the server's side:
//
//	callback, err := idp.Login(ctx, loginURL, idptest.Username)
//
// Apps registers service providers. A registered one has an address for its responses and a key that verifies its
// requests; it chooses what is signed and encrypted, the name of the person, the attributes and the lifetimes.
//
// The server is written from the specifications alone and shares no code with the clients of this module. It refuses
// what a real server refuses: messages that are too old, not signed well, sent to another address or by another entity,
// and responses to addresses that are not registered.
//
// To see how an application behaves when the server misbehaves, break it:
//
//	for _, fault := range samltest.Faults() {
//		idp.Break(fault) // a response that no application may accept
//	}
//	idp.Break() // whole again
//
// Shapes are no attacks but what real servers send in their own way, such as Keycloak's refusals, which do not say what
// they answer:
//
//	idp.Break(samltest.SilentRefusal)
//
// MetadataFaults, LogoutRequestFaults, LogoutResponseFaults and ArtifactFaults are the same for the metadata, for logout
// messages, and for responses by artifact (Server.Artifacts).
// Of package idptest, WrongState, NoState and RepeatedParameter strike the responses of logins, and a fault of travel
// strikes where At places it: idptest.HTML.At("/metadata").
//
// A Realm is what several fake servers have in common. With one Realm, a login at any of them is a login at all, and a
// logout too:
//
//	realm := &idptest.Realm{}
//	handler := realm.Handler(&samltest.Server{Realm: realm, Path: "/saml"}, &castest.Server{Realm: realm, Path: "/cas"})
//
// RotateKeys changes the signing key, and Requests counts what was asked. What the server remembers expires and is
// bounded.
package samltest
