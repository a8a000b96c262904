// Package oauth is an OAuth 2.0 client (RFC 6749) for any standard server.
//
// A login takes two calls. BeginLogin makes state and a PKCE verifier and returns a Login, which the application
// keeps for that one browser. CompleteLogin checks the callback against it and exchanges the code for a token:
//
//	c, err := oauth.NewClient(oauth.Config{
//		ClientID: id, ClientSecret: secret, RedirectURI: "https://app.example/callback",
//		Issuer:    "https://as.example",
//		Endpoints: oauth.Endpoints{Authorization: "https://as.example/auth", Token: "https://as.example/token"},
//	})
//	login, err := c.BeginLogin(ctx, oauth.AuthorizeOptions{Scope: "profile"})
//	// send the browser to login.URL, keep login; then, in the callback's handler:
//	token, err := c.CompleteLogin(ctx, login, r)
//
// With an Issuer and no Endpoints the server's metadata is discovered at the first call that needs it (RFC 8414), a second
// after a failure again, and once a day. Metadata shows it, and CanLogin says at startup what is missing.
//
// OAuth says what a token may do, not who the user is. To learn who the user is, fetch user info with the token of
// the login, or use package oidc.
//
// # Client authentication
//
// A ClientAuth authenticates the client; it is chosen separately for the token, introspection and revocation
// endpoints. Built in are ClientSecretBasic (the default), ClientSecretPost and None; PrivateKeyJWT, ClientSecretJWT and
// Assertion, which send a JWT; TLSClientAuth and SelfSignedTLSClientAuth, which need a certificate. The client never tries
// one method after another, because a failed try uses up the code. JWKSHandler publishes the client's keys,
// RegisterClient registers it, a RequestObject signs its requests, and PushedAuthorization says when they are pushed.
//
// # Tokens that last
//
// DPoP binds tokens to a key, and CertificateBoundTokens notes the client certificate that they are bound to: then who
// steals a token cannot use it. Token.Binding says which key it needs.
//
// RefreshIfExpired renews a token; simultaneous callers share one request. A TokenSource keeps the token of a program
// without a user, and a Transport sends it to one origin. A ResourceClient, for agents and MCP, knows an API alone: it is
// led to the server by the API's answer (RFC 9728), and is known there by a ClientDocument, or registers itself.
// MendTokenReply is for servers that depart from RFC 6749 §5.1. AuthorizationDetails ask for more than a scope can say, and
// Token.AuthorizationDetails are what was granted (RFC 9396).
//
// # Logins on another device, tokens for tokens
//
// BeginDeviceLogin and CompleteDeviceLogin are for a device without a browser (RFC 8628). BeginCIBALogin and
// CompleteCIBALogin ask a user on their own device; CIBAPingHandler hears that the user has decided. Both wait as the server
// says. ExchangeToken trades a token for another one (RFC 8693), GetAccessTokenByJWTBearer a JWT (RFC 7523). The push mode and
// signed requests of CIBA are not supported, nor is grant management.
//
// # Errors
//
// *Error is the server's refusal; use errors.Is(err, oauth.InvalidGrant) to compare its code. *CallbackError is a
// callback that was read and refused, *DiscoveryError refused metadata. Any other error means that there was no usable answer.
//
// Errors never contain tokens, codes or secrets, and values that hold them print as [redacted]. The JSON of a
// Token, a Registration, and of a Login of any kind is complete, for storage. The JSON of UserInfo has its fields, without the raw reply.
// ClientMetadata, JWK and JWKSet are to be sent. The JSON of every other type is redacted.
package oauth
