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

// jwkMember is what one member of a key set says (RFC 7517 §4).
type jwkMember struct {
	kty, kid, alg string
	numbers       map[string]strictjson.Value // kty and the public parameters
	bad           string                      // what keeps it from being a JWK that can verify; the first in the text
}

func readMember(v strictjson.Value) *jwkMember {
	m := &jwkMember{numbers: map[string]strictjson.Value{}}
	if v.Kind() != strictjson.Object {
		m.fault("it is not an object")
	}
	for name, p := range v.Members {
		switch name {
		case "kty":
			m.text(&m.kty, name, p)
			m.numbers[name] = p
		case "kid":
			m.text(&m.kid, name, p)
		case "alg":
			m.text(&m.alg, name, p)
		case "use":
			if p.Text() != "sig" {
				m.fault("use is not sig")
			}
		case "key_ops":
			if !holdsVerify(p) {
				m.fault("key_ops does not hold verify")
			}
		case "d", "p", "q", "dp", "dq", "qi", "oth", "k":
			// A private key that was published is anybody's, so nothing it signs counts (RFC 7518 §6.2.2, §6.3.2, §6.4).
			m.fault("it holds " + name + ", which only a secret or private key has")
		case "n", "e", "crv", "x", "y":
			m.numbers[name] = p
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
		m.fault(name + " is not a string of whole characters")
	}
}

func holdsVerify(list strictjson.Value) bool {
	for v := range list.Elements {
		if v.Text() == "verify" {
			return true
		}
	}
	return false
}

// public decodes the key material alone: a certificate beside it (x5c) is neither read nor trusted. bad says why there is
// no key.
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
		return nil, "crv " + quoted(m.numbers["crv"].Text()) + " is not supported, or x and y are not a point of it"
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
	if !e.IsInt64() || e.Int64() < 2 || e.Int64() > math.MaxInt32 { // crypto/rsa takes no larger one
		return nil, "e is not an exponent that is used"
	}
	return &rsa.PublicKey{N: number("n"), E: int(e.Int64())}, ""
}

// misspelt finds the parameter that is missing or badly written (RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2).
func (m *jwkMember) misspelt() string {
	names := map[string][]string{"RSA": {"n", "e"}, "EC": {"crv", "x", "y"}, "OKP": {"crv", "x"}}[m.kty]
	for _, name := range names {
		v, there := m.numbers[name]
		text, isText := v.ExactStr()
		switch {
		case !there:
			return name + " is missing"
		case !isText:
			return name + " is not a string of whole characters"
		case name != "crv":
			if bad := notBase64(text); bad != "" {
				return name + " " + bad
			}
		}
	}
	return ""
}
