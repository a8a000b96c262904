package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

func TestS5Attributes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		target, header, value string
		plain                 bool
	}{
		{"https://app.example/", "", "", false},
		{"https://localhost/", "", "", false},
		{"http://app.example/", "", "", false},
		{"http://localhost.evil.example/", "", "", false},
		{"http://127.0.0.1.evil.example/", "", "", false},
		{"http://10.0.0.1/", "", "", false},
		{"http://[::2]/", "", "", false},
		{"http://localhost:3000/", "X-Forwarded-Proto", "http", false},
		{"http://localhost:3000/", "X-Forwarded-For", "203.0.113.9", false},
		{"http://localhost:3000/", "Forwarded", "for=203.0.113.9", false},
		{"http://localhost:3000/", "X-Real-IP", "203.0.113.9", false},
		{"http://localhost:3000/", "Via", "1.1 proxy", false},
		{"http://localhost:3000/", "X-Request-Id", "1", true},
		{"http://localhost/", "", "", true},
		{"http://LOCALHOST:3000/", "", "", true},
		{"http://127.0.0.1:3000/", "", "", true},
		{"http://127.8.9.10/", "", "", true},
		{"http://[::1]:3000/", "", "", true},
		{"http://[::1]/", "", "", true},
	} {
		r := get(c.target)
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		cookie := send(t, &web.Pending{}, r, login("k")).Cookies()[0]
		name := c.target + " " + c.header
		assert.Equal(t, !c.plain, cookie.Secure, name)
		assert.Equal(t, !c.plain, strings.HasPrefix(cookie.Name, "__Host-"), name)
		assert.True(t, cookie.HttpOnly, name)
		assert.Equal(t, http.SameSiteLaxMode, cookie.SameSite, name)
		assert.Equal(t, "/", cookie.Path, name)
		assert.Empty(t, cookie.Domain, name)
	}
}

// A cookie that plain http could plant is not read with https.
func TestS5PlainCookieIsNotReadOverHTTPS(t *testing.T) {
	t.Parallel()
	p := &web.Pending{}
	plain := send(t, p, get("http://localhost:3000/"), login("k")).Cookies()[0]
	assert.Nil(t, p.Take(httptest.NewRecorder(), get("https://localhost:3000/", plain), "k"))
	assert.NotNil(t, p.Take(httptest.NewRecorder(), get("http://localhost:3000/", plain), "k"))
}

// nginx with only proxy_pass http://localhost:3000: HTTP/1.0, no header, and its upstream as the Host. A cookie
// planted by another subdomain must not be read there.
func TestS5ProxyThatSaysNothing(t *testing.T) {
	t.Parallel()
	r := get("http://localhost:3000/")
	r.Proto, r.ProtoMinor = "HTTP/1.0", 0
	cookie := send(t, &web.Pending{}, r, login("k")).Cookies()[0]
	assert.True(t, cookie.Secure)
	assert.True(t, strings.HasPrefix(cookie.Name, "__Host-"))
	post := login("k")
	post.FormPost = true
	require.EqualError(t, (&web.Pending{}).Send(httptest.NewRecorder(), r, post), needsHTTPS)
}

const needsHTTPS = "web: a login that comes back by POST needs https: its cookie must be Secure; a proxy that ends TLS must send X-Forwarded-Proto: https"

func TestS6FormPost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		target, header, value string
		refused               bool
	}{
		{"https://app.example/", "", "", false},
		{"http://localhost:3000/", "", "", false},
		{"http://127.0.0.1/", "", "", false},
		{"http://app.example/", "X-Forwarded-Proto", "https", false},
		{"http://app.example/", "Forwarded", "for=203.0.113.9;proto=https", false},
		{"http://app.example/", "", "", true},
		{"http://app.example/", "X-Forwarded-Proto", "http", true},
		{"http://localhost.evil.example/", "", "", true},
	} {
		r := get(c.target)
		if c.header != "" {
			r.Header.Set(c.header, c.value)
		}
		l := login("k")
		require.NoError(t, new(web.Pending).Send(httptest.NewRecorder(), r, l), "by GET it works everywhere")
		l.FormPost = true
		p, w := &web.Pending{}, httptest.NewRecorder()
		err := p.Send(w, r, l)
		if c.refused {
			require.EqualError(t, err, needsHTTPS, c.target)
			assert.Empty(t, w.Header())
			continue
		}
		require.NoError(t, err, c.target)
		cookie := w.Result().Cookies()[0]
		assert.True(t, cookie.Secure && cookie.HttpOnly, c.target)
		assert.Equal(t, http.SameSiteNoneMode, cookie.SameSite)

		back := httptest.NewRequest(http.MethodPost, c.target, strings.NewReader("state=k"))
		if c.header != "" {
			back.Header.Set(c.header, c.value)
		}
		back.AddCookie(cookie)
		w = httptest.NewRecorder()
		require.NotNil(t, p.Take(w, back, "k"), c.target)
		gone := w.Result().Cookies()[0]
		assert.Equal(t, cookie.Name, gone.Name)
		assert.Equal(t, http.SameSiteNoneMode, gone.SameSite)
		assert.True(t, gone.Secure)
	}
}

// S7: the address that the user returns to comes from the Login; a Host header cannot change it.
func TestS7HostChangesNothing(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"app.example", "evil.example"} {
		r := secured(get("https://" + host + "/login"))
		assert.Equal(t, login("k").URL, send(t, &web.Pending{}, r, login("k")).Header.Get("Location"))
	}
}
