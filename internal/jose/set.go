package jose

import (
	"crypto"
	"strconv"
	"strings"

	gojose "github.com/go-jose/go-jose/v4"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

const maxKeys = 100

// ParseSet reads a JWK Set (RFC 7517 §5) and returns the keys that can verify a signature, in their order.
//
// Members of an unknown type, for another use, weak, private or symmetric are left out; when that leaves none of
// several, the error says why. A set that is empty from the start is no error. The error is an [*Error] of kind [Format] or [BadKey].
func ParseSet(body string) ([]Key, error) {
	object, err := strictjson.Parse(body)
	if err != nil {
		return nil, &Error{Format, "the key set: " + err.Error()}
	}
	var list strictjson.Value
	for name, v := range object.Members {
		if name == "keys" {
			list = v
		}
	}
	if list.Kind() != strictjson.Array {
		return nil, &Error{Format, "the key set holds no array of keys"}
	}
	var keys []Key
	var out leftOut
	n := 0
	for v := range list.Elements {
		if n++; n > maxKeys {
			return nil, &Error{Format, "the key set holds more than " + strconv.Itoa(maxKeys) + " keys"}
		}
		if key, ok := parseKey(v, &out); ok {
			keys = append(keys, key)
		}
	}
	if n > 0 && len(keys) == 0 {
		return nil, &Error{BadKey, "the key set holds no key that can verify: " + out.String()}
	}
	return keys, nil
}

// leftOut counts the members of a set that were not taken.
type leftOut struct{ private, symmetric, otherUse, unsupported, unfit int }

func (l leftOut) String() string {
	text := ""
	for _, c := range []struct {
		n    int
		what string
	}{{l.private, "private"}, {l.symmetric, "symmetric"}, {l.otherUse, "for another use"}, {l.unsupported, "unsupported or malformed"}, {l.unfit, "weak or unfit"}} {
		if c.n > 0 {
			text += ", " + strconv.Itoa(c.n) + " " + c.what
		}
	}
	return strings.TrimPrefix(text, ", ")
}

func parseKey(v strictjson.Value, out *leftOut) (Key, bool) {
	m, ok := readMember(v)
	switch {
	case !ok || m.kty != "RSA" && m.kty != "EC" && m.kty != "OKP" && m.kty != "oct":
		out.unsupported++
	case m.kty == "oct":
		out.symmetric++
	case m.private:
		out.private++
	case !m.verifies:
		out.otherUse++
	default:
		public, ok := m.public()
		switch {
		case !ok || m.alg != "" && !Supported(m.alg):
			out.unsupported++
		case !sound(m.alg, public):
			out.unfit++
		default:
			return Key{m.kid, m.alg, public}, true
		}
	}
	return Key{}, false
}

// sound reports whether the key fits alg or, when the set names none, any algorithm.
func sound(alg string, public crypto.PublicKey) bool {
	if alg != "" {
		return Fits(alg, public)
	}
	for _, alg := range [...]string{"RS256", "ES256", "ES384", "ES512", "EdDSA"} {
		if Fits(alg, public) {
			return true
		}
	}
	return false
}

// public decodes the key material alone: a certificate beside it (x5c) is neither read nor trusted.
func (m *jwkMember) public() (crypto.PublicKey, bool) {
	var jwk gojose.JSONWebKey
	if err := jwk.UnmarshalJSON([]byte(m.material + "}")); err != nil || !jwk.Valid() || !jwk.IsPublic() {
		return nil, false
	}
	return jwk.Key, true
}
