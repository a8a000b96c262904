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
// BeginLogin and CompleteLogin do a complete login with all checks: state, nonce, PKCE, signature, issuer, audience,
// times. Package web keeps the Login between them in a sealed cookie.
//
//	login, err := client.BeginLogin(ctx, authentication.AuthorizeOptions{})
//	id, err := client.CompleteLogin(ctx, login, r) // id.Key() identifies the user
//
// The scope offline_access asks for a refresh token. Without a Prompt, prompt=consent is added, because Authing gives
// no refresh token without consent. Refresh and RefreshIfExpired renew the Identity; simultaneous callers share one
// request. A *RefreshError has new tokens whose ID token was not accepted. VerifyAccessToken is for APIs, TokenSource
// for programs without a user.
//
// # Authing's calls
//
// BuildAuthorizeUrl, GetAccessTokenByCode, GetUserInfoByAccessToken and the others do one step each, as on Authing's
// page; their docs say what the caller must check. BuildAuthorizeUrl and BuildLogoutUrl keep Authing's spelling;
// every other name follows Go.
//
// # Protocols
//
// Options.Protocol is OIDC{} unless set. OAuth{}, SAML{} and CAS{} are built in, and a type of your own with two
// methods is a protocol too; package protocoltest checks it. FromOIDC, FromOAuth, FromSAML and FromCAS make a
// LoginFlow from a client of any standard server. BeginLogout, CompleteLogout and ReceiveLogout are for logouts that
// involve the server. Client.Flow tells which optional calls a protocol has.
//
// # Errors
//
// ErrRefused is a message that was read and refused, ErrDenied a refusal of the user by the server. ErrMisconfigured
// is a fault that only the operator of the application can correct: an option, a wrong secret, another issuer or
// algorithm. They wrap an error with the details: *oidc.TokenError, *oauth.CallbackError, *oauth.Error,
// *saml.InvalidError, *saml.StatusError, *cas.TicketError or *cas.Failure. errors.ErrUnsupported is a call that the
// protocol does not have. Any other error means that there was no usable answer. No error contains a secret, code,
// token, ticket or assertion, and values that hold them print as [redacted].
package authentication
