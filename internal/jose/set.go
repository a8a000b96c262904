package jose

import (
	"slices"
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
	out, err := verifying.parseSet(body, func(_ string, k Key) { keys = append(keys, k) })
	if err != nil {
		return nil, nil, err
	}
	if out.n > 0 && len(keys) == 0 {
		return nil, nil, &Error{BadKey, "the key set holds no key that can verify: " + out.String()}
	}
	return keys, out.why, nil
}

// ParseEncryptionSet reads the keys of a JWK Set to which texts are encrypted: those with use enc first, then those without a
// use. Others are skipped, and skipped says why, but of keys with another use, which are not meant. The error is that of
// [ParseSet]; a set without such a key is none.
func ParseEncryptionSet(body string) (keys []Key, skipped string, err error) {
	var others []Key
	out, err := encrypting.parseSet(body, func(use string, k Key) {
		if use == "" {
			others = append(others, k)
		} else {
			keys = append(keys, k)
		}
	})
	if err != nil {
		return nil, "", err
	}
	return append(keys, others...), out.String(), nil
}

// parseSet gives each key for p, with its use, to add.
func (p *purpose) parseSet(body string, add func(use string, k Key)) (*leftOut, error) {
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
	out := &leftOut{}
	n := 0
	for v := range list.Elements {
		if n++; n > maxKeys {
			return nil, &Error{Format, "the key set holds more than " + strconv.Itoa(maxKeys) + " keys"}
		}
		m := p.readMember(v)
		switch key, bad := p.key(m); {
		case bad == "":
			add(m.use, key)
		case !p.alone || m.use == "" || m.use == p.use:
			out.add(n, m.kid, bad)
		}
	}
	return out, nil
}

// key returns the key of m, or why it cannot be used.
func (p *purpose) key(m *jwkMember) (Key, string) {
	switch {
	case m.kty == "oct":
		return Key{}, "kty oct is a symmetric key"
	case m.bad != "":
		return Key{}, m.bad
	case m.kty == "":
		return Key{}, "kty is missing"
	case !slices.Contains(p.types, m.kty):
		return Key{}, "kty " + quoted(m.kty) + " is not supported"
	case m.alg != "" && !p.supported(m.alg):
		return Key{}, "alg " + quoted(m.alg) + " is not a supported " + p.what + " algorithm"
	}
	public, bad := m.public()
	if bad == "" {
		bad = p.unfit(m.alg, public)
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
