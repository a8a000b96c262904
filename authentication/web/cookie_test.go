package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math"
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

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func assertPrintsNothing(t *testing.T, v any, secrets ...string) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, secret := range secrets {
			assert.NotContains(t, fmt.Sprintf(verb, v), secret, verb)
		}
	}
}

// A3 without a Replay: the cookie is gone after the first callback, success or not.
func TestA3CookieLeavesWithTheFirstCallback(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Now: at(0)}
	good := sealed(t, p, "k")
	bad := *good
	bad.Value = good.Value[:len(good.Value)-1]
	for name, cookie := range map[string]*http.Cookie{"success": good, "not": &bad} {
		back, cleared := take(p, "k", cookie)
		assert.Equal(t, name == "success", back != nil)
		require.Len(t, cleared, 1, name)
		assert.Equal(t, good.Name, cleared[0].Name)
		assert.Negative(t, cleared[0].MaxAge)
		assert.Empty(t, cleared[0].Value)
		assert.True(t, cleared[0].Secure && cleared[0].HttpOnly && cleared[0].Path == "/", "a __Host- cookie is deleted by the rules for setting it")
	}
	again, _ := take(p, "k")
	assert.Nil(t, again)
}

// The cookie binds the login to the browser, and the key binds it to the callback.
func TestA5AnotherBrowser(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Now: at(0)}
	mine, other := sealed(t, p, "mine"), sealed(t, p, "other")
	back, _ := take(p, "mine", other)
	assert.Nil(t, back, "the browser has another login's cookie")
	back, cleared := take(p, "guess", mine)
	assert.Nil(t, back)
	assert.Empty(t, cleared, "a callback with another key does not end this browser's login")
	back, _ = take(p, "", mine)
	assert.Nil(t, back)
	back, _ = take(p, "mine", other, mine)
	assert.NotNil(t, back)
}

func TestS3DamagedCookie(t *testing.T) {
	t.Parallel()
	p := &web.Pending{Keys: [][]byte{keyA}, Now: at(0)}
	mine, other := sealed(t, p, "mine"), sealed(t, p, "other")
	stamp, text, _ := strings.Cut(mine.Value, ".")
	plain := send(t, p, get("http://localhost/login"), login("mine")).Cookies()[0]
	for name, value := range map[string]string{
		"as sent":           mine.Value,
		"first byte":        stamp + "." + flip(text, 0),
		"middle":            stamp + "." + flip(text, len(text)/2),
		"last byte":         stamp + "." + flip(text, len(text)-2),
		"truncated":         mine.Value[:len(mine.Value)-5],
		"nonce only":        stamp + "." + text[:16],
		"no ciphertext":     stamp + ".",
		"no stamp":          text,
		"another time":      fmt.Sprint(noon+1) + "." + text,
		"longer":            mine.Value + "AA",
		"padded":            mine.Value + "=",
		"another encoding":  stamp + "." + text[:len(text)-1] + string(rune(text[len(text)-1]+1)),
		"swapped":           other.Value,
		"of the plain name": plain.Value,
		"sealed elsewhere":  sealed(t, &web.Pending{Keys: [][]byte{keyB}, Now: at(0)}, "mine").Value,
		"huge":              stamp + "." + strings.Repeat("A", 100_000),
		"empty":             "",
	} {
		back, _ := take(p, "mine", &http.Cookie{Name: mine.Name, Value: value})
		assert.Equal(t, name == "as sent", back != nil, name)
	}
}

// flip changes one character so that the decoded bytes change.
func flip(text string, i int) string {
	c := byte('A')
	if text[i] == 'A' {
		c = 'w'
	}
	return text[:i] + string(c) + text[i+1:]
}

func TestS3ExpiredCookie(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		lifetime time.Duration
		after    int64
		good     bool
	}{
		{0, 3600, true}, {0, 3601, false}, {0, -60, true}, {0, -61, false},
		{time.Minute, 60, true}, {time.Minute, 61, false},
	} {
		cookie := sealed(t, &web.Pending{Keys: [][]byte{keyA}, Lifetime: c.lifetime, Now: at(0)}, "k")
		back, _ := take(&web.Pending{Keys: [][]byte{keyA}, Lifetime: c.lifetime, Now: at(c.after)}, "k", cookie)
		assert.Equal(t, c.good, back != nil, "%s after %d s", c.lifetime, c.after)
		want := 3600
		if c.lifetime != 0 {
			want = 60
		}
		assert.Equal(t, want, cookie.MaxAge)
	}
}

// Not here yet: chunks (S3), because a pending login is one cookie (TestS10); returnTo (S2) and the session cookie's
// SameSite (S16), which come with the middleware. S1, S9 and S11 concern the application and are tested in
// examples/web.

func TestS4OldKeyOpensAndDoesNotSeal(t *testing.T) {
	t.Parallel()
	before := &web.Pending{Keys: [][]byte{keyA}, Now: at(0)}
	during := &web.Pending{Keys: [][]byte{keyB, keyA}, Now: at(0)}
	after := &web.Pending{Keys: [][]byte{keyB}, Now: at(0)}
	old, fresh := sealed(t, before, "k"), sealed(t, during, "k")
	for name, c := range map[string]struct {
		p      *web.Pending
		cookie *http.Cookie
		good   bool
	}{
		"old by both": {during, old, true}, "old with the new key only": {after, old, false},
		"new by both": {during, fresh, true}, "new with the old key only": {before, fresh, false}, "new with the new key only": {after, fresh, true},
	} {
		back, _ := take(c.p, "k", c.cookie)
		assert.Equal(t, c.good, back != nil, name)
	}
}

// Two zero values have different keys.
func TestZeroValueKeyIsRandom(t *testing.T) {
	t.Parallel()
	one, two := &web.Pending{Now: at(0)}, &web.Pending{Now: at(0)}
	cookie := sealed(t, one, "k")
	back, _ := take(two, "k", cookie)
	assert.Nil(t, back)
	back, _ = take(one, "k", cookie)
	assert.NotNil(t, back)
}

func TestS10CookieOver4096Bytes(t *testing.T) {
	t.Parallel()
	with := func(n int) *authentication.Login {
		l := login("k")
		l.Data = []byte(`"` + strings.Repeat("d", n) + `"`)
		return l
	}
	p := &web.Pending{Now: at(0)}
	cookie := send(t, p, get("https://app.example/"), with(2700)).Cookies()[0]
	assert.LessOrEqual(t, len(cookie.String()), 4096)
	back, _ := take(p, "k", cookie)
	require.NotNil(t, back)
	assert.Equal(t, with(2700).Data, back.Data)
	w := httptest.NewRecorder()
	err := p.Send(w, get("https://app.example/"), with(2900))
	require.Error(t, err)
	assert.Regexp(t, `^web: the login makes a cookie of \d{4} bytes, browsers keep at most 4096$`, err.Error())
	assert.Empty(t, w.Header())
}

// Max-Age fits an int of 32 bits, and never deletes the cookie.
func TestCookieLivesAsLongAsItsLogin(t *testing.T) {
	t.Parallel()
	for lifetime, want := range map[time.Duration]int{
		0: 3600, 1: 1, time.Second - 1: 1, time.Second: 1, 2*time.Second - 1: 1, 2 * time.Second: 2,
		math.MaxInt32 * time.Second: math.MaxInt32, math.MaxInt32*time.Second + time.Second: math.MaxInt32, math.MaxInt64: math.MaxInt32,
	} {
		p := &web.Pending{Now: at(0), Lifetime: lifetime}
		cookie := sealed(t, p, "k")
		assert.Equal(t, want, cookie.MaxAge, lifetime)
		back, _ := take(p, "k", cookie)
		assert.NotNil(t, back)
	}
}
