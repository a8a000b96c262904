package authentication

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// No user may choose a name that makes him another user: neither of the issuer's own domain nor of one that it
// passes on.
func TestSAML50SubjectsOfTwoUsersDiffer(t *testing.T) {
	t.Parallel()
	const issuer = "https://idp.example/%20a"
	seen := map[string]saml.NameID{}
	for _, n := range []struct{ domain, value, want string }{
		{"", "alice", "alice"},
		{"https://up.example", "alice", "https://up.example!alice"},
		{"", "https://up.example!alice", "https://idp.example/%2520a!https://up.example!alice"},
		{"https://up.example!alice", "bob", "https://up.example%21alice!bob"},
		{"https://up.example", "alice!bob", "https://up.example!alice!bob"},
		{"https://up.example%21alice", "bob", "https://up.example%2521alice!bob"},
		{"", "!alice", "https://idp.example/%2520a!!alice"},
		{"!", "alice", "%21!alice"},
		{"!", "", ""},
	} {
		name := saml.NameID{Value: n.value, NameQualifier: n.domain}
		got := samlSubject(issuer, name)
		assert.Equal(t, n.want, got)
		assert.NotContains(t, seen, got)
		seen[got] = name
	}
	for _, value := range []string{"alice", "alice!bob"} {
		assert.Equal(t, samlSubject(issuer, saml.NameID{Value: value}), samlSubject(issuer, saml.NameID{Value: value, NameQualifier: issuer}), "the issuer's domain is what is meant when none is named")
	}
}
