// Package authentication is Authing's AuthenticationClient in Go: the calls of its standard protocol module, under
// their names, over OpenID Connect, OAuth 2.0, SAML 2.0 and CAS.
//
//	client, err := authentication.NewClient(authentication.Options{
//		AppID: id, Secret: secret, AppHost: "https://sample-app.authing.cn",
//		RedirectURI: "https://app.example/auth/callback",
//	})
//
// # Logging in
//
// BeginLogin and CompleteLogin run a whole login and leave no check out: state, nonce, PKCE, signature, issuer,
// audience, times. Package web carries the Login between them in a sealed cookie.
//
//	login, err := client.BeginLogin(ctx, authentication.AuthorizeOptions{})
//	id, err := client.CompleteLogin(ctx, login, r) // id.Key() is the user
//
// The scope offline_access asks for a refresh token; without a Prompt, prompt=consent is added, because Authing gives
// none without consent. Refresh and RefreshIfExpired renew the Identity, one request for all who ask at once; a
// *RefreshError holds new tokens that came with an ID token which was not accepted. VerifyAccessToken is for APIs,
// TokenSource for programs.
//
// # Authing's calls
//
// BuildAuthorizeUrl, GetAccessTokenByCode, GetUserInfoByAccessToken and the others do one step each, as on Authing's
// page; the doc of each says what is then left to the caller. BuildAuthorizeUrl and BuildLogoutUrl keep Authing's
// spelling; every other name follows Go.
//
// # Protocols
//
// Options.Protocol is OIDC{} unless set. OAuth{}, SAML{} and CAS{} are built in, and a type of your own with two
// methods is a protocol too; package protocoltest checks it. FromOIDC, FromOAuth, FromSAML and FromCAS put a client
// of any standard server under the same seam. BeginLogout, CompleteLogout and ReceiveLogout are the logouts that the
// server takes part in (SAML, CAS).
//
// # Errors
//
// ErrRefused is what was read and refused, ErrDenied the server's own no to the user, ErrMisconfigured what only who
// runs the application can mend: an option, a wrong secret, another issuer or algorithm; *oidc.TokenError,
// *oauth.CallbackError, *oauth.Error, *saml.InvalidError, *saml.StatusError, *cas.TicketError and *cas.Failure inside
// say more. errors.ErrUnsupported is a call that the protocol does not have. Any other error means that there was no
// usable answer. No secret, code, token, ticket or assertion stands in an error, and values that hold them print as
// [redacted].
package authentication
