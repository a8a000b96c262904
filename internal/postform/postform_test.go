package postform

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// SAML-56: values in the page are escaped.
func TestPageEscapes(t *testing.T) {
	t.Parallel()
	page, err := New(`https://idp.example/sso?a=1&b="><script>x</script>`, url.Values{`"><img src=x>`: {`'><svg onload=x>`, "two"}, "submit": {"{{.URL}}"}})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	page.Write(w)
	body := w.Body.String()
	assert.Equal(t, http.StatusOK, w.Code)
	assert.NotContains(t, body, "<img")
	assert.NotContains(t, body, "<svg")
	assert.NotContains(t, body, "<script>x")
	assert.Contains(t, body, `name="submit" value="{{.URL}}"`)
	assert.Contains(t, body, `value="two"`)
}

// The policy permits the one script of the page.
func TestPolicy(t *testing.T) {
	t.Parallel()
	page, err := New("http://localhost/slo", nil)
	require.NoError(t, err)
	w := httptest.NewRecorder()
	page.Write(w)
	scripts := regexp.MustCompile(`<script>(.*?)</script>`).FindAllStringSubmatch(w.Body.String(), -1)
	require.Len(t, scripts, 1)
	sum := sha256.Sum256([]byte(scripts[0][1]))
	assert.Equal(t, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'",
		w.Header().Get("Content-Security-Policy"))
	assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
	assert.Equal(t, "no-referrer", w.Header().Get("Referrer-Policy"))
	assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
}

func TestAddressRefused(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "javascript:alert(1)", "data:text/html,x", "//idp.example/", "/sso", "https:", "ftp://idp.example/", "https://[::1"} {
		page, err := New(address, url.Values{"a": {"b"}})
		require.Error(t, err, address)
		assert.Nil(t, page)
	}
}
