package oauth_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Only a space separates the parts of a scope (RFC 6749 §3.3).
func TestScopeWords(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		b := string([]byte{byte(c)})
		token, state := oauth.Token{Scope: "read" + b + "admin"}, oauth.Introspection{Active: true, Scope: "read" + b + "admin"}
		for word, want := range map[string]bool{"read": b == " ", "admin": b == " ", "read" + b + "admin": b != " "} {
			assert.Equal(t, want, token.HasScope(word), "%q %q", b, word)
			assert.Equal(t, want, state.HasScope(word), "%q %q", b, word)
		}
	}
	for _, words := range []string{"read\u00a0admin", "read\u0085admin", "read\u2028admin", "Admin", "admins", "", " "} {
		token := oauth.Token{Scope: words}
		assert.False(t, token.HasScope("admin"), words)
		assert.False(t, token.HasScope(""), words)
	}
	for _, words := range []string{"admin", " admin", "admin  read ", "read admin"} {
		token := oauth.Token{Scope: words}
		assert.True(t, token.HasScope("admin"), words)
		assert.False(t, token.HasScope(""), words)
	}
	inactive := oauth.Introspection{Scope: "admin"}
	assert.False(t, inactive.HasScope("admin"))
}
