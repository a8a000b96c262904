package metadata

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Limits of the keys of an identity provider: each may be tried for each message.
const (
	maxKeys    = 20
	maxRSABits = 8192
)

// keyReader collects the keys of a role that can verify (SAML Metadata §2.4.1.1). They are trusted as the metadata is:
// nothing else of a certificate is looked at.
type keyReader struct {
	keys    []crypto.PublicKey
	skipped []string // why, once each
}

func (r *keyReader) skip(why string) {
	if !slices.Contains(r.skipped, why) {
		r.skipped = append(r.skipped, why)
	}
}

// why tells which keys were skipped, for an error.
func (r *keyReader) why() string {
	if len(r.skipped) == 0 {
		return ""
	}
	return ": skipped " + strings.Join(r.skipped, ", ")
}

func (r *keyReader) descriptor(e xmlgate.Element) {
	switch use, given := e.Attr("", "use"); {
	case use == "encryption":
		r.skip("one for encryption")
		return
	case given && use != "signing":
		r.skip("one for an unknown use")
		return
	}
	for info := range e.Children {
		if info.Is(nsDSig, "KeyInfo") {
			r.info(info)
		}
	}
}

// info reads a KeyInfo (XML Signature 1.1 §4.5).
func (r *keyReader) info(e xmlgate.Element) {
	found := false
	for child := range e.Children {
		switch {
		case child.Is(nsDSig, "X509Data"):
			r.certificates(child)
		case child.Is(nsDSig, "KeyValue"):
			r.keyValue(child)
		case child.Is(nsDSig11, "DEREncodedKeyValue"):
			if der, ok := octets(child); ok {
				r.add(x509.ParsePKIXPublicKey(der))
			} else {
				r.skip("one that is no base64")
			}
		default:
			continue
		}
		found = true
	}
	if !found {
		r.skip("one without certificate or value")
	}
}

// add keeps a key that can verify, and each key only once.
func (r *keyReader) add(key any, err error) {
	if err != nil {
		r.skip("one that cannot be read")
		return
	}
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() > maxRSABits {
			r.skip(fmt.Sprintf("an RSA key of %d bits", k.N.BitLen()))
			return
		}
		// A number keeps room to grow, which sums up in a federation.
		key = &rsa.PublicKey{N: new(big.Int).SetBits(slices.Clone(k.N.Bits())), E: k.E}
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() && k.Curve != elliptic.P521() {
			r.skip("one on the curve " + k.Curve.Params().Name)
			return
		}
	default:
		r.skip(strings.TrimPrefix(fmt.Sprintf("one of type %T", key), "*"))
		return
	}
	if slices.ContainsFunc(r.keys, func(old crypto.PublicKey) bool { return xmldsig.SameKey(old, key) }) {
		return
	}
	if len(r.keys) == maxKeys {
		r.skip(fmt.Sprintf("those after the first %d", maxKeys))
		return
	}
	r.keys = append(r.keys, key)
}
