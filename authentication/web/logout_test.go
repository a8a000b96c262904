package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

func logout(key string) *authentication.Logout {
	return &authentication.Logout{
		Protocol: "saml", Key: key, URL: "https://idp.example/slo?RelayState=" + key, FormPost: true,
		CreatedAt: time.Unix(noon, 0).UTC(), Data: json.RawMessage(`{"request_id":"r-` + key + `"}`),
	}
}

func sendLogout(t *testing.T, p *web.Pending, r *http.Request, l *authentication.Logout) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	require.NoError(t, p.SendLogout(w, r, l))
	return w.Result()
}

// A logout comes back once, and only to TakeLogout.
func TestLogoutRoundTrip(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Keys: web.Keys{keyA}, Now: at(0)}
	sent := logout("k1")
	answer := sendLogout(t, p, get("https://app.example/logout"), sent)
	assert.Equal(t, http.StatusSeeOther, answer.StatusCode)
	assert.Equal(t, sent.URL, answer.Header.Get("Location"))
	cookies := answer.Cookies()
	require.Len(t, cookies, 1)
	assert.Equal(t, http.SameSiteNoneMode, cookies[0].SameSite, "the response may come by POST")

	back := get("https://app.example/slo?RelayState=k1", cookies...)
	assert.Nil(t, p.Take(httptest.NewRecorder(), back, "k1"), "it is not a login")
	assert.Nil(t, p.TakeLogout(httptest.NewRecorder(), back, "k2"), "it has another key")
	w := httptest.NewRecorder()
	taken := p.TakeLogout(w, back, "k1")
	require.NotNil(t, taken)
	want := *sent
	want.URL = ""
	assert.Equal(t, &want, taken)
	gone := w.Result().Cookies()
	require.Len(t, gone, 1)
	assert.Negative(t, gone[0].MaxAge)
}

func TestLoginIsNoLogout(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Keys: web.Keys{keyA}, Now: at(0)}
	cookie := sealed(t, p, "k1")
	back := get("https://app.example/slo?RelayState=k1", cookie)
	assert.Nil(t, p.TakeLogout(httptest.NewRecorder(), back, "k1"))
	assert.NotNil(t, p.Take(httptest.NewRecorder(), back, "k1"))
}

// A server that sends no response needs no cookie.
func TestLogoutWithoutKey(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Now: at(0)}
	out := logout("")
	answer := sendLogout(t, p, get("http://app.example/logout"), out)
	assert.Equal(t, out.URL, answer.Header.Get("Location"))
	assert.Empty(t, answer.Cookies())
	assert.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
}

func TestLogoutByPost(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Now: at(0)}
	out := logout("k1")
	out.Form = url.Values{"SAMLRequest": {`"><script>`}}
	w := httptest.NewRecorder()
	require.NoError(t, p.SendLogout(w, get("https://app.example/logout"), out))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Contains(t, w.Header().Get("Content-Security-Policy"), "script-src 'sha256-")
	assert.NotContains(t, w.Body.String(), `"><script>`)
	assert.Len(t, w.Result().Cookies(), 1)
}

func TestLogoutRefused(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Now: at(0)}
	bad := logout("")
	bad.URL = "javascript:alert(1)"
	for name, out := range map[string]*authentication.Logout{"nil": nil, "address": bad} {
		w := httptest.NewRecorder()
		require.Error(t, p.SendLogout(w, get("https://app.example/logout"), out), name)
		assert.Empty(t, w.Header(), name)
	}
	plain := httptest.NewRecorder()
	require.ErrorContains(t, p.SendLogout(plain, get("http://app.example/logout"), logout("k1")), "web: a logout that comes back by POST needs https")
}

func TestAnswerLogout(t *testing.T) {
	t.Parallel()
	r := get("https://app.example/slo")
	for name, test := range map[string]struct {
		notice   *authentication.LogoutNotice
		status   int
		location string
	}{
		"nothing to say": {&authentication.LogoutNotice{}, http.StatusOK, ""},
		"redirect":       {&authentication.LogoutNotice{URL: "https://idp.example/slo?x=1"}, http.StatusSeeOther, "https://idp.example/slo?x=1"},
		"post":           {&authentication.LogoutNotice{URL: "https://idp.example/slo", Form: url.Values{"a": {"b"}}}, http.StatusOK, ""},
	} {
		w := httptest.NewRecorder()
		require.NoError(t, web.AnswerLogout(w, r, test.notice), name)
		assert.Equal(t, test.status, w.Code, name)
		assert.Equal(t, test.location, w.Header().Get("Location"), name)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"), name)
		assert.Equal(t, test.notice.Form != nil, w.Body.Len() > 0, name)
	}
	for name, notice := range map[string]*authentication.LogoutNotice{"nil": nil, "script": {URL: "javascript:alert(1)"}, "unanswered": {Unanswered: authentication.ErrDenied}} {
		w := httptest.NewRecorder()
		require.Error(t, web.AnswerLogout(w, r, notice), name)
		assert.Empty(t, w.Header(), name)
	}
}

// An answer to the server itself is written as the body.
func TestAnswerLogoutWithABody(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	require.NoError(t, web.AnswerLogout(w, get("https://app.example/slo"), &authentication.LogoutNotice{BackChannel: true, Body: []byte("<a/>"), ContentType: "text/xml; charset=utf-8"}))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "<a/>", w.Body.String())
	assert.Equal(t, "text/xml; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	w = httptest.NewRecorder()
	require.NoError(t, web.AnswerLogout(w, get("https://app.example/slo"), &authentication.LogoutNotice{BackChannel: true}))
	assert.Empty(t, w.Body.String()+w.Header().Get("Content-Type"))
}

// The answer to a logout in a frame may be shown by the issuer alone, and what forbids all frames is taken away.
func TestAnswerLogoutInAFrame(t *testing.T) {
	t.Parallel()
	for issuer, want := range map[string]string{
		"https://idp.example/realms/a": "frame-ancestors https://idp.example", "http://localhost:8080": "frame-ancestors http://localhost:8080",
		"urn:idp": "frame-ancestors 'none'", "": "frame-ancestors 'none'",
	} {
		for _, back := range []bool{false, true} {
			w := httptest.NewRecorder()
			w.Header().Set("X-Frame-Options", "DENY")
			require.NoError(t, web.AnswerLogout(w, get("https://app.example/slo"), &authentication.LogoutNotice{Issuer: issuer, BackChannel: back}))
			assert.Equal(t, http.StatusOK, w.Code)
			assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			if back {
				assert.Empty(t, w.Header().Get("Content-Security-Policy"))
				continue
			}
			assert.Equal(t, "default-src 'none'; "+want, w.Header().Get("Content-Security-Policy"))
			assert.Empty(t, w.Header().Get("X-Frame-Options"))
		}
	}
}

// L9: a server reads the answer to a logout that failed: the status 400 and no page.
func TestL9ErrorOfALogout(t *testing.T) {
	t.Parallel()
	for code, err := range map[string]error{
		"invalid_request": fmt.Errorf("%w: %w", authentication.ErrLogoutFailed, authentication.ErrRefused),
		"server_error":    fmt.Errorf("%w: %w", authentication.ErrLogoutFailed, errors.New("the store is down")),
	} {
		w := httptest.NewRecorder()
		r := get("https://app.example/backchannel")
		r.Header.Set("Accept", "text/html")
		web.Error(w, r, err)
		assert.Equal(t, http.StatusBadRequest, w.Code)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
		assert.JSONEq(t, `{"error":"`+code+`"}`, w.Body.String())
	}
	w := httptest.NewRecorder()
	web.Error(w, get("https://app.example/backchannel"), authentication.ErrRefused)
	assert.Equal(t, http.StatusUnauthorized, w.Code, "any other refusal has its page")
}
