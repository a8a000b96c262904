// Package saml is a SAML 2.0 service provider for any standard identity provider (SAML Core, Bindings, Profiles
// and Metadata 2.0).
//
//	source, err := metadata.NewSource(metadata.Config{URL: "https://idp.example/metadata"})
//	c, err := saml.NewClient(saml.Config{EntityID: entity, ACSURL: "https://app.example/saml/acs", IDP: source})
//	login, err := c.BeginLogin(ctx, saml.AuthorizeOptions{})
//	// keep login sealed, without URL and Form, in a cookie with SameSite=None (see the example of Login);
//	err = saml.Send(w, login.URL, login.Form)
//	// then, in the handler of ACSURL, for the cookie of saml.LoginKey(r):
//	user, err := c.CompleteLogin(ctx, login, r) // user.NameID, user.Values("groups")
//
// CompleteLogin checks signature, status, issuer, destination, audience, times and confirmation, that the response
// answers this request, and that neither was used before. No call skips one. What it returns was read from the octets
// that a key of the identity provider signed. Key a user by issuer and name identifier, never by email.
//
// # Identity providers
//
// A Config has one IDPSource, from package metadata: a metadata.Source fetches metadata when it is needed and notices
// new keys; a metadata.MDQ asks a federation's server; a metadata.List holds identity providers that are known beforehand, and metadata.Parse reads one from a
// file. For several addresses see the example of IDPSource. Only the keys in the metadata are trusted: certificates
// are not looked at, and neither is what a message says about its key.
//
// # Keys
//
// A service provider needs none to log users in. The first of Config.Keys that signs signs all messages; each that
// decrypts is tried. Metadata is our own document for the identity provider, served by MetadataHandler.
//
// With an ECDSA key requests go by POST where the identity provider offers it: by redirect some verify its signatures
// in DER alone, and others as r and s alone. RedirectDER of metadata.IDP chooses.
//
// # Logout
//
// BeginLogout and CompleteLogout are a logout that starts here; ReceiveLogout reads the identity provider's, and
// RespondLogout answers it. Logout messages are signed, on both sides. With SOAPLogoutURL the identity provider itself
// may send the request, without a browser and its cookie. By redirect a RelayState without a value is none, and the
// signature need not cover it.
//
// # Artifacts
//
// With AcceptArtifacts a response may come as an artifact (HTTP-Artifact): CompleteLogin fetches the response from the
// identity provider of the login, once, and checks it as one that was posted.
//
// # What is refused
//
// SHA-1, RSA keys under 2048 bits, CBC, Triple DES, RSA 1.5, comments, a signature that is last, inclusive Canonical XML,
// IDs that are no XML names, times with an offset, logins that began at the identity provider: each has an option Allow...
// that accepts it and says the risk. The refusal names the option. An address, an entity ID or a format that differs from
// ours is in the error beside ours.
//
// # Errors
//
// *StatusError is the identity provider's no: errors.Is(err, saml.NoPassive). *InvalidError is a message that was read
// and refused: errors.Is(err, saml.CheckAudience). *metadata.Error is metadata that cannot be used: answer "try again
// later", also when an *InvalidError wraps it, unless that is CheckUnknownIDP, where the message itself names an unknown
// identity provider. *ResolveError is an identity provider whose server did not resolve an artifact: answer the same. Any
// other error is a mistake in the configuration. No error contains a message or a user's data.
package saml
