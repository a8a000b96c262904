package xmldsig

import (
	"crypto/ecdsa"
	"encoding/asn1"
	"math/big"
)

// pair is an ECDSA signature as crypto/ecdsa has it (RFC 3279 §2.2.3).
type pair struct{ R, S *big.Int }

// coordinate is how many bytes r and s each have (XML Signature 1.1 §6.4.3).
func coordinate(key *ecdsa.PublicKey) int { return (key.Curve.Params().N.BitLen() + 7) / 8 }

// toDER reads r and s by their values. Both must be of the same length, but some signers leave out zeros that both begin
// with.
func toDER(signature []byte, size int) (der []byte, ok bool) {
	if len(signature)%2 != 0 || len(signature) > 2*size {
		return nil, false
	}
	half := len(signature) / 2
	der, err := asn1.Marshal(pair{new(big.Int).SetBytes(signature[:half]), new(big.Int).SetBytes(signature[half:])})
	return der, err == nil
}

func fromDER(der []byte, size int) (signature []byte, ok bool) {
	var p pair
	rest, err := asn1.Unmarshal(der, &p)
	if err != nil || len(rest) > 0 || p.R.Sign() <= 0 || p.S.Sign() <= 0 || p.R.BitLen() > 8*size || p.S.BitLen() > 8*size {
		return nil, false
	}
	signature = make([]byte, 2*size)
	p.R.FillBytes(signature[:size])
	p.S.FillBytes(signature[size:])
	return signature, true
}
