package jose

import (
	"strconv"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// jwkMember is what one member of a key set says (RFC 7517 §4).
type jwkMember struct {
	kty, kid, alg string
	private       bool
	verifies      bool   // by use and key_ops
	material      string // an open JSON object of kty and the public parameters
}

// readMember is false for what is no JWK: no object, or a parameter of the wrong kind.
func readMember(v strictjson.Value) (m jwkMember, ok bool) {
	m.verifies, m.material = true, "{"
	ok = v.Kind() == strictjson.Object
	for name, p := range v.Members {
		text, isText := p.Str()
		switch name {
		case "kty":
			m.kty, ok = text, ok && isText
			m.add(name, p)
		case "kid":
			m.kid, ok = text, ok && isText
		case "alg":
			m.alg, ok = text, ok && isText
		case "use":
			m.verifies = m.verifies && text == "sig"
		case "key_ops":
			m.verifies = m.verifies && holdsVerify(p)
		case "d", "p", "q", "dp", "dq", "qi", "oth", "k":
			// A private key that was published is anybody's, so nothing it signs counts (RFC 7518 §6.2.2, §6.3.2, §6.4).
			m.private = true
		case "n", "e", "crv", "x", "y":
			m.add(name, p)
		}
	}
	return m, ok
}

func (m *jwkMember) add(name string, v strictjson.Value) {
	if m.material != "{" {
		m.material += ","
	}
	m.material += strconv.Quote(name) + ":" + v.Raw()
}

func holdsVerify(list strictjson.Value) bool {
	for v := range list.Elements {
		if v.Text() == "verify" {
			return true
		}
	}
	return false
}
