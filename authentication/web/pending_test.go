package web_test

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

var (
	keyA = bytes.Repeat([]byte{1}, 32)
	keyB = bytes.Repeat([]byte{2}, 32)
)

const noon = 1_800_000_000

// at is a fixed clock.
func at(seconds int64) func() time.Time {
	return func() time.Time { return time.Unix(noon+seconds, 0) }
}

func login(key string) *authentication.Login {
	return &authentication.Login{
		Protocol: "oidc", Key: key, URL: "https://idp.example/auth?state=" + key,
		CreatedAt: time.Unix(noon, 0).UTC(), Data: json.RawMessage(`{"nonce":"n-` + key + `"}`),
	}
}

func get(target string, cookies ...*http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r
}

// send returns the response to the begin of a login.
func send(t *testing.T, p *web.Pending, r *http.Request, l *authentication.Login) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	require.NoError(t, p.Send(w, r, l))
	return w.Result()
}

// sealed returns the cookie of a login that began at https://app.example.
func sealed(t *testing.T, p *web.Pending, key string) *http.Cookie {
	t.Helper()
	cookies := send(t, p, get("https://app.example/login"), login(key)).Cookies()
	require.Len(t, cookies, 1)
	return cookies[0]
}

// take returns the login and the cookies of the response.
func take(p *web.Pending, key string, cookies ...*http.Cookie) (*authentication.Login, []*http.Cookie) {
	w := httptest.NewRecorder()
	l := p.Take(w, get("https://app.example/callback", cookies...), key)
	return l, w.Result().Cookies()
}

func TestSendAndTake(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Now: at(0)}
	answer := send(t, p, get("https://app.example/login"), login("first"))
	assert.Equal(t, http.StatusSeeOther, answer.StatusCode)
	assert.Equal(t, "https://idp.example/auth?state=first", answer.Header.Get("Location"))
	assert.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	assert.Equal(t, "no-referrer", answer.Header.Get("Referrer-Policy"))
	cookie := answer.Cookies()[0]

	back, cleared := take(p, "first", cookie)
	require.NotNil(t, back)
	want := login("first")
	want.URL = "" // no longer needed, so not kept
	assert.Equal(t, want, back)
	require.Len(t, cleared, 1)
	assert.Equal(t, cookie.Name, cleared[0].Name)
	assert.Negative(t, cleared[0].MaxAge)
}

func TestTakeForbidsCachingAndReferer(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	new(web.Pending).Take(w, get("https://app.example/callback"), "")
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	assert.Equal(t, "no-referrer", w.Header().Get("Referrer-Policy"))
}

// The cookie shows neither the key nor anything else of the login.
func TestCookieIsOpaque(t *testing.T) {
	t.Parallel()
	line := sealed(t, &web.Pending{Now: at(0)}, "zzkeyzz").String()
	for _, secret := range []string{"zzkeyzz", "nonce", "oidc"} {
		assert.NotContains(t, line, secret)
	}
}

func TestSendRefusesUnusableLogins(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*authentication.Login)
		want   string
	}{
		"no key":          {func(l *authentication.Login) { l.Key = "" }, "web: the login has no Key: its callback could not be recognized"},
		"no URL":          {func(l *authentication.Login) { l.URL = "" }, "web: the login's URL must be an absolute http or https URL"},
		"relative URL":    {func(l *authentication.Login) { l.URL = "/auth" }, "web: the login's URL must be an absolute http or https URL"},
		"script URL":      {func(l *authentication.Login) { l.URL = "javascript:alert(1)" }, "web: the login's URL must be an absolute http or https URL"},
		"H9 line break":   {func(l *authentication.Login) { l.URL = "https://a\r\nSet-Cookie: x=y" }, "web: the login's URL must be an absolute http or https URL"},
		"scheme-relative": {func(l *authentication.Login) { l.URL = "//evil.example/" }, "web: the login's URL must be an absolute http or https URL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, w := login("k"), httptest.NewRecorder()
			require.NoError(t, new(web.Pending).Send(httptest.NewRecorder(), get("https://app.example/"), l))
			c.change(l)
			require.EqualError(t, new(web.Pending).Send(w, get("https://app.example/"), l), c.want)
			assert.Empty(t, w.Header(), "nothing was answered")
		})
	}
	require.EqualError(t, new(web.Pending).Send(httptest.NewRecorder(), get("https://app.example/"), nil), "web: the login is nil")
}

func TestSendRefusesSettings(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]*web.Pending{
		"web: Pending.Keys[0] has 16 bytes, want 32": {Keys: [][]byte{keyA[:16]}},
		"web: Pending.Keys[1] has 33 bytes, want 32": {Keys: [][]byte{keyA, append(bytes.Clone(keyB), 0)}},
		"web: Pending.Lifetime is negative":          {Lifetime: -1},
		"web: Pending.Limit is negative":             {Limit: -1},
	} {
		w := httptest.NewRecorder()
		require.EqualError(t, p.Send(w, get("https://app.example/"), login("k")), want)
		assert.Empty(t, w.Header())
		l, _ := take(p, "k", &http.Cookie{Name: "__Host-authing-login-x", Value: "1.x"})
		assert.Nil(t, l)
	}
	require.NoError(t, (&web.Pending{Keys: [][]byte{keyA, keyB}}).Send(httptest.NewRecorder(), get("https://app.example/"), login("k")))
}

// A HEAD request and a prefetch begin and complete nothing; a navigation does.
func TestPrefetch(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Now: at(0)}
	cookie := sealed(t, p, "k")
	for name, c := range map[string]struct {
		method, header, value string
		status                int
	}{
		"head":      {http.MethodHead, "Accept", "*/*", http.StatusNoContent},
		"prefetch":  {http.MethodGet, "Sec-Purpose", "prefetch", http.StatusServiceUnavailable},
		"prerender": {http.MethodGet, "Sec-Purpose", "prefetch;prerender", http.StatusServiceUnavailable},
		"old":       {http.MethodGet, "Purpose", "prefetch", http.StatusServiceUnavailable},
		"person":    {http.MethodGet, "Sec-Purpose", "", http.StatusSeeOther},
	} {
		r := httptest.NewRequest(c.method, "https://app.example/", nil)
		r.Header.Set(c.header, c.value)
		answer := send(t, p, r, login("k"))
		assert.Equal(t, c.status, answer.StatusCode, name)
		r.AddCookie(cookie)
		w := httptest.NewRecorder()
		back := p.Take(w, r, "k")
		if name == "person" {
			assert.Len(t, answer.Cookies(), 1)
			assert.NotNil(t, back)
			continue
		}
		assert.Empty(t, answer.Cookies(), name)
		assert.Nil(t, back, name)
		assert.Empty(t, w.Result().Cookies(), name)
	}
}

func TestSendForm(t *testing.T) {
	t.Parallel()
	l := login("k")
	l.Form = url.Values{"SAMLRequest": {`"><script>alert(1)</script>`}, "RelayState": {"k"}, "submit": {"x"}}
	w := httptest.NewRecorder()
	require.NoError(t, (&web.Pending{}).Send(w, get("https://app.example/login"), l))
	answer, body := w.Result(), w.Body.String()
	assert.Equal(t, http.StatusOK, answer.StatusCode)
	assert.Equal(t, "text/html; charset=utf-8", answer.Header.Get("Content-Type"))
	policy := answer.Header.Get("Content-Security-Policy")
	assert.Regexp(t, `^default-src 'none'; base-uri 'none'; frame-ancestors 'none'; script-src 'sha256-[A-Za-z0-9+/=]{44}'$`, policy)
	script := body[strings.Index(body, "<script>")+len("<script>") : strings.Index(body, "</script>")]
	assert.Contains(t, policy, hashOf(script), "the policy permits the page's own script")
	assert.Equal(t, 1, strings.Count(body, "<script>"), "the values are escaped")
	assert.Contains(t, body, `<form method="post" action="https://idp.example/auth?state=k">`)
	assert.Contains(t, body, `<input type="hidden" name="RelayState" value="k">`)
	assert.Len(t, answer.Cookies(), 1)
}

func TestS15PendingPrintsNoKeys(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Keys: [][]byte{[]byte("0123456789abcdef0123456789abcdef")}}
	require.NoError(t, p.Send(httptest.NewRecorder(), get("https://app.example/"), login("k")))
	assertPrintsNothing(t, p, "0123456789abcdef", "30313233", "[48 49")
	assert.Equal(t, "web.Pending{[redacted]}", p.LogValue().String())
	type application struct{ Pending web.Pending } // a value does not have the pointer's methods
	assertPrintsNothing(t, &application{web.Pending{Keys: p.Keys}}, "0123456789abcdef", "30313233", "[48 49")
	assert.Equal(t, "[redacted]", p.Keys.LogValue().String())
}

func secured(r *http.Request) *http.Request {
	r.TLS = &tls.ConnectionState{}
	return r
}
