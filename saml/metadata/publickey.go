package metadata

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"fmt"
)

// checkKeys refuses what no signature can be verified with, such as an rsa.PublicKey that is no pointer (XML
// Signature 1.1 §6.4). The error names the field.
func checkKeys(field string, keys []crypto.PublicKey) error {
	for i, key := range keys {
		none := key == nil
		switch k := key.(type) {
		case *rsa.PublicKey:
			none = k == nil
		case *ecdsa.PublicKey:
			none = k == nil
		case nil:
		default:
			return fmt.Errorf("%s[%d] is of type %T, want *rsa.PublicKey or *ecdsa.PublicKey", field, i, key)
		}
		if none {
			return fmt.Errorf("%s[%d] is nil", field, i)
		}
	}
	return nil
}
