// Package oauth is an OAuth 2.0 client (RFC 6749) for any standard server.
//
// A login takes two calls. BeginLogin makes state and a PKCE verifier and returns a Login, which the
// application keeps for that one browser; CompleteLogin checks the callback against it and buys the
// token:
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
// OAuth says what a token may do, not who the user is. To learn that, fetch user info with the token
// that the code bought, or use package oidc.
//
// # Client authentication
//
// A ClientAuth says how the client proves itself; it is chosen separately for the token,
// introspection and revocation endpoints. ClientSecretBasic (the default), ClientSecretPost and None
// are built in. The method is never guessed by trying, because a failed try burns the code.
//
// # Tokens that last
//
// RefreshIfExpired renews a token, one request for all who ask at once. A TokenSource keeps the token of a
// machine, and a Transport sends it to one origin. MendTokenReply is for servers that depart from RFC 6749 §5.1.
//
// # Errors
//
// *Error is the server's refusal and answers errors.Is(err, oauth.InvalidGrant). *CallbackError is a
// callback that was read and refused. Any other error means that there was no usable answer.
//
// Tokens, codes and secrets never stand in an error, and values that hold them print as [redacted]. As JSON a
// Token and a Login are whole, for storage, and so is UserInfo, but its raw reply; anything else is redacted there too.
package oauth
