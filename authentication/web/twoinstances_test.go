package web_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// Two instances, one Store, and a server that replaces refresh tokens and ends the login when it sees one twice. The Commit
// of the instance that is first takes half a second. With a Locker the server sees one refresh; without one, no session
// ends.
func TestSite5TwoInstances(t *testing.T) {
	t.Parallel()
	for _, locks := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			var slow time.Duration
			w := newWorld(t)
			late, fast := storesOfTwo(w.now, locks, &slow)
			w.config.Store = late
			w.config.Options = func(*http.Request, string) (authentication.AuthorizeOptions, error) {
				return authentication.AuthorizeOptions{Scope: "openid offline_access", Prompt: "consent"}, nil
			}
			first := w.open().site
			w.config.Store, w.config.Flow, w.config.Flows = fast, w.oidcFlow(), nil
			second, err := web.New(w.config)
			require.NoError(t, err)
			u := w.person("")
			w.loggedIn(u, "", "/")
			cookie := u.jar.find(sessionCookie)
			token := func(site *web.Site) string {
				return ask(site.RequireLogin(tokens), "GET", "/", cookie).Body.String()
			}
			w.advance(time.Hour - 45*time.Second)
			old, sent := token(first), w.oidc.Requests("/oidc/token") // it writes that a request came: the next one need not
			w.advance(50 * time.Second)
			slow = 500 * time.Millisecond
			var all sync.WaitGroup
			got := [2]string{}
			all.Go(func() { got[0] = token(first) })
			all.Go(func() {
				time.Sleep(100 * time.Millisecond)
				got[1] = token(second)
			})
			all.Wait()
			assert.NotEqual(t, old, got[0])
			assert.Equal(t, got[0], got[1], "both have the new token")
			if locks {
				assert.Equal(t, sent+1, w.oidc.Requests("/oidc/token"))
			}
			for _, site := range []*web.Site{first, second} {
				assert.Equal(t, got[0], token(site))
				assert.Equal(t, http.StatusOK, ask(site.RequireLogin(hello), "GET", "/", cookie).Code, "the session goes on")
			}
		})
	}
}
