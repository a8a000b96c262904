package authentication_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

const formType = "application/x-www-form-urlencoded"

func posted(body io.Reader, contentType string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, localBack+"?state=of-the-query", body)
	r.Header.Set("Content-Type", contentType)
	return r
}

func TestLoginKey(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, nil)
	get := func(query string) *http.Request { return httptest.NewRequest(http.MethodGet, localBack+"?"+query, nil) }
	for _, c := range []struct {
		want string
		r    *http.Request
	}{
		{"", nil},
		{"", &http.Request{}},
		{"", get("")},
		{"S", get("state=S&code=C")},
		{"S", get("code=C&state=S&state=T")},
		{"", get("State=S")},
		{"", get("%zz")},
		{"S", posted(strings.NewReader("code=C&state=S"), formType)},
		{"S", posted(strings.NewReader("state=S"), formType+"; charset=utf-8")},
		{"", posted(strings.NewReader("code=C"), formType)},
		{"", posted(strings.NewReader(`{"state":"S"}`), "application/json")},
		{"", posted(strings.NewReader("state=S"), "")},
		{"S", posted(strings.NewReader("a=%zz&state=S"), formType)},
		{"", posted(http.NoBody, formType)},
	} {
		assert.Equal(t, c.want, client.LoginKey(c.r))
	}
	parsed := posted(strings.NewReader("state=S"), formType)
	require.NoError(t, parsed.ParseForm())
	assert.Equal(t, "S", client.LoginKey(parsed), "a form that middleware parsed")
	noBody := posted(nil, formType)
	noBody.Body = nil
	assert.Equal(t, "of-the-query", client.LoginKey(noBody))
	saml := newTestClient(t, nil, with(authentication.SAML{}))
	assert.Empty(t, saml.LoginKey(get("state=S")), "a protocol without logins")
}

// body counts the bytes that are read and records whether it was closed.
type body struct {
	io.Reader
	read   int
	closed bool
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	b.read += n
	return n, err
}

func (b *body) Close() error { b.closed = true; return nil }

// The body stays complete, byte by byte, at any length; little of it is read, and LoginKey does not close it.
func TestLoginKeyLeavesTheBody(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, nil)
	for _, size := range []int{0, 100, 64 << 10, 64<<10 + 1, 1 << 20} {
		text := []byte("state=S&code=C&rest=" + strings.Repeat("x", size))
		b := &body{Reader: bytes.NewReader(text)}
		r := posted(b, formType)
		r.Body = b
		assert.Equal(t, "S", client.LoginKey(r))
		assert.LessOrEqual(t, b.read, 64<<10+1)
		assert.Equal(t, "S", client.LoginKey(r), "twice")
		back, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(text, back), size)
		assert.False(t, b.closed)
		require.NoError(t, r.Body.Close())
		assert.True(t, b.closed)
	}
}

// A body that ends with an error gives CompleteLogin the same error.
func TestLoginKeyKeepsTheError(t *testing.T) {
	t.Parallel()
	broken := errors.New("the browser hung up")
	client := newTestClient(t, nil, nil)
	r := posted(nil, formType)
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("state=S&co"), failingReader{broken}))
	assert.Equal(t, "S", client.LoginKey(r))
	head, err := io.ReadAll(r.Body)
	require.ErrorIs(t, err, broken)
	assert.Equal(t, "state=S&co", string(head))
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// Hostile form_post bodies are refused or an error, and never a panic or a login.
func TestA14HostileBodies(t *testing.T) {
	t.Parallel()
	f := newFake(t, authentication.OIDC{}, nil)
	for name, change := range map[string]func(string) (string, string){
		"refused: wrong type":     func(b string) (string, string) { return b, "text/plain" },
		"refused: no type":        func(b string) (string, string) { return b, "" },
		"refused: too long":       func(b string) (string, string) { return b + "&x=" + strings.Repeat("x", 64<<10), formType },
		"refused: repeated":       func(b string) (string, string) { return b + "&" + b, formType },
		"refused: repeated other": func(b string) (string, string) { return b + "&a=1&a=2", formType },
		"refused: malformed":      func(b string) (string, string) { return b + "&%zz", formType },
		"refused: empty":          func(string) (string, string) { return "", formType },
		"refused: with a token":   func(b string) (string, string) { return b + "&access_token=A", formType },
		"refused: with an error":  func(b string) (string, string) { return b + "&error=access_denied", formType },
	} {
		login, r := f.login(t, authentication.AuthorizeOptions{ResponseMode: "form_post"})
		good, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		text, contentType := change(string(good))
		bad, err := http.NewRequestWithContext(t.Context(), http.MethodPost, localBack, strings.NewReader(text))
		require.NoError(t, err)
		bad.Header.Set("Content-Type", contentType)
		f.client.LoginKey(bad)
		_, err = f.client.CompleteLogin(t.Context(), login, bad)
		assert.Equal(t, "refused", kind(err), "%s: %v", name, err)

		twin, err := http.NewRequestWithContext(t.Context(), http.MethodPost, localBack, bytes.NewReader(good))
		require.NoError(t, err)
		twin.Header.Set("Content-Type", formType)
		_, err = f.client.CompleteLogin(t.Context(), login, twin)
		require.NoError(t, err, name)
	}
}
