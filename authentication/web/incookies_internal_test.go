package web

import (
	"bytes"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

var jarKey, otherKey = bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)

func newJar(t *testing.T, keys ...[]byte) *kept {
	t.Helper()
	return newKept(t, Config{Store: InCookies, Keys: keys})
}

const (
	prefix    = "__Host-Http-session."
	endedName = "__Host-Http-session.ended"
)

func TestInCookiesKeepsASession(t *testing.T) {
	t.Parallel()
	k := newJar(t, jarKey)
	assert.Nil(t, k.load())
	assert.Empty(t, k.events, "a browser without cookies is nobody's news")
	for size, parts := range map[int]int{0: 1, 2000: 1, 4000: 2, 8000: 3} {
		data := strings.Repeat("x", size)
		s, set := k.start(data)
		require.Len(t, set, parts+1)
		for _, c := range set {
			assert.True(t, c.Secure && c.HttpOnly && c.SameSite == http.SameSiteLaxMode && c.Path == "/" && c.Domain == "", c.Name)
			assert.Equal(t, 7*24*60*60, c.MaxAge)
			assert.LessOrEqual(t, len(c.String()), 4096)
			assert.NotContains(t, c.Value, "alice")
		}
		got := k.load()
		require.NotNil(t, got)
		assert.Equal(t, s.Head, got.Head)
		assert.Equal(t, s.Key, got.Key)
		assert.Equal(t, data, string(got.Data))
		assert.True(t, k.at.Equal(got.Seen))
		k.visit(k.site.keeps.forget)
		assert.Equal(t, map[string]string{endedName: sessionTag(s.Key)}, k.cookies)
		assert.Nil(t, k.load())
	}
	one, _ := k.start("")
	two, _ := k.start("")
	assert.NotEqual(t, one.Key, two.Key)
}

// S10: a session that does not fit is an error, and no cookie.
func TestS10SessionOver12kB(t *testing.T) {
	t.Parallel()
	k := newJar(t, jarKey)
	sum := 0
	for size := 8000; ; size++ {
		clear(k.cookies)
		var err error
		set := k.visit(func(v *visit) {
			_, err = k.site.keeps.start(v, session.Head{}, make([]byte, size))
		})
		if err != nil {
			require.ErrorIs(t, err, authentication.ErrMisconfigured)
			require.ErrorContains(t, err, "InCookies has 12288")
			assert.Empty(t, set)
			break
		}
		sum = 0
		for _, c := range set {
			sum += len(c.String())
		}
	}
	assert.InDelta(t, 12<<10, sum, 2, "one byte more than this")
	assert.LessOrEqual(t, sum, 12<<10)
}

// S3: cookies that were tampered with, cut off, swapped, mixed or left out are no session.
func TestS3SessionCookies(t *testing.T) {
	t.Parallel()
	k := newJar(t, jarKey)
	k.start(strings.Repeat("y", 8000))
	other := maps.Clone(k.cookies)
	clear(k.cookies)
	k.start(strings.Repeat("x", 8000))
	good := maps.Clone(k.cookies)
	require.Len(t, good, 4)
	zero, one, two := prefix+"0", prefix+"1", prefix+"2"
	cases := map[string]func(){
		"a part is missing":              func() { delete(k.cookies, one) },
		"the first part is missing":      func() { delete(k.cookies, zero) },
		"the last part is missing":       func() { delete(k.cookies, two) },
		"two parts swapped":              func() { k.cookies[zero], k.cookies[one] = good[one], good[zero] },
		"the last parts swapped":         func() { k.cookies[one], k.cookies[two] = good[two], good[one] },
		"the first of another session":   func() { k.cookies[zero] = other[zero] },
		"the second of another session":  func() { k.cookies[one] = other[one] },
		"the last of another session":    func() { k.cookies[two] = other[two] },
		"another number of parts":        func() { k.cookies[zero] = "2" + good[zero][1:] },
		"a greater number of parts":      func() { k.cookies[zero], k.cookies[prefix+"3"] = "4"+good[zero][1:], good[two] },
		"no part":                        func() { k.cookies[zero] = "0" + good[zero][1:] },
		"more parts than there can be":   func() { k.cookies[zero] = "5" + good[zero][1:] },
		"a number with a sign":           func() { k.cookies[zero] = "+" + good[zero] },
		"the number and a part":          func() { k.cookies[zero] = "2" + good[zero][1:]; delete(k.cookies, two) },
		"no number":                      func() { k.cookies[zero] = good[zero][2:] },
		"another time":                   func() { k.cookies[zero] = strings.Replace(good[zero], "3.1", "3.2", 1) },
		"a part cut off":                 func() { k.cookies[two] = good[two][1:] },
		"a part made longer":             func() { k.cookies[two] = good[two] + "A" },
		"a changed letter":               func() { k.cookies[one] = swapCase(good[one], 100) },
		"one moved to the handle's name": func() { clear(k.cookies); k.cookies["__Host-Http-session"] = good[zero] },
	}
	for name, change := range cases {
		k.cookies, k.events = maps.Clone(good), nil
		change()
		assert.Nil(t, k.load(), name)
		if len(k.cookies) > 1 {
			require.Len(t, k.events, 1, name)
			assert.Equal(t, EventEnded, k.events[0].Kind, name)
			require.ErrorIs(t, k.events[0].Err, errChunks, name)
		}
		k.start("z")
		require.NotNil(t, k.load(), "the next login is one: %s", name)
	}
	k.cookies = maps.Clone(good)
	assert.NotNil(t, k.load())
}

// A new login by a POST from the server's site sees no cookie of the session before it, which may have had more parts.
func TestInCookiesAfterALargerSession(t *testing.T) {
	t.Parallel()
	k := newJar(t, jarKey)
	k.start(strings.Repeat("x", 8000))
	larger := maps.Clone(k.cookies)
	k.cookies = map[string]string{}
	s, _ := k.start("small")
	maps.Copy(larger, k.cookies)
	k.cookies = larger
	got := k.load()
	require.NotNil(t, got)
	assert.Equal(t, s.Key, got.Key)
	k.visit(k.site.keeps.forget)
	assert.Equal(t, map[string]string{endedName: sessionTag(s.Key)}, k.cookies)
}

// A cookie of the last request that is not the session's own lengthens nothing: the session's writing counts. An answer that
// was on its way during a login sets one of the session before.
func TestS3TimeOfTheLastRequest(t *testing.T) {
	t.Parallel()
	const seen = prefix + "seen"
	k := newJar(t, jarKey)
	k.start("other")
	other := maps.Clone(k.cookies)
	s, _ := k.start("content")
	k.at = k.at.Add(time.Hour)
	k.visit(func(v *visit) { require.NoError(t, k.site.keeps.touch(v, s)) })
	good := maps.Clone(k.cookies)
	for name, test := range map[string]struct {
		change func()
		own    bool
	}{
		"its own":         {func() {}, true},
		"none":            {func() { delete(k.cookies, seen) }, false},
		"another's":       {func() { k.cookies[seen] = other[seen] }, false},
		"a changed one":   {func() { k.cookies[seen] = "9" + good[seen][1:] }, false},
		"a session's own": {func() { k.cookies[seen] = good[prefix+"0"] }, false},
	} {
		k.at, k.cookies = s.Created.Add(time.Hour), maps.Clone(good)
		test.change()
		got := k.load()
		require.NotNil(t, got, name)
		assert.Equal(t, s.Key, got.Key, name)
		assert.Equal(t, test.own, got.Seen.Equal(s.Created.Add(time.Hour)), name)
		assert.Equal(t, !test.own, got.Seen.Equal(s.Created), name)
		k.at = s.Created.Add(24 * time.Hour)
		assert.Equal(t, test.own, k.load() != nil, name)
	}
	assert.Empty(t, k.events)
}

// An answer with refreshed tokens that comes after the logout, or after the next login, sets the cookies of a session that
// has ended. It stays ended.
func TestInCookiesLateRefresh(t *testing.T) {
	t.Parallel()
	k := newJar(t, jarKey)
	late := func(s *session.Session) {
		k.visit(func(v *visit) { require.NoError(t, k.site.keeps.(*cookieJar).carry(v, s, []byte("refreshed"))) })
	}
	one, _ := k.start("one")
	late(one)
	require.NotNil(t, k.load(), "it lives")

	k.visit(k.site.keeps.forget)
	late(one)
	assert.Nil(t, k.load(), "the user has logged out")

	two, _ := k.start("two")
	require.NotNil(t, k.load())
	three, _ := k.start("three")
	late(two)
	assert.Nil(t, k.load(), "the next login has ended it")
	late(three)
	require.NotNil(t, k.load())
	assert.Equal(t, three.Key, k.load().Key)
	assert.Empty(t, k.events)
}

// The cookies of one application are nothing in another one with the same keys.
func TestS3SessionCookiesOfAnotherName(t *testing.T) {
	t.Parallel()
	a := newJar(t, jarKey)
	a.start("a")
	b := newKept(t, Config{Store: InCookies, Keys: Keys{jarKey}, Name: "b"})
	for name, value := range a.cookies {
		b.cookies[strings.Replace(name, "session", "b", 1)] = value
	}
	assert.Nil(t, b.load())
	assert.NotNil(t, a.load())
}

// A session of one address is nothing at another one of the same application.
func TestS3SessionCookiesOfAnotherBaseURL(t *testing.T) {
	t.Parallel()
	k := newKept(t, Config{Store: InCookies, Keys: Keys{jarKey}, MoreBaseURLs: []string{"https://other.test"}})
	k.start("content")
	k.base = 1
	assert.Nil(t, k.load())
	k.base = 0
	assert.NotNil(t, k.load())
}

// S4: an old key opens, and the first one seals.
func TestS4SessionCookiesOfAnOldKey(t *testing.T) {
	t.Parallel()
	old := newJar(t, jarKey)
	old.start("content")
	rotated := newJar(t, otherKey, jarKey)
	rotated.cookies = old.cookies
	s := rotated.load()
	require.NotNil(t, s)
	rotated.visit(func(v *visit) {
		require.NoError(t, rotated.site.keeps.(*cookieJar).carry(v, s, []byte("other")))
	})
	next := newJar(t, otherKey)
	next.cookies = rotated.cookies
	require.NotNil(t, next.load(), "the new key sealed it")
	gone := newJar(t, bytes.Repeat([]byte{3}, 32))
	gone.cookies = rotated.cookies
	assert.Nil(t, gone.load())
}

func TestInCookiesEnd(t *testing.T) {
	t.Parallel()
	k := newJar(t, jarKey)
	s, _ := k.start("content")
	stolen := maps.Clone(k.cookies)
	for k.at.Before(s.End.Add(-time.Hour)) {
		k.at = k.at.Add(23 * time.Hour)
		now := k.load()
		if !k.at.Before(s.End) {
			assert.Nil(t, now, "Absolute is over")
			break
		}
		require.NotNil(t, now)
		assert.True(t, k.site.keeps.due(now))
		set := k.visit(func(v *visit) { require.NoError(t, k.site.keeps.touch(v, now)) })
		require.Len(t, set, 1, "no other cookie than that of the time is written")
		assert.False(t, k.site.keeps.due(k.load()))
	}
	k.at = s.Created.Add(24 * time.Hour)
	k.cookies = stolen
	assert.Nil(t, k.load(), "Idle is over")
}

// A refresh replaces the content, and cookies that are not needed any more are deleted. Writing the time undoes no
// refresh.
func TestInCookiesCarry(t *testing.T) {
	t.Parallel()
	k := newJar(t, jarKey)
	s, _ := k.start(strings.Repeat("x", 8000))
	k.visit(func(v *visit) { require.NoError(t, k.site.keeps.(*cookieJar).carry(v, s, []byte("new"))) })
	assert.Len(t, k.cookies, 2)
	k.visit(func(v *visit) { require.NoError(t, k.site.keeps.touch(v, s)) })
	got := k.load()
	require.NotNil(t, got)
	assert.Equal(t, "new", string(got.Data))
	assert.Equal(t, s.Key, got.Key)
	assert.Equal(t, s.Head, got.Head)

	changed := *got
	changed.End = k.at.Add(time.Minute)
	k.visit(func(v *visit) { require.NoError(t, k.site.keeps.(*cookieJar).carry(v, &changed, nil)) })
	require.NotNil(t, k.load())
	k.at = k.at.Add(time.Minute)
	assert.Nil(t, k.load(), "a refresh has shortened it")
}

func TestInCookiesIsNoStore(t *testing.T) {
	t.Parallel()
	_, _, err := InCookies.Find("x")
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.ErrorIs(t, InCookies.Commit("x", nil, time.Time{}), errors.ErrUnsupported)
	require.ErrorIs(t, InCookies.Delete("x"), errors.ErrUnsupported)
}

// noticed is a flow whose server can log users out.
type noticed struct{ stub }

func (noticed) HasNotice(*http.Request) bool { return false }
func (noticed) UnsignedNotices() bool        { return false }

func TestInCookiesLosesNoLogoutUnasked(t *testing.T) {
	t.Parallel()
	client, err := cas.NewClient(cas.Config{ServerURL: "https://cas.test", Service: "https://app.test/auth/callback"})
	require.NoError(t, err)
	for name, flow := range map[string]authentication.LoginFlow{"a flow": noticed{}, "CAS": authentication.FromCAS(client), "none": stub{}} {
		for field, set := range map[string]func(c *Config){
			"Config.Flow":       func(c *Config) { c.Flow = flow },
			`Config.Flows["x"]`: func(c *Config) { c.Flows = map[string]authentication.LoginFlow{"x": flow} },
		} {
			c := Config{BaseURL: "https://app.test", Store: InCookies, Keys: Keys{jarKey}}
			set(&c)
			_, err := New(c)
			if name == "none" {
				require.NoError(t, err)
				continue
			}
			require.ErrorIs(t, err, authentication.ErrMisconfigured)
			require.ErrorContains(t, err, field)
			require.ErrorContains(t, err, "AllowLostLogouts")
			c.AllowLostLogouts = true
			_, err = New(c)
			require.NoError(t, err)
			c.AllowLostLogouts, c.Store = false, session.NewMemory(time.Now)
			_, err = New(c)
			require.NoError(t, err)
		}
	}
}

func swapCase(s string, at int) string {
	c := byte('A')
	if s[at] == c {
		c = 'B'
	}
	return s[:at] + string(c) + s[at+1:]
}
