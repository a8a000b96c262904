package jose

import (
	"crypto"
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// purpose is what the keys of a set are read for (RFC 7517 §4.2, §4.3).
type purpose struct {
	use       string
	ops       []string
	emptyOps  bool // key_ops may be empty: a public key of ECDH has no operation of its own
	alone     bool // keys with another use are nobody's fault
	types     []string
	each      []string // algorithms of which one fits a usable key
	supported func(alg string) bool
	fits      func(alg string, key crypto.PublicKey) bool
	what, can string // for errors
}

var verifying = purpose{
	use: "sig", ops: []string{"verify"}, types: []string{"RSA", "EC", "OKP"}, each: []string{"RS256", "ES256", "ES384", "ES512", "EdDSA"},
	supported: Supported, fits: Fits, what: "signature", can: "verify",
}

var encrypting = purpose{
	use: "enc", ops: []string{"wrapKey", "encrypt", "deriveKey", "deriveBits"}, emptyOps: true, alone: true, types: []string{"RSA", "EC"},
	each:      []string{"RSA-OAEP", "ECDH-ES"},
	supported: func(alg string) bool { m, ok := managementOf(alg); return ok && !m.direct() },
	fits:      FitsEncryption, what: "encryption", can: "wrapKey or deriveKey",
}

// in reports whether key_ops has an operation of the purpose.
func (p *purpose) in(list strictjson.Value) bool {
	empty := list.Kind() == strictjson.Array
	for v := range list.Elements {
		if empty = false; slices.Contains(p.ops, v.Text()) {
			return true
		}
	}
	return empty && p.emptyOps
}
