// Package xmldsig canonicalizes, verifies and signs XML (XML Signature 1.1, Canonical XML 1.0 and 1.1, Exclusive
// XML Canonicalization 1.0).
//
// It takes the one form of signature that SAML has (SAML Core §5.4): enveloped, with one reference to the element
// that it stands in. [Verify] gives back a new document, read from the very octets whose digest a trusted key
// signed; what was received is not to be believed, whatever else stands in it. A key is trusted because the caller
// names it: KeyInfo is never read.
//
// A construct that is rare is refused, not guessed.
package xmldsig
