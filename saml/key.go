package saml

import "crypto"

// Key is a key of the service provider: it signs, decrypts, or both.
type Key struct {
	Signer    crypto.Signer
	Decrypter crypto.Decrypter
	// Certificate is in DER. It stands in the metadata and in signatures; other than that it has no meaning.
	Certificate []byte
}
