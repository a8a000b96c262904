//go:build interop

package e2e

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A response by POST in a browser that began no login, then in the right browser, and then a second time.
func testPosted(t *testing.T, s *site, b *browser) {
	who, other := b.profile(t), b.profile(t)
	var form url.Values
	who.interceptForm(s.callback, func() {
		s.begin(who)
		s.server.signIn(who)
	}, &form)
	require.Equal(t, s.callback, who.location())

	other.open(s.origin + "/")
	other.post(s.callback, form)
	other.read("h1", "cannot be used")
	assert.False(t, s.loggedIn(other))

	who.open(s.origin + "/")
	who.post(s.callback, form)
	who.at(s.origin + s.user())
	who.open(s.origin + "/")
	who.post(s.callback, form)
	who.at(s.origin + s.user())
	assert.True(t, s.loggedIn(who), "an old response must not end the session")
}
