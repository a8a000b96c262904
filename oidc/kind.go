package oidc

import (
	"slices"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// kind is one kind of JWT. A server signs many kinds with one key, and several of them have the same iss, sub and
// aud. Many servers write typ JWT for all of them, so each verifier refuses the other kinds by their claims
// (RFC 8725 §3.11, §3.12).
type kind uint8

// The kinds that have a verifier, by their place in kinds.
const (
	kindIDToken kind = iota
	kindAccessToken
)

// kinds says how to recognize each kind. A new kind is one line; then every verifier refuses it.
var kinds = [...]struct {
	name   string
	check  TokenCheck // the check when another verifier refuses it
	typs   []string   // besides JWT and none, without application/
	marks  []string   // claims that no other kind has,
	unless []string   // unless one of these is present too
}{
	kindIDToken:     {"an ID token", CheckType, nil, idTokenMarks, nil},                                                       // OpenID Connect Core §2
	kindAccessToken: {"an access token", CheckScope, []string{"at+jwt"}, []string{"scope", "scp", "client_id"}, idTokenMarks}, // RFC 9068 §2
	{"a logout token or another security event", CheckType, []string{"logout+jwt", "secevent+jwt"}, []string{"events"}, nil}, // RFC 8417 §2.2
	{"an introspection", CheckType, []string{"token-introspection+jwt"}, []string{"token_introspection"}, nil},               // RFC 9701 §5
	{"a request object", CheckType, []string{"oauth-authz-req+jwt"}, []string{"response_type"}, nil},                         // RFC 9101 §4
}

var idTokenMarks = []string{"nonce", "at_hash", "c_hash"}

// refuseTyp is the refusal of a typ that k may not have.
func (k kind) refuseTyp(typ string) error {
	for i := range kinds {
		if kind(i).has(typ) {
			return refuse(CheckType, "typ says that this is %s, not %s", kinds[i].name, kinds[k].name)
		}
	}
	return refuse(CheckType, "typ says that this is not %s", kinds[k].name)
}

// has reports whether typ is one of k's.
func (k kind) has(typ string) bool {
	return slices.ContainsFunc(kinds[k].typs, func(t string) bool { return equalMedia(typ, t) })
}

// refuseOthers refuses a token with the mark of another kind. The marks of k and of the excused kinds do not count.
func (k kind) refuseOthers(members []strictjson.Member, excused ...kind) error {
	for i := range kinds {
		other := &kinds[i]
		if kind(i) == k || slices.Contains(excused, kind(i)) {
			continue
		}
		if mark := claimed(members, other.marks); mark != "" && claimed(members, other.unless) == "" {
			return refuse(other.check, "this is %s: it has %s", other.name, mark)
		}
	}
	return nil
}

// claimed returns the first of the names that a token has; null is absent.
func claimed(members []strictjson.Member, names []string) string {
	for _, name := range names {
		if claim(members, name).Kind() != strictjson.Null {
			return name
		}
	}
	return ""
}

// claim returns a null for a claim that is absent.
func claim(members []strictjson.Member, name string) strictjson.Value {
	for i := range members {
		if members[i].Name == name {
			return members[i].Value
		}
	}
	return strictjson.Value{}
}
