package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// returned is the Return of the login that Take returns.
func returned(t testing.TB, raw string) string {
	t.Helper()
	p, l := &web.Pending{Now: at(0)}, login("k")
	l.Return = raw
	w := httptest.NewRecorder()
	require.NoError(t, p.Send(w, get("https://app.example/login"), l))
	assert.Equal(t, raw, l.Return, "the caller's login does not change")
	back, _ := take(p, "k", w.Result().Cookies()...)
	require.NotNil(t, back)
	return back.Return
}

// S2: a Return that could lead to another site is removed; paths of the application come back unchanged.
func TestS2Return(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"", "/", "/user", "/user/", "/a/b?c=d&e=//evil.example", "/user#part", "/a%2fb", "/?next=https://evil.example/\\", "/\u767b\u5f55?q=\u5f55", "/a..b/.c",
		"/" + strings.Repeat("a", 399),
	} {
		assert.Equal(t, good, returned(t, good))
	}
	for _, bad := range []string{
		"//evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "https://evil.example/", "HTTPS:evil.example", "javascript:alert(1)", "evil.example",
		"user", "?a=b", "#a", " /user", "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/user\x7f", "/user\x00", "///evil.example", "////evil.example",
		"/.//evil.example", "/./\\evil.example", "/..//evil.example", "/a/..//evil.example", "/a//b", "/a/./b", "/a/../b", "/%2e%2e//evil.example", "/%5cevil.example",
		"/%2f/evil.example", "/%", "https:/user", "//user@evil.example", "/\xff", "/" + strings.Repeat("a", 400),
	} {
		assert.Empty(t, returned(t, bad), "%q", bad)
	}
}

// Anyone can make a link with a Return: one that is too long for the cookie is removed, and the login continues. JSON
// writes each "<" as six characters.
func TestReturnThatLeavesNoRoom(t *testing.T) {
	t.Parallel()
	long := "/" + strings.Repeat("<", 399)
	for raw, want := range map[string]string{long: "", "/user": "/user"} {
		p, l := &web.Pending{Now: at(0)}, login("k")
		l.Return, l.Data = raw, []byte(`"`+strings.Repeat("d", 600)+`"`)
		w := httptest.NewRecorder()
		require.NoError(t, p.Send(w, get("https://app.example/login"), l))
		assert.Equal(t, http.StatusSeeOther, w.Code)
		back, _ := take(p, "k", w.Result().Cookies()...)
		require.NotNil(t, back)
		assert.Equal(t, want, back.Return)
	}
	assert.Equal(t, long, returned(t, long), "a Return that fits is kept")
	l := login("k")
	l.Return, l.Data = "/user", []byte(`"`+strings.Repeat("d", 3000)+`"`)
	w := httptest.NewRecorder()
	require.ErrorIs(t, new(web.Pending).Send(w, get("https://app.example/login"), l), authentication.ErrMisconfigured)
	assert.Empty(t, w.Result().Cookies(), "the login itself is too long")
}

// FuzzS2Return: a kept Return leads to this host, as http.Redirect writes it and as a browser reads it.
func FuzzS2Return(f *testing.F) {
	for _, seed := range []string{"/user?a=b", "//evil.example", "/\\evil.example", "/.//evil.example", "/%5c%5cevil.example", "/a\t/b", "https://evil.example"} {
		f.Add(seed)
	}
	base := &url.URL{Scheme: "https", Host: "app.example", Path: "/login"}
	f.Fuzz(func(t *testing.T, raw string) {
		kept := returned(t, raw)
		if kept == "" {
			return
		}
		assert.Equal(t, raw, kept)
		w := httptest.NewRecorder()
		http.Redirect(w, get("https://app.example/callback"), kept, http.StatusSeeOther)
		// Browsers remove tabs and line ends, and read a backslash as a slash (WHATWG URL §4.4).
		written := strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(w.Header().Get("Location"))
		before, query, asked := strings.Cut(written, "?")
		written = strings.ReplaceAll(before, `\`, "/")
		if asked {
			written += "?" + query
		}
		u, err := base.Parse(written)
		require.NoError(t, err)
		assert.Equal(t, "https://app.example", u.Scheme+"://"+u.Host)
	})
}
