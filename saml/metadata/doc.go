// Package metadata reads the SAML 2.0 metadata of identity providers: who they are, where their endpoints are, and by
// which keys their messages are verified (SAML Metadata §2).
//
//	source, err := metadata.NewSource(metadata.Config{URL: "https://idp.example/metadata"})
//	c, err := saml.NewClient(saml.Config{EntityID: entity, ACSURL: acs, IDP: source})
//
// A Source fetches the document at an address when it is needed, and again when it is old or when a signature was made
// by a new key. While the server fails, the last good document is used for a day at most, and never after its
// validUntil. Parse reads a document that is at hand, such as a file, into an IDP. A List holds such identity
// providers, or those that a program writes down. Both Source and List are a saml.IDPSource.
//
//	p, err := metadata.Parse(file, metadata.Options{})
//	c, err := saml.NewClient(saml.Config{EntityID: entity, ACSURL: acs, IDP: metadata.NewList(p)})
//
// # Federations
//
// A federation publishes one signed document of all its entities, an aggregate, or answers for each by MDQ. Both are a
// source of many identity providers:
//
//	federation := metadata.Config{URL: "https://mdq.example", Keys: keys, WantSigned: true, MaxValidity: 14 * 24 * time.Hour}
//	source, err := metadata.NewMDQ(federation)    // asks for each identity provider when it is needed
//	source, err := metadata.NewSource(federation) // or reads the aggregate at URL; raise MaxReply and Timeout for it
//
// An aggregate is read in one pass. Memory holds one entity and what was read of the identity providers, about 2 KB for
// each, and not the document. Nothing of it is used before its signature was good to the end; else the last good
// aggregate stays. Config.Filter leaves identity providers out, by registration authority or entity category.
//
// Any identity provider of a federation could send the name of another's user. So its values of scoped attributes, such
// as eduPersonPrincipalName and subject-id, are dropped unless its metadata has a scope that covers them: see
// IDP.CheckScopes. This says nothing of other attributes and of name identifiers: key a user by them together with the
// issuer.
//
// # Trust
//
// The author of the metadata decides which keys are trusted. Without Keys the server at the https address is trusted.
// With Keys a signature by one of them is demanded, of the whole document or of the entity. Certificates are only
// read for their public keys: their dates and issuers have no meaning here (SAML Metadata §2.4.1.1).
//
// # What is refused
//
// Document types, entities, and comments in values; a validUntil that is past; a role that does not speak SAML 2.0,
// or two that do; addresses that are not https; a document without an endpoint for logins or a key. An entity that
// is refused does not harm the others of its document, but what is not well-formed or over a limit refuses the document,
// and with Keys so does all that is not safe to read. Keys that cannot verify are skipped.
//
// # Errors
//
// Metadata that cannot be used is an *Error: errors.Is(err, metadata.CheckExpired). It is an outage and never the
// user's fault, whichever call of package saml meets it, because the server may mend it at any time. Two checks are
// the application's own: CheckConfig is a mistake in what it wrote down, and CheckUnknown is a name that its source
// does not know. Options and Config that contradict themselves are errors without a type, which name the field.
package metadata
