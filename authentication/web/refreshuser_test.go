package web_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// A flow whose refresh returns another user, or no token, gives nobody a token, and the session stays its user's.
func TestRefreshOfAnotherUser(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*authentication.Identity)
		good   bool
	}{
		"the user, with a new name":    {func(id *authentication.Identity) { id.Claims = map[string]any{"name": "Al"} }, true},
		"another user":                 {func(id *authentication.Identity) { id.Subject = "bob" }, false},
		"the same name of another iss": {func(id *authentication.Identity) { id.Issuer += "/other" }, false},
		"no token":                     {func(id *authentication.Identity) { id.Token = nil }, false},
	} {
		g, flow := withTokens(t)
		cookie := g.signIn()
		flow.change = c.change
		g.advance(time.Hour)
		got := g.token(cookie)
		assert.Equal(t, "hello alice", ask(g.site.RequireLogin(hello), "GET", "/", cookie).Body.String(), name)
		if c.good {
			assert.Equal(t, "access-2", got, name)
			continue
		}
		assert.Contains(t, got, "error: authentication: refused", name)
		assert.Contains(t, g.kinds(), web.EventRefreshFailed, name)
		assert.NotContains(t, g.kinds(), web.EventRefresh, name)
	}
}
