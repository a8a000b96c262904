// Package authtest is a fake Authing: an identity server for OpenID Connect, OAuth 2.0, SAML 2.0 and CAS in one
// http.Handler, for tests and examples. It is NOT for production: it prints its own passwords on the login page.
//
// The zero value works. It has one application (AppID and Secret, any redirect to a loopback host), one person
// (idptest.Username and idptest.Password) and one programming access account (AccessKey and SecretKey), and its issuer
// is the address it is served under followed by /oidc:
//
//	idp := &authtest.Server{}
//	server := httptest.NewServer(idp)
//	defer server.Close()
//	// AppHost is server.URL, the issuer is server.URL + "/oidc"
//
// Login does what a person does with a browser: it opens the login link, fills in the form, agrees when asked, and
// returns the request that the browser would send to the application's callback, in every protocol and response mode:
//
//	callback, err := idp.Login(ctx, loginURL, idptest.Username)
//	identity, err := client.CompleteLogin(ctx, login, callback)
//
// It is the sum of four packages, where the details are: oidctest twice, at /oidc and /oauth; castest, at
// /cas-idp/{appId} and at /cas; samltest, at /api/v2/saml-idp/{appId}; and idptest, whose Realm makes one login serve
// all of them. Those are for applications that have another server than Authing.
//
// What this package adds is Authing's paths and manners, as its documentation has them: ID tokens of HS256 under the
// application's secret, null for a claim without a value, 3599 seconds at /oauth, passwords by email and phone,
// client_credentials for the programming access account alone, CAS failures in Chinese, and the endpoints
// /api/v2/oidc/validate_token and /login/profile/logout. SAML has single logout, which Authing lacks; NoSAMLLogout
// leaves it out.
//
// To see how an application behaves when the server misbehaves, break it. The faults are in the four packages:
//
//	idp.Break(oidctest.ExpiredIDToken)
//	idp.Break(idptest.HTML.At("/oidc/token"))
//	idp.Break() // whole again
//
// Browser keeps a session from one visit to the next; EndSessions and LogoutRequest end one from the server's side.
// RotateKeys changes the signing keys, Requests counts what was asked, and Now sets the clock. The server's own calls,
// such as those of a logout, go to loopback hosts alone, unless HTTPClient is set.
package authtest
