package web_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// meeting lets the first token call wait until the test says so.
type meeting struct {
	http.Handler
	came, release chan struct{}
	once          sync.Once
}

func (m *meeting) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/oidc/token" {
		m.once.Do(func() {
			close(m.came)
			<-m.release
		})
	}
	m.Handler.ServeHTTP(w, r)
}

// Of the same callback twice at once the first logs in, and the second waits for its answer: the code is sent once. A reload
// drops the first request, so that the browser has the answer to the second alone.
func TestSiteCallbackTwiceAtOnce(t *testing.T) {
	t.Parallel()
	worldKey() // outside of the bubble
	for mode, rule := range map[oauth.ResponseMode]how{oauth.ResponseModeQuery: navigation, oauth.ResponseModeFormPost: crossSite} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.config.Options = withOptions(authentication.AuthorizeOptions{ResponseMode: mode})
			w.open()
			m := &meeting{Handler: w.network[idOrigin], came: make(chan struct{}), release: make(chan struct{})}
			w.network[idOrigin] = server{m}
			u := w.person("")
			first := w.callbackOf(u, "", "/private/a")
			second, third := copyOf(t, first), copyOf(t, first)
			for _, c := range u.jar.get(first.URL, rule) {
				first.AddCookie(c)
			}
			ctx, reload := context.WithCancel(t.Context())
			go func() { _, _ = w.network.RoundTrip(first.WithContext(ctx)) }()
			<-m.came
			reload()
			var two *page
			u.at = idOrigin
			go func() { two = u.navigate(second) }()
			synctest.Wait()
			close(m.release)
			synctest.Wait()
			assertAt(t, two, appOrigin+"/private/a")
			assert.Contains(t, two.body, "hello "+idptest.Subject)
			u.at = idOrigin
			assertAt(t, u.navigate(third), appOrigin+"/private/a")
			assert.Equal(t, 1, w.realm.Requests("/oidc/token"))
			assert.Len(t, w.happened(web.EventLogin), 1)
			assert.Empty(t, w.happened(web.EventLoginFailed))
		})
	}
}

// When the first of two fails, the second logs nobody in either.
func TestSiteCallbackTwiceAtOnceFails(t *testing.T) {
	t.Parallel()
	worldKey()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t).open()
		m := &meeting{Handler: w.network[idOrigin], came: make(chan struct{}), release: make(chan struct{})}
		w.network[idOrigin] = server{m}
		u := w.person("")
		first := w.callbackOf(u, "", "/private/a")
		second := copyOf(t, first)
		w.realm.Break(oidctest.WrongNonce)
		var one, two *page
		go func() { one = u.send(first, "cross-site", navigation, false) }()
		<-m.came
		go func() { two = u.navigate(second) }()
		synctest.Wait()
		close(m.release)
		synctest.Wait()
		for _, p := range []*page{one, two} {
			assert.Equal(t, http.StatusUnauthorized, p.StatusCode)
		}
		assert.Nil(t, u.jar.find(sessionCookie))
		assert.Equal(t, 1, w.realm.Requests("/oidc/token"))
	})
}
