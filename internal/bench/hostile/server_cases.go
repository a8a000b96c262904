package main

import (
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// serverCases are faults of the server's metadata and keys.
func serverCases() []tokenCase {
	keyIs := func(more ...any) change { return func(tr *trial) { tr.jwks = []any{jwk("op", more...)} } }
	document := func(name string, value any) change { return func(tr *trial) { tr.document[name] = value } }
	list := []tokenCase{
		{id: "I7", name: "a key for encryption (use)", spoil: keyIs("use", "enc")},
		{id: "I7", name: "a key for encryption (key_ops)", base: keyIs("use", nil, "key_ops", []string{"verify"}), spoil: keyIs("use", nil, "key_ops", []string{"encrypt"})},
		{id: "I7", name: "a key for another algorithm", spoil: keyIs("alg", "PS512")},
		{id: "I32", name: "a key of 1024 bits", base: all(underKey("other"), keyOf("other")), spoil: all(underKey("small"), keyOf("small"))},
		{id: "K8", name: "a private key is published", spoil: func(tr *trial) {
			tr.jwks = []any{jose.JSONWebKey{Key: rsaKeys()["op"], KeyID: "op", Use: "sig", Algorithm: "RS256"}}
		}},
		{id: "K9", name: "101 keys", spoil: func(tr *trial) {
			for range 99 {
				tr.jwks = append(tr.jwks, jwk("other"))
			}
		}},
		{id: "K4", name: "keys behind a redirect", spoil: func(tr *trial) { tr.moved = "/oidc/jwks" }},
		{id: "K4", name: "keys as text/html", spoil: func(tr *trial) { tr.page = "/oidc/jwks" }},
		{id: "K4", name: "2 MiB of keys", spoil: func(tr *trial) { tr.keysText = pad }},
		{id: "D1", name: "metadata of another issuer", spoil: document("issuer", "https://attacker.example")},
		{id: "D1", name: "metadata of the issuer with one more slash", spoil: document("issuer", issuer+"/")},
		{id: "D3", name: "keys over http", spoil: document("jwks_uri", strings.Replace(issuer, "https", "http", 1)+"/jwks")},
		{id: "D4", name: "metadata as text/html", spoil: func(tr *trial) { tr.page = wellKnown }},
		{id: "D5", name: "2 MiB of metadata", spoil: func(tr *trial) { tr.text = pad }},
		{id: "D6", name: "metadata behind a redirect", spoil: func(tr *trial) { tr.moved = wellKnown }},
		{id: "D10", name: "metadata with two jwks_uri", spoil: func(tr *trial) {
			tr.text = func(text string) string {
				return strings.Replace(text, `"jwks_uri":`, `"jwks_uri":"https://attacker.example/jwks","jwks_uri":`, 1)
			}
		}},
		{id: "I34", name: "metadata with Jwks_Uri in place of jwks_uri", spoil: func(tr *trial) {
			tr.text = func(text string) string { return strings.Replace(text, `"jwks_uri"`, `"Jwks_Uri"`, 1) }
		}},
	}
	for i := range list {
		list[i].keys = true
	}
	return list
}

func pad(text string) string {
	return strings.Replace(text, "{", `{"pad":"`+strings.Repeat("a", 2<<20)+`",`, 1)
}

func underKey(name string) change {
	return func(tr *trial) { tr.key, tr.header["kid"] = rsaKeys()[name], name }
}

func keyOf(name string) change { return func(tr *trial) { tr.jwks = []any{jwk(name)} } }
