package jws

import (
	"crypto"
	"encoding/base64"
)

// Prover signs tokens that all have one header, in which the public key itself is, as a DPoP proof has it (RFC 9449
// §4.2). It checks the key and writes the header once.
type Prover struct {
	alg    string
	key    crypto.Signer
	public crypto.PublicKey
	header []byte // encoded, with the dot after it
}

// NewProver checks that key fits alg. typ needs no escape.
func NewProver(alg, typ string, key crypto.Signer) (*Prover, error) {
	public := key.Public() // asked once: a device may answer otherwise later
	if err := CheckKey(alg, public); err != nil {
		return nil, err
	}
	jwk, err := JWK(public)
	if err != nil {
		return nil, err
	}
	header := encode([]byte(`{"typ":"` + typ + `","alg":"` + alg + `","jwk":` + jwk + `}`))
	return &Prover{alg, key, public, []byte(header + ".")}, nil
}

// Sign makes a token of claims, an object in JSON.
func (p *Prover) Sign(claims []byte) (string, error) {
	size := len(p.header) + base64.RawURLEncoding.EncodedLen(len(claims))
	input := make([]byte, 0, size+1+p.room())
	input = base64.RawURLEncoding.AppendEncode(append(input, p.header...), claims)
	signed, err := sign(p.alg, input, p.key, p.public)
	return string(signed), err
}

// room is how long a signature is in base64url.
func (p *Prover) room() int {
	if key, ok := p.public.(interface{ Size() int }); ok {
		return base64.RawURLEncoding.EncodedLen(key.Size())
	}
	return base64.RawURLEncoding.EncodedLen(2 * 66) // two numbers of P-521
}

// Thumbprint is that of the public key.
func (p *Prover) Thumbprint() (string, error) { return Thumbprint(p.public) }
