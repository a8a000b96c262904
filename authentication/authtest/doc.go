// Package authtest is a fake Authing: an identity server for OpenID Connect, OAuth 2.0, SAML 2.0 and CAS in one
// http.Handler, for tests and examples. It is NOT for production: it prints its own passwords on the login page.
//
// The zero value works. It has one application (AppID and Secret, any redirect to a loopback host), one person
// (Username and Password) and one programming access account (AccessKey and SecretKey), and its issuer is the address
// it is served under followed by /oidc:
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
// The server is written from the specifications and from Authing's documentation alone and shares no code with the
// clients of this module. It refuses what a real server refuses: codes and tickets work once and only for the client,
// address and PKCE verifier they were made for; using a code or a refresh token twice revokes all that came from it;
// refresh tokens need offline_access, in the code flow together with prompt=consent.
//
// ID tokens are signed with HS256 under the application's secret, as Authing does by default; IDTokenSigningAlg
// chooses another algorithm. Access tokens of OpenID Connect are RS256 JWTs, those of OAuth 2.0 are opaque.
//
// To see how an application behaves when the server misbehaves, break it:
//
//	idp.Break(oidctest.ExpiredIDToken)
//	idp.Break(idptest.HTML.At("/oidc/token"))
//	idp.Break() // whole again
//
// CAS answers in all three versions, with proxy tickets and single logout, where Authing has it (/cas-idp/{appId})
// and under /cas. What it calls itself, proxy callbacks and services that are to log out, are loopback hosts alone,
// unless HTTPClient is set.
//
// SAML is where Authing has it (/api/v2/saml-idp/{appId}, its metadata at /metadata there): single sign-on by
// redirect and POST, and single logout, which Authing lacks. SAMLApps registers service providers; samltest.Faults and its
// sisters list what a service provider must refuse. Browser keeps a session from one visit to the next, and
// LogoutRequest ends one from the server's side.
//
// RotateKeys changes the signing keys, EndSessions logs people out, Requests counts what was asked, and Now sets the
// clock. What the server remembers expires and is bounded. Fields are set before the first request; methods may be
// called at any time.
package authtest
