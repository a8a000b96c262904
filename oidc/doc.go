// Package oidc is an OpenID Connect relying party for any standard server.
//
//	c, err := oidc.NewClient(oidc.Config{
//		Issuer: "https://tenant.example/", ClientID: id, ClientSecret: secret,
//		RedirectURI: "https://app.example/callback",
//	})
//	login, err := c.BeginLogin(ctx, oidc.AuthorizeOptions{Scope: "openid profile"})
//	// send the browser to login.URL, keep login; then, in the callback's handler:
//	result, err := c.CompleteLogin(ctx, login, r) // result.IDToken.Subject, result.Token
//
// BeginLogin makes state, nonce and PKCE. CompleteLogin checks them, the ID token's signature and every claim that
// the specification names; no check can be skipped. Identify a user by issuer and subject, never by email.
// Profile turns on all that FAPI 2.0 demands.
//
// The metadata is discovered at the first call that needs it, a second after a failure again, and once a day. Call
// Metadata at startup to fail early. A WebFinger finds the issuer for what a user typed. Keys are fetched when needed, cached, and kept when a fetch fails. TokenAuth is chosen from
// the metadata when it is not set. BeginLogin returns an error for what the server cannot do.
//
// Response types with id_token, or with token by AllowFrontChannelAccessToken, come back by form_post, or in the
// fragment, which FragmentPage posts to the application. With AuthorizationSigningAlg each response is a signed JWT, and with
// AuthorizationEncryptionAlg an encrypted one (JARM).
//
// BeginDeviceLogin and BeginCIBALogin begin a login in which the user decides on another device; CompleteDeviceLogin and
// CompleteCIBALogin wait for it, and verify the ID token. Grant management is not supported.
//
// # One algorithm
//
// IDTokenSigningAlg pins the algorithm of ID tokens; a token never chooses it. When empty it is RS256,
// or the only asymmetric algorithm that the server offers. HS256, HS384 and HS512 use the client secret
// and must be asked for by name. Keycloak signs them with another key, so they cannot be verified there.
// IDTokenEncryptionAlg, UserInfoSigningAlg and UserInfoEncryptionAlg pin what else the client registered. A RequestObject signs
// its requests, and RequestObjectEncryptionAlg encrypts them to a key of the server.
//
// # A resource server
//
// VerifyAccessToken checks JWT access tokens and works with an Issuer alone. AllowPlainJWT accepts those of Authing,
// Okta, Entra ID and Keycloak. Scopes are required scopes, and AccessTokenCache remembers tokens. Every verifier
// refuses a token that has a mark of another kind, such as its typ or a claim.
//
// # Logouts
//
// BeginLogout and CompleteLogout are a logout that begins here. ReceiveLogout reads one that the server began, by the
// back channel or the front channel: end the sessions for which LogoutRequest.Ends is true, and call AnswerLogout.
//
// # Many tenants
//
// IssuerFamily is for a server where each tenant has its own issuer. Otherwise the issuer is one exact string.
//
// # Errors
//
// *TokenError is a token that was read and refused: errors.Is(err, oidc.CheckExpired).
// *oauth.CallbackError is a callback that was refused, *oauth.DiscoveryError refused metadata, *oauth.Error the server's
// refusal. Any other error means that there was no usable answer. No error contains a token, code or secret.
package oidc
