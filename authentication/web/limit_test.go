package web_test

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// browser keeps cookies as a browser does.
type browser struct {
	t   *testing.T
	jar http.CookieJar
}

func newBrowser(t *testing.T) *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &browser{t, jar}
}

var application = &url.URL{Scheme: "https", Host: "app.example", Path: "/"}

func (b *browser) request() *http.Request {
	return get(application.String(), b.jar.Cookies(application)...)
}

func (b *browser) begin(p *web.Pending, key string) {
	b.t.Helper()
	b.jar.SetCookies(application, send(b.t, p, b.request(), login(key)).Cookies())
}

func (b *browser) complete(p *web.Pending, key string) bool {
	w := httptest.NewRecorder()
	l := p.Take(w, b.request(), key)
	b.jar.SetCookies(application, w.Result().Cookies())
	return l != nil
}

func TestTwoTabs(t *testing.T) {
	t.Parallel()
	b, p := newBrowser(t), &web.Pending{}
	b.begin(p, "one")
	b.begin(p, "two")
	assert.True(t, b.complete(p, "one"))
	assert.True(t, b.complete(p, "two"))
	assert.False(t, b.complete(p, "one"))
	assert.Empty(t, b.jar.Cookies(application))
}

func TestS8OldestLeaves(t *testing.T) {
	t.Parallel()
	for limit, keep := range map[int]int{0: 5, 2: 2, 1: 1, 7: 7} {
		b := newBrowser(t)
		times := []int64{10, 20, 25, 30, 40, 50, 60, 70, 80}
		for i, second := range times {
			b.begin(&web.Pending{Keys: [][]byte{keyA}, Limit: limit, Now: at(second)}, fmt.Sprint("login ", i))
			assert.LessOrEqual(t, len(b.jar.Cookies(application)), keep)
		}
		p := &web.Pending{Keys: [][]byte{keyA}, Now: at(80)}
		for i := range times {
			assert.Equal(t, i >= len(times)-keep, b.complete(p, fmt.Sprint("login ", i)), "limit %d, login %d", limit, i)
		}
	}
}

// The oldest cookie by time is deleted, not the first in the header.
func TestS8OldestByTime(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	for _, second := range []int64{20, 10, 30} {
		b.begin(&web.Pending{Keys: [][]byte{keyA}, Limit: 3, Now: at(second)}, fmt.Sprint(second))
	}
	p := &web.Pending{Keys: [][]byte{keyA}, Limit: 3, Now: at(40)}
	b.begin(p, "40")
	assert.False(t, b.complete(p, "10"))
	assert.True(t, b.complete(p, "20"))
}

// A login that is sent again replaces only its own cookie.
func TestS8SameLoginTwice(t *testing.T) {
	t.Parallel()
	b, p := newBrowser(t), &web.Pending{Limit: 2}
	for _, key := range []string{"one", "two", "two"} {
		b.begin(p, key)
	}
	assert.True(t, b.complete(p, "one"))
	assert.True(t, b.complete(p, "two"))
}

// Cookies of the application and of others are not changed, and hostile ones cost little.
func TestHostileCookieHeader(t *testing.T) {
	t.Parallel()
	const prefix = "__Host-authing-login-"
	mine := sealed(t, &web.Pending{Keys: [][]byte{keyA}, Now: at(0)}, "mine")
	r := get("https://app.example/", mine, &http.Cookie{Name: "session", Value: "s"}, &http.Cookie{Name: prefix + "short", Value: "1.x"})
	for i := range 2000 {
		r.AddCookie(&http.Cookie{Name: fmt.Sprintf("%s%022d", prefix, i), Value: strings.Repeat("9", i%40)})
	}
	p := &web.Pending{Keys: [][]byte{keyA}, Now: at(1)}
	answer := send(t, p, r, login("new"))
	assert.Len(t, answer.Cookies(), 17, "16 are deleted, one is set")
	for _, c := range answer.Cookies() {
		assert.NotContains(t, []string{"session", prefix + "short", mine.Name}, c.Name)
	}
	assert.NotNil(t, p.Take(httptest.NewRecorder(), r, "mine"))
}

// Of many cookies with one name the first few are tried, so a planted one before the real one does no harm.
func TestSameNameTwice(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Now: at(0)}
	mine := sealed(t, p, "k")
	planted := &http.Cookie{Name: mine.Name, Value: "1.planted"}
	back, _ := take(p, "k", planted, mine)
	assert.NotNil(t, back)
	back, _ = take(p, "k", planted, planted, planted, planted, mine)
	assert.Nil(t, back)
}

// The zero value makes its key once, also when the first two logins come at the same time.
func TestZeroValueAtOnce(t *testing.T) {
	t.Parallel()
	p := &web.Pending{}
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			key := fmt.Sprint("login ", i)
			w := httptest.NewRecorder()
			if !assert.NoError(t, p.Send(w, get("https://app.example/"), login(key))) {
				return
			}
			back, _ := take(p, key, w.Result().Cookies()...)
			assert.NotNil(t, back)
		})
	}
	group.Wait()
}

// A time in the future counts as the oldest: such a cookie does not displace a real login.
func TestS8FutureLeavesFirst(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Keys: [][]byte{keyA}, Limit: 2, Now: at(1)}
	mine := sealed(t, p, "mine")
	r := get("https://app.example/", mine)
	for i, stamp := range []string{fmt.Sprint(noon + 10_000), "never"} {
		r.AddCookie(&http.Cookie{Name: fmt.Sprintf("__Host-authing-login-%022d", i), Value: stamp + ".x"})
	}
	answer := send(t, p, r, login("new")).Cookies()
	assert.Len(t, answer, 3)
	for _, c := range answer {
		assert.NotEqual(t, mine.Name, c.Name)
	}
}

// The cookies of pending logins stay under 6 kB together, whatever their number: servers refuse headers of 8 kB.
func TestS8OldestLeavesBySize(t *testing.T) {
	t.Parallel()
	for size, keep := range map[int]int{100: 5, 1000: 4, 1300: 3, 3500: 1} {
		b := newBrowser(t)
		long := func(i int) *authentication.Login {
			l := login(fmt.Sprint("login ", i))
			l.Data = fmt.Appendf(nil, "%q", strings.Repeat("x", size*3/4))
			return l
		}
		var p *web.Pending
		for i := range 8 {
			p = &web.Pending{Keys: [][]byte{keyA}, Now: at(int64(i))}
			b.jar.SetCookies(application, send(t, p, b.request(), long(i)).Cookies())
			header := b.request().Header.Get("Cookie")
			assert.LessOrEqual(t, len(header), 6000)
		}
		for i := range 8 {
			assert.Equal(t, i >= 8-keep, b.complete(p, fmt.Sprint("login ", i)), "size %d, login %d", size, i)
		}
	}
}
