package main

import (
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// encryption is how a token is encrypted (RFC 7516).
type encryption struct {
	alg   jose.KeyAlgorithm
	enc   jose.ContentEncryption
	key   any
	zip   jose.CompressionAlgorithm
	twice bool
}

func (e *encryption) text(tr *trial, text string) string {
	options := (&jose.EncrypterOptions{Compression: e.zip}).WithContentType("JWT")
	to := jose.Recipient{Algorithm: e.alg, Key: e.key, KeyID: "client"}
	if strings.HasPrefix(string(e.alg), "PBES2") {
		to.PBES2Count = 1000
	}
	encrypter, err := jose.NewEncrypter(e.enc, to, options)
	if err != nil {
		tr.err = err
		return ""
	}
	rounds := 1
	if e.twice {
		rounds = 2
	}
	for range rounds {
		object, err := encrypter.Encrypt([]byte(text))
		if err != nil {
			tr.err = err
			return ""
		}
		if text, err = object.CompactSerialize(); err != nil {
			tr.err = err
		}
	}
	return text
}

// encryptedCases are ID tokens that are encrypted to the client, which no peer supports.
func encryptedCases() []tokenCase {
	agreed := func(tr *trial) {
		tr.encrypted = true
		tr.encrypt = &encryption{alg: jose.RSA_OAEP_256, enc: jose.A256GCM, key: &rsaKeys()["client"].PublicKey}
	}
	with := func(f func(*encryption)) change { return func(tr *trial) { f(tr.encrypt) } }
	return []tokenCase{
		{id: "I28", name: "encrypted, and not agreed", spoil: func(tr *trial) { agreed(tr); tr.encrypted = false }},
		{id: "I28", name: "not encrypted, and agreed", base: agreed, spoil: func(tr *trial) { tr.encrypt = nil }},
		{id: "I28", name: "encrypted by RSA1_5", base: agreed, spoil: with(func(e *encryption) { e.alg = jose.RSA1_5 })},
		{id: "I28", name: "encrypted by RSA-OAEP", base: agreed, spoil: with(func(e *encryption) { e.alg = jose.RSA_OAEP })},
		{id: "I28", name: "encrypted by another enc", base: agreed, spoil: with(func(e *encryption) { e.enc = jose.A128GCM })},
		{id: "I28", name: "encrypted by PBES2 with the client secret", base: agreed, spoil: with(func(e *encryption) { e.alg, e.key = jose.PBES2_HS256_A128KW, []byte(secret) })},
		{id: "I28", name: "encrypted by dir with the client secret", base: agreed, spoil: with(func(e *encryption) { e.alg, e.key = jose.DIRECT, []byte(secret) })},
		{id: "I28", name: "compressed", base: agreed, spoil: with(func(e *encryption) { e.zip = jose.DEFLATE })},
		{id: "I28", name: "encrypted to another key", base: agreed, spoil: with(func(e *encryption) { e.key = &rsaKeys()["attacker"].PublicKey })},
		{id: "I28", name: "encrypted, and signed by the attacker", base: agreed, spoil: func(tr *trial) { tr.key = rsaKeys()["attacker"] }},
		{id: "I29", name: "encrypted twice", base: agreed, spoil: with(func(e *encryption) { e.twice = true })},
	}
}
