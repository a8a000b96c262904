package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// watched records why logins were lost.
func watched(p *web.Pending) (*web.Pending, *[]error) {
	var lost []error
	p.OnLost = func(r *http.Request, err error) {
		if r == nil {
			err = errors.New("no request")
		}
		lost = append(lost, err)
	}
	return p, &lost
}

// A server that posts to a login that did not ask for it loses the cookie, and the reason says so.
func TestOnLostOfAPost(t *testing.T) {
	t.Parallel()
	for method, posted := range map[string]bool{http.MethodPost: true, http.MethodGet: false} {
		p, lost := watched(&web.Pending{Keys: web.Keys{keyA}, Now: at(0)})
		p.Take(httptest.NewRecorder(), httptest.NewRequest(method, "https://app.example/callback", nil), "k")
		require.Len(t, *lost, 1)
		require.ErrorIs(t, (*lost)[0], web.LostCookie)
		assert.Equal(t, posted, strings.Contains((*lost)[0].Error(), "SameSite=None"), (*lost)[0].Error())
	}
}

func TestOnLost(t *testing.T) {
	t.Parallel()
	before := &web.Pending{Keys: web.Keys{keyA}, Now: at(0)}
	mine, other := sealed(t, before, "k"), sealed(t, before, "other")
	elsewhere := sealed(t, &web.Pending{Keys: web.Keys{keyB}, Now: at(0)}, "k")
	damaged := &http.Cookie{Name: mine.Name, Value: mine.Value[:len(mine.Value)-2]}
	noTime := &http.Cookie{Name: mine.Name, Value: "x" + mine.Value}
	foreign := &http.Cookie{Name: "session", Value: "zz-session"}
	for name, c := range map[string]struct {
		key     string
		now     int64
		cookies []*http.Cookie
		reason  error
	}{
		"found":                  {"k", 1, []*http.Cookie{foreign, other, mine}, nil},
		"found behind a planted": {"k", 1, []*http.Cookie{elsewhere, mine}, nil},
		"no key":                 {"", 1, []*http.Cookie{mine}, web.LostKey},
		"no cookie":              {"k", 1, nil, web.LostCookie},
		"the application's own":  {"k", 1, []*http.Cookie{foreign}, web.LostCookie},
		"another state":          {"k", 1, []*http.Cookie{other}, web.LostState},
		"just not too old":       {"k", 3600, []*http.Cookie{mine}, nil},
		"too old":                {"k", 3601, []*http.Cookie{mine}, web.LostAge},
		"just not too early":     {"k", -60, []*http.Cookie{mine}, nil},
		"too early":              {"k", -61, []*http.Cookie{mine}, web.LostClock},
		"another key":            {"k", 1, []*http.Cookie{elsewhere}, web.LostSeal},
		"damaged":                {"k", 1, []*http.Cookie{damaged}, web.LostSeal},
		"damaged time":           {"k", 1, []*http.Cookie{noTime}, web.LostSeal},
	} {
		p, lost := watched(&web.Pending{Keys: web.Keys{keyA}, Now: at(c.now)})
		back, _ := take(p, c.key, c.cookies...)
		if c.reason == nil {
			assert.NotNil(t, back, name)
			assert.Empty(t, *lost, name)
			continue
		}
		assert.Nil(t, back, name)
		require.Len(t, *lost, 1, name)
		require.ErrorIs(t, (*lost)[0], c.reason, name)
		assert.True(t, strings.HasPrefix((*lost)[0].Error(), "web: the login is lost: "), (*lost)[0].Error())
		for _, cookie := range c.cookies {
			assert.NotContains(t, (*lost)[0].Error(), cookie.Value)
		}
	}
}

// A cookie that opens but cannot be read was made by another version.
func TestOnLostForm(t *testing.T) {
	t.Parallel()
	p, lost := watched(&web.Pending{Now: at(0)})
	_, _ = take(p, "k", sealed(t, p, "k"))
	assert.Empty(t, *lost)
	l := login("k")
	l.CreatedAt, l.Data = time.Time{}, json.RawMessage(`{"a":1,"a":2}`) // which is not read back
	cookie := send(t, p, get("https://app.example/login"), l).Cookies()[0]
	back, _ := take(p, "k", cookie)
	assert.Nil(t, back)
	require.Len(t, *lost, 1)
	require.ErrorIs(t, (*lost)[0], web.LostForm)
}

func TestOnLostLogout(t *testing.T) {
	t.Parallel()
	p, lost := watched(&web.Pending{Now: at(0)})
	assert.Nil(t, p.TakeLogout(httptest.NewRecorder(), get("https://app.example/slo"), "k"))
	require.Len(t, *lost, 1)
	require.EqualError(t, (*lost)[0], "web: the logout is lost: the browser sent no cookie for it: it was completed, is too old, or began at another host or scheme than the callback's")
}

// Invalid settings lose every login; the error names the setting.
func TestOnLostSettings(t *testing.T) {
	t.Parallel()
	p, lost := watched(&web.Pending{Keys: web.Keys{keyA[:31]}})
	_, _ = take(p, "k", &http.Cookie{Name: "__Host-authing-login-x", Value: "1.x"})
	require.Len(t, *lost, 1)
	require.EqualError(t, (*lost)[0], "web: Pending.Keys[0] has 31 bytes, want 32")
	require.ErrorIs(t, (*lost)[0], authentication.ErrMisconfigured)
}

// A request that is not a callback loses no login.
func TestOnLostNotForPrefetches(t *testing.T) {
	t.Parallel()
	p, lost := watched(&web.Pending{})
	_ = p.Take(httptest.NewRecorder(), request("https://app.example/callback", "Sec-Purpose", "prefetch"), "k")
	_ = p.Take(httptest.NewRecorder(), httptest.NewRequest(http.MethodHead, "https://app.example/callback", nil), "k")
	assert.Empty(t, *lost)
	assert.NotPanics(t, func() { _, _ = take(&web.Pending{}, "k") })
}

func ExamplePending_onLost() {
	pending := &web.Pending{OnLost: func(r *http.Request, err error) { fmt.Println(err) }}
	callback := httptest.NewRequest(http.MethodGet, "https://app.example/auth/callback?state=af0ifjsldkj", nil)
	fmt.Println(pending.Take(httptest.NewRecorder(), callback, "af0ifjsldkj") == nil)
	// Output:
	// web: the login is lost: the browser sent no cookie for it: it was completed, is too old, or began at another host or scheme than the callback's
	// true
}
