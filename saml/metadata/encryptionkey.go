package metadata

import (
	"crypto"
	"crypto/rsa"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// encryption reads a KeyDescriptor for encryption, or for any use (SAML Metadata §2.4.1.1).
func (r *keyReader) encryption(e xmlgate.Element) {
	if use, given := e.Attr("", "use"); given && use != "encryption" {
		return
	}
	for info := range e.Children {
		if info.Is(nsDSig, "KeyInfo") {
			r.info(info)
		}
	}
}

// rsaKeys are the RSA keys. One that verifies too is the same value, since most identity providers have one key for both.
func (r *keyReader) rsaKeys(verifying []crypto.PublicKey) []*rsa.PublicKey {
	var all []*rsa.PublicKey
	for _, key := range r.keys {
		if i := slices.IndexFunc(verifying, func(v crypto.PublicKey) bool { return xmldsig.SameKey(v, key) }); i >= 0 {
			key = verifying[i]
		}
		if k, ok := key.(*rsa.PublicKey); ok {
			all = append(all, k)
		}
	}
	return all
}
