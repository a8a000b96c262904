package saml_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func form(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, acs+"?RelayState=query", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

func TestLoginKey(t *testing.T) {
	t.Parallel()
	long := "SAMLResponse=" + strings.Repeat("A", 1<<20) + "&RelayState=KEY"
	typed := form("SAMLResponse=x&RelayState=KEY")
	typed.Header.Set("Content-Type", "text/plain")
	empty := form("")
	empty.Body = nil
	parsed := form("SAMLResponse=x&RelayState=KEY")
	require.NoError(t, parsed.ParseForm())
	for name, row := range map[string]struct {
		r    *http.Request
		want string
	}{
		"posted":       {form("SAMLResponse=x&RelayState=KEY"), "KEY"},
		"key first":    {form("RelayState=KEY&SAMLResponse=x"), "KEY"},
		"long":         {form(long), "KEY"},
		"other fields": {form("SAMLResponse=x&a=%41&RelayState=K%45Y"), "KEY"},
		"none":         {form("SAMLResponse=x"), ""},
		"twice":        {form("SAMLResponse=x&RelayState=KEY&RelayState=KEY"), ""},
		"a request":    {form("SAMLRequest=x&RelayState=KEY"), ""},
		"no message":   {form("RelayState=KEY"), ""},
		"by GET":       {httptest.NewRequest(http.MethodGet, acs+"?SAMLResponse=x&RelayState=KEY", nil), ""},
		"other type":   {typed, ""},
		"no body":      {empty, ""},
		"no request":   {nil, ""},
		"zero request": {&http.Request{Method: http.MethodPost}, ""},
	} {
		assert.Equal(t, row.want, saml.LoginKey(row.r), name)
	}
	assert.NotPanics(t, func() { saml.LoginKey(parsed) })

	r := form(long)
	assert.Equal(t, "KEY", saml.LoginKey(r))
	assert.Equal(t, "KEY", saml.LoginKey(r), "twice")
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	assert.True(t, string(body) == long, "the body is as it was")
}

// A body that is too long has no key, and one that breaks off breaks off again when it is read.
func TestLoginKeyOfBadBodies(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{8 << 20: "KEY", 8<<20 + 1: ""} {
		const head = "RelayState=KEY&SAMLResponse="
		r := form(head + strings.Repeat("A", n-len(head)))
		assert.Equal(t, want, saml.LoginKey(r), n)
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		assert.Len(t, body, n)
	}
	broken := errors.New("the line broke")
	r := form("")
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader("RelayState=KEY&SAMLResponse=x"), iotest.ErrReader(broken)))
	saml.LoginKey(r)
	_, err := io.ReadAll(r.Body)
	require.ErrorIs(t, err, broken)
}
