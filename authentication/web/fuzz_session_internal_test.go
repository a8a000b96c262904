package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// FuzzSessionCookie reads any Cookie header: only the cookies that were set are the session.
func FuzzSessionCookie(f *testing.F) {
	f.Add("__Host-Http-session=x")
	f.Add("__Host-Http-session.0=1.1800000000.AAAA; __Host-Http-session.1=x; __Host-Http-session.seen=1800000000.AAAA")
	f.Add("=;;; __Host-Http-session; __Host-Http-session.0=9999999999999.; \x00=\xff")
	f.Fuzz(func(t *testing.T, header string) {
		for _, store := range []Store{nil, InCookies} {
			site, err := New(Config{BaseURL: "https://app.test", Flow: stub{}, Store: store, Keys: Keys{jarKey}, OnEvent: func(context.Context, Event) {}})
			require.NoError(t, err)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header["Cookie"] = []string{header}
			v := &visit{site: site, base: site.bases[0], w: httptest.NewRecorder(), r: r}
			s, err := site.keeps.load(v)
			require.NoError(t, err)
			assert.Nil(t, s)
			site.keeps.forget(v)
			_, err = site.keeps.start(v, session.Head{Subject: "alice"}, nil)
			require.NoError(t, err)
		}
	})
}
