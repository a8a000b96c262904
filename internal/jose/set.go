package jose

import (
	"strconv"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

const maxKeys = 100

// ParseSet reads a JWK Set (RFC 7517 §5) and returns the keys that can verify a signature, in their order.
//
// Members of an unknown type, for another use, weak, private or symmetric are skipped, and unusable says by kid which
// part is wrong. When no member is left, the error says so. An empty set is not an error. The error is an [*Error] of
// kind [Format] or [BadKey].
func ParseSet(body string) (keys []Key, unusable map[string]string, err error) {
	object, err := strictjson.Parse(body)
	if err != nil {
		return nil, nil, &Error{Format, "the key set: " + err.Error()}
	}
	var list strictjson.Value
	for name, v := range object.Members {
		if name == "keys" {
			list = v
		}
	}
	if list.Kind() != strictjson.Array {
		return nil, nil, &Error{Format, "the key set holds no array of keys"}
	}
	var out leftOut
	n := 0
	for v := range list.Elements {
		if n++; n > maxKeys {
			return nil, nil, &Error{Format, "the key set holds more than " + strconv.Itoa(maxKeys) + " keys"}
		}
		m := readMember(v)
		if key, bad := m.key(); bad != "" {
			out.add(n, m.kid, bad)
		} else {
			keys = append(keys, key)
		}
	}
	if n > 0 && len(keys) == 0 {
		return nil, nil, &Error{BadKey, "the key set holds no key that can verify: " + out.String()}
	}
	return keys, out.why, nil
}

// key returns the key of m, or why it cannot be used.
func (m *jwkMember) key() (Key, string) {
	switch {
	case m.kty == "oct":
		return Key{}, "kty oct is a symmetric key"
	case m.bad != "":
		return Key{}, m.bad
	case m.kty == "":
		return Key{}, "kty is missing"
	case m.kty != "RSA" && m.kty != "EC" && m.kty != "OKP":
		return Key{}, "kty " + quoted(m.kty) + " is not supported"
	case m.alg != "" && !Supported(m.alg):
		return Key{}, "alg " + quoted(m.alg) + " is not a supported signature algorithm"
	}
	public, bad := m.public()
	if bad == "" {
		bad = unfit(m.alg, public)
	}
	return Key{m.kid, m.alg, public}, bad
}

// leftOut says why members of a set were skipped: by kid, and for the first few as text for errors.
type leftOut struct {
	why  map[string]string
	n    int
	text strings.Builder
}

const maxLeftOut = 4

func (l *leftOut) add(place int, kid, bad string) {
	if _, known := l.why[kid]; kid != "" && !known {
		if l.why == nil { // most sets leave nothing out
			l.why = map[string]string{}
		}
		l.why[strings.Clone(kid)] = bad
	}
	if l.n++; l.n > maxLeftOut {
		return
	}
	if l.n > 1 {
		l.text.WriteString("; ")
	}
	if kid == "" {
		l.text.WriteString("key " + strconv.Itoa(place) + ": " + bad)
	} else {
		l.text.WriteString("kid " + quoted(kid) + ": " + bad)
	}
}

func (l *leftOut) String() string {
	if more := l.n - maxLeftOut; more > 0 {
		return l.text.String() + "; and " + strconv.Itoa(more) + " more"
	}
	return l.text.String()
}

// quoted prepares a name from the set for an error.
func quoted(name string) string {
	const most = 32
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most]) + "…"
	}
	return strconv.Quote(name)
}
