// Package xmldsig canonicalizes, verifies and signs XML (XML Signature 1.1, Canonical XML 1.0 and 1.1, Exclusive
// XML Canonicalization 1.0).
//
// It accepts the one form of signature that SAML has (SAML Core §5.4): enveloped, with one reference to its parent
// element. [Verify] returns a new document, read from the same octets whose digest a trusted key signed. Do not read
// the received document after that. A key is trusted because the caller names it: KeyInfo is never read.
//
// A rare construct is refused, not guessed.
package xmldsig
