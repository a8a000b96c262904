package oauth

import (
	"cmp"
	"crypto"
	"encoding/json"
	"fmt"

	"github.com/seed6e7d3bb2/authing-go/internal/jws"
)

// JWK is a public key of the client (RFC 7517 §4). Its JSON form never has a private member: a private key in Public
// is an error.
type JWK struct {
	// ID is kid; empty is the key's thumbprint (RFC 7638).
	ID string
	// Alg is alg, the only algorithm of the key; empty is left out.
	Alg string
	// Use is use: sig or enc; empty is left out.
	Use string
	// Public is an *rsa.PublicKey of at least 2048 bits, an *ecdsa.PublicKey on P-256, P-384 or P-521, or an
	// ed25519.PublicKey.
	Public crypto.PublicKey
}

// JWKSet is the client's JWKS (RFC 7517 §5), for ClientMetadata.JWKS or a file.
type JWKSet []JWK

// MarshalJSON writes the JWK (RFC 7517 §4).
func (k JWK) MarshalJSON() ([]byte, error) {
	members, err := jws.Public(k.Public)
	if err != nil {
		return nil, fmt.Errorf("oauth: JWK: %w", err)
	}
	if k.ID == "" {
		if k.ID, err = jws.Thumbprint(k.Public); err != nil {
			return nil, fmt.Errorf("oauth: JWK: %w", err)
		}
	}
	members = append(members, jws.Member{Name: "kid", Value: k.ID}, jws.Member{Name: "alg", Value: k.Alg}, jws.Member{Name: "use", Value: k.Use})
	object := make(map[string]string, len(members))
	for _, m := range members {
		if m.Value != "" {
			object[m.Name] = m.Value
		}
	}
	return json.Marshal(object)
}

// MarshalJSON writes the JWKS (RFC 7517 §5). Two different keys with one kid are an error: a server could use the wrong
// one (RFC 7517 §4.5).
func (s JWKSet) MarshalJSON() ([]byte, error) {
	named := make(map[string]string, len(s)) // thumbprints by kid
	for _, k := range s {
		print, err := jws.Thumbprint(k.Public)
		if err != nil {
			return nil, fmt.Errorf("oauth: JWK: %w", err)
		}
		kid := cmp.Or(k.ID, print)
		if other, ok := named[kid]; ok && other != print {
			return nil, fmt.Errorf("oauth: JWKSet has two different keys with the ID %q", kid)
		}
		named[kid] = print
	}
	keys := []JWK(s)
	if keys == nil {
		keys = []JWK{}
	}
	return json.Marshal(map[string][]JWK{"keys": keys})
}
