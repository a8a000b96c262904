package jose

import (
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"math"
	"math/big"
	"strconv"

	gojose "github.com/go-jose/go-jose/v4"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// jwkMember is one member of a key set (RFC 7517 §4).
type jwkMember struct {
	kty, kid, alg, use string
	numbers            map[string]strictjson.Value // kty and the public parameters
	bad                string                      // why it is not a JWK for the purpose; the first reason in the text
}

// readMember reads v, and says in bad why it is not a key for p.
func (p *purpose) readMember(v strictjson.Value) *jwkMember {
	m := &jwkMember{numbers: map[string]strictjson.Value{}}
	if v.Kind() != strictjson.Object {
		m.fault("it is not an object")
	}
	for name, member := range v.Members {
		switch name {
		case "kty":
			m.text(&m.kty, name, member)
			m.numbers[name] = member
		case "kid":
			m.text(&m.kid, name, member)
		case "alg":
			m.text(&m.alg, name, member)
		case "use":
			if m.use = member.Text(); m.use != p.use {
				m.fault("use is not " + p.use)
			}
		case "key_ops":
			if !p.in(member) {
				m.fault("key_ops does not hold " + p.can)
			}
		case "d", "p", "q", "dp", "dq", "qi", "oth", "k":
			// A published private key is known to everyone, so its signatures prove nothing (RFC 7518 §6.2.2, §6.3.2,
			// §6.4).
			m.fault("it holds " + name + ", so it is a secret or private key")
		case "n", "e", "crv", "x", "y":
			m.numbers[name] = member
		}
	}
	return m
}

func (m *jwkMember) fault(what string) {
	if m.bad == "" {
		m.bad = what
	}
}

func (m *jwkMember) text(into *string, name string, v strictjson.Value) {
	var ok bool
	if *into, ok = v.ExactStr(); !ok {
		m.fault(name + " is not a string, or has half of a surrogate pair")
	}
}

// public decodes only the key material: a certificate with it (x5c) is not read or trusted. bad says why there is no
// key.
func (m *jwkMember) public() (key crypto.PublicKey, bad string) {
	if bad := m.misspelt(); bad != "" {
		return nil, bad
	}
	if m.kty == "RSA" {
		return m.rsa()
	}
	material := "{"
	for name, v := range m.numbers {
		if len(material) > 1 {
			material += ","
		}
		material += strconv.Quote(name) + ":" + v.Raw()
	}
	var jwk gojose.JSONWebKey
	if err := jwk.UnmarshalJSON([]byte(material + "}")); err == nil && jwk.Valid() && jwk.IsPublic() {
		return jwk.Key, ""
	}
	if m.kty == "EC" {
		return nil, "crv " + quoted(m.numbers["crv"].Text()) + " is not supported, or x and y are not a point on it"
	}
	return nil, "crv " + quoted(m.numbers["crv"].Text()) + " is not supported, or x is not a key of it"
}

// rsa decodes n and e (RFC 7518 §6.3.1). go-jose stops at 4096 bits, unless a variable is set for the whole program.
func (m *jwkMember) rsa() (key crypto.PublicKey, bad string) {
	number := func(name string) *big.Int {
		bytes, _ := base64.RawURLEncoding.DecodeString(m.numbers[name].Text())
		return new(big.Int).SetBytes(bytes)
	}
	e := number("e")
	if !e.IsInt64() || e.Int64() < 2 || e.Int64() > math.MaxInt32 { // crypto/rsa accepts no larger one
		return nil, "e is not an accepted exponent"
	}
	return &rsa.PublicKey{N: number("n"), E: int(e.Int64())}, ""
}

// misspelt finds the parameter that is missing or wrongly encoded (RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2).
func (m *jwkMember) misspelt() string {
	names := map[string][]string{"RSA": {"n", "e"}, "EC": {"crv", "x", "y"}, "OKP": {"crv", "x"}}[m.kty]
	for _, name := range names {
		v, there := m.numbers[name]
		text, isText := v.ExactStr()
		switch {
		case !there:
			return name + " is missing"
		case !isText:
			return name + " is not a string, or has half of a surrogate pair"
		case name != "crv":
			if bad := notBase64(text); bad != "" {
				return name + " " + bad
			}
		}
	}
	return ""
}
