// Package oidctest is a fake OpenID Provider, and a fake authorization server of OAuth 2.0, in one http.Handler, for
// tests and examples. It is NOT for production: it prints its own passwords on the login page.
//
// The zero value works. It has one application (ClientID and ClientSecret, any redirect to a loopback host), the people
// of its Realm (idptest.Username and idptest.Password), and its issuer is the address it is served under:
//
//	idp := &oidctest.Server{}
//	server := httptest.NewServer(idp)
//	defer server.Close()
//	// the issuer is server.URL
//
// Login does what a person does with a browser: it opens the login link, fills in the form, agrees when asked, and
// returns the request that the browser would send to the application's callback, in every response mode:
//
//	callback, err := idp.Login(ctx, loginURL, idptest.Username)
//
// The server is written from the specifications alone and shares no code with the clients of this module. It refuses
// what a real server refuses: codes work once and only for the client, address and PKCE verifier they were made for;
// using a code or a refresh token twice revokes all that came from it; refresh tokens need offline_access, in the code
// flow together with prompt=consent.
//
// Its endpoints are /auth, /par, /token, /me, /token/introspection, /token/revocation and /session/end below Path; the
// discovery document names them. Introspections are signed when the caller asks for it (RFC 9701).
//
// ID tokens are signed with RS256 unless IDTokenSigningAlg says otherwise. Access tokens are RS256 JWTs of RFC 9068;
// PlainAccessTokens makes them as at many servers, with typ JWT.
// Apps are further applications with settings of their own, and Registration lets applications register themselves at /reg.
// They authenticate by a secret, by an assertion (client_secret_jwt, private_key_jwt), or by a client certificate. They may
// sign their requests, and encrypt them to a key of the server where RequestObjectEncryptionAlg says so.
// Access tokens are bound to the key of a DPoP proof that comes with the request, and to the client's certificate where
// CertificateBoundAccessTokens says so; DPoPBoundAccessTokens demands proofs, and DPoPNonce nonces in them.
// OAuth makes it a server of OAuth 2.0 alone, whose tokens are opaque.
//
// Authorization requests can be pushed (RFC 9126), and must be where RequirePushedAuthorizationRequests says so. The response
// modes of JARM work at every request, and are obligatory for an application with AuthorizationSigningAlg.
// AuthorizationDetailsTypes are those of the authorization_details that tokens can have (RFC 9396). FAPI2 and
// FAPI2MessageSigning demand all that these profiles do.
//
// Device, CIBA, TokenExchange and JWTBearer switch on more grants. A person agrees to a device login by
// Browser.Open of its link, or at once by Allow; Deny refuses. Allow and Deny are the person's own device in CIBA, too.
//
// When a session ends, by the browser or by EndSessions, the application is told at BackChannelLogoutURI by a logout
// token, and at FrontChannelLogoutURI by a frame.
//
// To see how an application behaves when the server misbehaves, break it:
//
//	idp.Break(oidctest.ExpiredIDToken)
//	idp.Break(idptest.HTML.At("/token"))
//	idp.Break(oidctest.WrongNonce.For("app-b")) // for one of its Apps
//	idp.Break() // whole again
//
// Faults in metadata, keys and registrations are of the whole server.
//
// RotateKeys changes the signing keys, Requests counts what was asked, IDTokenClaims and AccessTokenClaims read what
// was issued. Servers with one Realm are single sign-on, and Realm.Handler serves them under one address.
package oidctest
