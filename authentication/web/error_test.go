package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func answered(r *http.Request, err error) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	web.Error(w, r, err)
	return w
}

func TestError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"denied":                    {fmt.Errorf("x: %w", authentication.ErrDenied), http.StatusForbidden},
		"refused":                   {fmt.Errorf("x: %w", authentication.ErrRefused), http.StatusUnauthorized},
		"refused and more":          {errors.Join(authentication.ErrDenied, authentication.ErrRefused), http.StatusUnauthorized},
		"misconfigured":             {fmt.Errorf("x: %w", authentication.ErrMisconfigured), http.StatusInternalServerError},
		"misconfigured and refused": {errors.Join(authentication.ErrRefused, authentication.ErrMisconfigured), http.StatusInternalServerError},
		"no answer":                 {errors.New("connection refused"), http.StatusServiceUnavailable},
		"timeout":                   {context.DeadlineExceeded, http.StatusServiceUnavailable},
	} {
		w := answered(get("https://app.example/callback"), c.err)
		assert.Equal(t, c.status, w.Code, name)
		h := w.Header()
		assert.Equal(t, "text/html; charset=utf-8", h.Get("Content-Type"))
		assert.Equal(t, "no-store", h.Get("Cache-Control"))
		assert.Equal(t, "no-referrer", h.Get("Referrer-Policy"))
		assert.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		assert.Equal(t, "Accept, Accept-Language", h.Get("Vary"))
		assert.Equal(t, c.status == http.StatusUnauthorized, h.Get("WWW-Authenticate") == "Login")
		body := w.Body.String()
		style := body[strings.Index(body, "<style>")+len("<style>") : strings.Index(body, "</style>")]
		assert.Equal(t, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src "+hashOf(style), h.Get("Content-Security-Policy"))
		assert.Contains(t, body, `<a href="/">Back to the application</a>`)
		assert.Contains(t, body, fmt.Sprintf("Status %d", c.status))
	}
}

// A refused message by SOAP is answered with 403 (SAML Bindings §3.2.3.3), and without a challenge.
func TestErrorBySOAP(t *testing.T) {
	t.Parallel()
	for media, want := range map[string]int{
		"text/xml": http.StatusForbidden, "text/xml; charset=utf-8": http.StatusForbidden, "application/soap+xml": http.StatusForbidden, "application/xml": http.StatusUnauthorized, "": http.StatusUnauthorized, "application/x-www-form-urlencoded": http.StatusUnauthorized,
	} {
		r := httptest.NewRequest(http.MethodPost, "https://app.example/saml/soap", nil)
		r.Header.Set("Content-Type", media)
		w := answered(r, authentication.ErrRefused)
		assert.Equal(t, want, w.Code, media)
		assert.Equal(t, want == http.StatusUnauthorized, w.Header().Get("WWW-Authenticate") != "")
		assert.Equal(t, http.StatusServiceUnavailable, answered(r, errors.New("down")).Code)
	}
}

func TestErrorNilDoesNothing(t *testing.T) {
	t.Parallel()
	w := answered(get("https://app.example/callback"), nil)
	assert.Empty(t, w.Header())
	assert.False(t, w.Flushed)
	assert.Zero(t, w.Body.Len())
}

// Text of a server or an attacker is not shown, escaped or not, on the page or in JSON.
func TestS14ErrorTextIsNotShown(t *testing.T) {
	t.Parallel()
	for _, kind := range []error{authentication.ErrDenied, authentication.ErrRefused, authentication.ErrMisconfigured, errors.New("other")} {
		for _, accept := range []string{"text/html", "application/json"} {
			r := request("https://app.example/callback?error=zzz", "Accept", accept, "Accept-Language", "zzz")
			body := answered(r, fmt.Errorf("%w: <script>zzz</script>", kind)).Body.String()
			assert.NotContains(t, body, "zzz")
			assert.NotContains(t, body, kind.Error())
			assert.NotContains(t, body, "<script")
		}
	}
}

func TestErrorLanguage(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"": "en", "en": "en", "fr": "en", "*": "en", ",": "en", "zh;q=0": "en", "zh;q=2, en;q=0.1": "en", "zh;q=x": "en", "zh;q=-1": "en",
		"zh": "zh-CN", "zh-CN": "zh-CN", "ZH-cn": "zh-CN", "zh-Hans": "zh-CN", "zh-TW": "zh-CN", "zhx": "en", "xzh": "en",
		"zh-CN,zh;q=0.9,en;q=0.8": "zh-CN", "en-US,en;q=0.9,zh-CN;q=0.8": "en", "en;q=0.8,zh;q=0.9": "zh-CN", "zh;q=0.8,en;q=0.9": "en",
		"fr,zh;q=0.1": "zh-CN", "en, zh": "en", "zh, en": "zh-CN", "en;q=0,*": "zh-CN", "zh;q=0,*": "en", "zh;q=0.5,*;q=0.6": "en",
		"zh;q=0.5,*;q=0.4": "zh-CN", "zh;q=0.5,*;q=0.5": "zh-CN", "en;q=0.001": "en", "zh;q=0.001": "zh-CN", "zh;q=1.001, en;q=0.5": "en", "zh ; q=0.7, en;Q=0.6": "zh-CN",
	} {
		w := answered(request("https://app.example/", "Accept-Language", header), authentication.ErrRefused)
		assert.Equal(t, want, w.Header().Get("Content-Language"), header)
		assert.Contains(t, w.Body.String(), `<html lang="`+want+`">`, header)
		assert.Equal(t, want == "zh-CN", strings.Contains(w.Body.String(), "本次登录已失效"), header)
	}
	r := request("https://app.example/")
	r.Header["Accept-Language"] = []string{"en;q=0.5", "zh"}
	assert.Equal(t, "zh-CN", answered(r, authentication.ErrDenied).Header().Get("Content-Language"), "two lines are one list")
}

// The response is JSON, with the same texts, when Accept prefers it to a page.
func TestErrorJSON(t *testing.T) {
	t.Parallel()
	for accept, json := range map[string]bool{
		"application/json": true, "application/problem+json": true, "application/json, text/plain, */*": true, "APPLICATION/JSON": true,
		"application/json;q=0.9, text/html;q=0.8": true, "application/*": true, "*/*": true, "text/html;q=0, */*": true,
		"text/html": false, acceptsPage: false, "application/json, text/html": false, "application/json;q=0.8, text/html;q=0.9": false,
		"text/html, */*": false, "text/*": false, "application/json;q=0, */*": false, "": false,
	} {
		r := request("https://app.example/callback", "Accept", accept, "Accept-Language", "zh")
		if accept == "" {
			r.Header.Del("Accept")
		}
		w := answered(r, authentication.ErrDenied)
		assert.Equal(t, json, w.Header().Get("Content-Type") == "application/problem+json", accept)
		assert.Equal(t, http.StatusForbidden, w.Code)
	}
	w := answered(request("https://app.example/callback", "Accept", "application/json"), authentication.ErrMisconfigured)
	assert.JSONEq(t, `{"status":500,"title":"Internal Server Error","code":"misconfigured",
		"detail":"Trying again will not help. Please tell the operator of this application."}`, w.Body.String())
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
}

func TestErrorPageSettings(t *testing.T) {
	t.Parallel()
	page := &web.ErrorPage{Home: "/app/?a=1&b=2"}
	w := httptest.NewRecorder()
	page.Write(w, get("https://app.example/app/login"), authentication.ErrRefused)
	assert.Contains(t, w.Body.String(), `<a href="/app/?a=1&amp;b=2">`)
	page.Home = "javascript:alert(1)"
	w = httptest.NewRecorder()
	page.Write(w, get("https://app.example/app/login"), authentication.ErrRefused)
	assert.NotContains(t, w.Body.String(), "javascript:")

	var shown web.Problem
	own := &web.ErrorPage{Page: func(w http.ResponseWriter, _ *http.Request, p web.Problem) {
		shown = p
		w.WriteHeader(p.Status)
		_, _ = fmt.Fprint(w, "our own page")
	}}
	w = httptest.NewRecorder()
	own.Write(w, request("https://app.example/", "Accept-Language", "zh-CN"), authentication.ErrRefused)
	assert.Equal(t, http.StatusUnauthorized, w.Code)
	assert.Equal(t, "our own page", w.Body.String())
	assert.Equal(t, "base-uri 'none'; frame-ancestors 'none'", w.Header().Get("Content-Security-Policy"))
	assert.Equal(t, web.Problem{
		Status: 401, Code: "refused", Lang: "zh-CN", Title: "本次登录已失效",
		Text: "登录可能已经完成、已经过期，或者是在其他浏览器中发起的。请返回应用，重新登录。", Home: "/", Back: "返回应用",
	}, shown)
	w = httptest.NewRecorder()
	own.Write(w, request("https://app.example/", "Accept", "application/json"), authentication.ErrRefused)
	assert.True(t, json.Valid(w.Body.Bytes()), "a program still gets JSON")
	w = httptest.NewRecorder()
	own.Write(w, get("https://app.example/"), nil)
	assert.Zero(t, w.Body.Len())
}

// Retry-After has the whole time that the server sent, rounded up to seconds.
func TestErrorRetryAfter(t *testing.T) {
	t.Parallel()
	for want, after := range map[string]time.Duration{"": 0, "1": time.Millisecond, "2": 1001 * time.Millisecond, "60": time.Minute} {
		w := answered(get("https://app.example/"), &oauth.Error{StatusCode: 503, RetryAfter: after})
		assert.Equal(t, http.StatusServiceUnavailable, w.Code)
		assert.Equal(t, want, w.Header().Get("Retry-After"))
	}
}

// Only the first 4096 bytes of Accept headers are read: a header of a megabyte costs no more.
func TestLongAccept(t *testing.T) {
	t.Parallel()
	const wish = "application/json"
	for before, want := range map[int]string{4096 - len(wish): "application/problem+json", 4096 - len(wish) + 1: "text/html; charset=utf-8"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		r.Header.Set("Accept", strings.Repeat(",", before)+wish+strings.Repeat(",", 1<<20))
		w := httptest.NewRecorder()
		web.Error(w, r, authentication.ErrRefused)
		assert.Equal(t, want, w.Header().Get("Content-Type"), before)
	}
}
