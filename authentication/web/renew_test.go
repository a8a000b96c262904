package web_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func (g *guarded) renew(cookie *http.Cookie) string {
	return ask(g.site.RequireLogin(renews), "GET", "/", cookie).Body.String()
}

// Refresh gets new tokens while the old ones are good, each time; a failure leaves the old ones.
func TestRefreshNow(t *testing.T) {
	t.Parallel()
	_, err := web.Refresh(t.Context())
	require.ErrorIs(t, err, web.ErrNoSession)
	g, flow := withTokens(t)
	cookie := g.site.SignIn(t, "", alice(g.now()))
	assert.Equal(t, "access-1", g.token(cookie))
	assert.Equal(t, "access-2", g.renew(cookie))
	assert.Equal(t, "access-2", g.token(cookie), "it is kept")
	assert.Equal(t, "access-3", g.renew(cookie))
	assert.Equal(t, 2, flow.count())

	flow.err = errors.New("down")
	assert.Equal(t, "error: down", g.renew(cookie))
	assert.Equal(t, "access-3", g.token(cookie))
	flow.err = fmt.Errorf("revoked: %w", oauth.ErrLoginAgain)
	g.advance(time.Minute)
	assert.Equal(t, "login again", g.renew(cookie))
	assert.Equal(t, "access-3", g.token(cookie), "the session goes on, and the token until its end")

	id := alice(g.now())
	id.Token = nil
	assert.Equal(t, "unsupported", g.renew(g.site.SignIn(t, "", id)))
}

// Requests at once share one refresh.
func TestRefreshNowIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, flow := withTokens(t)
		flow.takes = time.Second
		cookie := g.site.SignIn(t, "", alice(g.now()))
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() { assert.Equal(t, "access-2", g.renew(cookie)) })
		}
		group.Wait()
		assert.Equal(t, 1, flow.count())
	})
}
