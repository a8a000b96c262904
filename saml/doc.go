// Package saml is a SAML 2.0 service provider for any standard identity provider (SAML Core, Bindings, Profiles
// and Metadata 2.0).
//
//	source, err := saml.NewMetadataSource(saml.MetadataConfig{URL: "https://idp.example/metadata"})
//	c, err := saml.NewClient(saml.Config{
//		EntityID: "https://app.example/saml", ACSURL: "https://app.example/saml/acs", IDP: source,
//	})
//	login, err := c.BeginLogin(ctx, saml.AuthorizeOptions{})
//	// keep login sealed, without URL and Form, in a cookie with SameSite=None (see the example of Login);
//	err = saml.Send(w, login.URL, login.Form)
//	// then, in the handler of ACSURL, for the cookie of saml.LoginKey(r):
//	user, err := c.CompleteLogin(ctx, login, r) // user.NameID, user.Values("groups")
//
// CompleteLogin checks signature, status, issuer, destination, audience, times and confirmation, that the
// response answers this request, and that neither was used before. There is no call that skips one. What it
// returns was read from the very octets that a key of the identity provider signed. Key a user by issuer and
// name identifier, never by email.
//
// # Identity providers
//
// A Config has one IDPSource. IDPs is a list that is known beforehand, ParseMetadata reads a document, such as a
// file, into an entry of it, and NewMetadataSource fetches metadata when they are needed and notices new keys. For
// several addresses see the example of IDPSource. Trust is in those keys alone: certificates are not looked at, and
// neither is what a message says about its key.
//
// # Keys
//
// A service provider needs none to log users in. The first of Config.Keys that signs signs all messages; each
// that decrypts is tried. Metadata is our own document for the identity provider, served by MetadataHandler.
//
// # Logout
//
// BeginLogout and CompleteLogout are a logout that starts here; ReceiveLogout reads the identity provider's, and
// RespondLogout answers it. Logout messages are signed, on both sides.
//
// # What is refused
//
// SHA-1, RSA keys under 2048 bits, CBC, RSA 1.5, comments, Canonical XML that is not exclusive, logins that nobody
// asked for: each has an option Allow... that takes it and says the risk, and its refusal names that option.
//
// # Errors
//
// *StatusError is the identity provider's no: errors.Is(err, saml.NoPassive). *InvalidError is a message or document
// that was read and refused: errors.Is(err, saml.CheckAudience). Any other error means that there was no usable
// answer, or a mistake in the configuration. No message, name or attribute stands in any of them.
package saml
