package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// A cookie of 4096 bytes is sent, one of 4097 is an error. Base64 does not have every length, so the name varies too.
func TestS10CookieOf4096And4097Bytes(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for _, name := range []string{"", "a", "ab", "abc"} {
		p := &web.Pending{Keys: web.Keys{keyA}, Name: name, Now: at(0)}
		for n := 2700; n < 2900; n++ {
			l := login("k")
			l.Data = []byte(`"` + strings.Repeat("d", n) + `"`)
			w := httptest.NewRecorder()
			err := p.Send(w, get("https://app.example/"), l)
			if err == nil {
				line := w.Header().Get("Set-Cookie")
				assert.LessOrEqual(t, len(line), 4096)
				seen[len(line)] = true
				continue
			}
			require.ErrorIs(t, err, authentication.ErrMisconfigured)
			var size int
			_, scanErr := fmt.Sscanf(err.Error(), "web: the login makes a cookie of %d bytes", &size)
			require.NoError(t, scanErr)
			assert.Greater(t, size, 4096)
			seen[-size] = true
		}
	}
	assert.True(t, seen[4096], "a cookie of 4096 bytes was sent")
	assert.True(t, seen[-4097], "a cookie of 4097 bytes was an error")
}

// Up to four cookies with one name are tried; a fifth is not.
func TestSameNameFourAndFive(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Now: at(0)}
	mine := sealed(t, p, "k")
	for planted, found := range map[int]bool{0: true, 3: true, 4: false} {
		cookies := make([]*http.Cookie, planted, planted+1)
		for i := range cookies {
			cookies[i] = &http.Cookie{Name: mine.Name, Value: fmt.Sprint(noon, ".x", i)}
		}
		back, cleared := take(p, "k", append(cookies, mine)...)
		assert.Equal(t, found, back != nil, planted)
		assert.Len(t, cleared, 1)
	}
}

// One response deletes at most 16 cookies.
func TestEvictedSixteenAndSeventeen(t *testing.T) {
	t.Parallel()
	for others, leave := range map[int]int{4: 0, 5: 1, 19: 15, 20: 16, 21: 16, 22: 16} {
		r := get("https://app.example/")
		for i := range others {
			r.AddCookie(&http.Cookie{Name: fmt.Sprintf("__Host-authing-login-%022d", i), Value: fmt.Sprint(noon, ".x")})
		}
		answer := send(t, &web.Pending{Now: at(0)}, r, login("k")).Cookies()
		assert.Len(t, answer, leave+1, "%d others", others)
	}
}

// A name counts as ours only when it has the length of ours.
func TestNameOfOneMoreAndOneLess(t *testing.T) {
	t.Parallel()
	for digits, ours := range map[int]bool{21: false, 22: true, 23: false} {
		r := get("https://app.example/", &http.Cookie{Name: "__Host-authing-login-" + strings.Repeat("0", digits), Value: "1.x"})
		answer := send(t, &web.Pending{Limit: 1, Now: at(0)}, r, login("k")).Cookies()
		assert.Equal(t, ours, len(answer) == 2, digits)
	}
}

// A time has at most 12 digits.
func TestStampOfTwelveAndThirteenDigits(t *testing.T) {
	t.Parallel()
	now := at(999_999_999_999 - noon)
	for stamp, older := range map[string]bool{"999999999999": false, "0999999999999": true} {
		name := "__Host-authing-login-" + strings.Repeat("0", 22)
		p := &web.Pending{Keys: web.Keys{keyA}, Limit: 2, Now: now}
		mine := sealed(t, p, "mine")
		r := get("https://app.example/", mine, &http.Cookie{Name: name, Value: stamp + ".x"})
		answer := send(t, p, r, login("k")).Cookies()
		require.Len(t, answer, 2)
		assert.Equal(t, older, answer[0].Name == name, "%s: which of the two counts as older", stamp)
	}
}

// Two applications on one host with different Names do not change each other's logins.
func TestNameSharesAHost(t *testing.T) {
	t.Parallel()
	names := []string{"", "a", "a-b", "b", "A", strings.Repeat("n", 32)}
	for _, one := range names {
		for _, two := range names {
			b := newBrowser(t)
			first := &web.Pending{Keys: web.Keys{keyA}, Name: one, Now: at(0)}
			second := &web.Pending{Keys: web.Keys{keyA}, Name: two, Limit: 2, Now: at(1)}
			b.begin(first, "mine")
			for i := range 6 {
				b.begin(second, fmt.Sprint(i))
			}
			assert.Equal(t, one != two, b.complete(first, "mine"), "%q beside %q", one, two)
		}
	}
}

// The seal includes the name of the cookie, so a cookie of one application cannot be used in another.
func TestNameIsBound(t *testing.T) {
	t.Parallel()
	one, two := &web.Pending{Keys: web.Keys{keyA}, Name: "one", Now: at(0)}, &web.Pending{Keys: web.Keys{keyA}, Name: "two", Now: at(0)}
	mine := sealed(t, one, "k")
	assert.Regexp(t, `^__Host-authing-login-one-.{22}$`, mine.Name)
	renamed := &http.Cookie{Name: sealed(t, two, "k").Name, Value: mine.Value}
	back, _ := take(two, "k", renamed)
	assert.Nil(t, back)
	back, _ = take(one, "k", mine)
	assert.NotNil(t, back)
}

// Every byte is tried in a name.
func TestNameCharacters(t *testing.T) {
	t.Parallel()
	const good = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
	for c := range 256 {
		err := (&web.Pending{Name: "a" + string([]byte{byte(c)})}).Send(httptest.NewRecorder(), get("https://app.example/"), login("k"))
		if strings.IndexByte(good, byte(c)) >= 0 {
			assert.NoError(t, err, c)
			continue
		}
		require.EqualError(t, err, "web: Pending.Name may have letters, digits and hyphens only", c)
	}
	require.NoError(t, (&web.Pending{Name: strings.Repeat("a", 32)}).Send(httptest.NewRecorder(), get("https://app.example/"), login("k")))
	require.EqualError(t, (&web.Pending{Name: strings.Repeat("a", 33)}).Send(httptest.NewRecorder(), get("https://app.example/"), login("k")),
		"web: Pending.Name has over 32 characters")
}
