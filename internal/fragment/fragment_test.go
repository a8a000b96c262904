package fragment

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func serve(r *http.Request) (w *httptest.ResponseRecorder, passed bool) {
	w = httptest.NewRecorder()
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed = true })
	Handler(next, func(*http.Request) Words {
		return Words{Lang: "en", Title: "<Title>", Empty: "Nothing & none", NoScript: "<script>x</script>"}
	}).ServeHTTP(w, r)
	return w, passed
}

// The page is for a GET without a response, whatever parameters of its own the redirect URI has.
func TestWhichRequestsGetThePage(t *testing.T) {
	t.Parallel()
	for target, page := range map[string]bool{
		"/cb": true, "/cb?tab=1": true, "/cb?State=x": true, "/cb?states=x": true,
		"/cb?code=C": false, "/cb?state=": false, "/cb?error=x": false, "/cb?iss=x": false, "/cb?access_token=x": false, "/cb?id_token=x": false,
		"/cb?response=x": false, "/cb?tab=1&state=x": false,
	} {
		for method, alsoPage := range map[string]bool{"GET": true, "HEAD": true, "POST": false, "PUT": false} {
			w, passed := serve(httptest.NewRequest(method, target, nil))
			assert.Equal(t, !(page && alsoPage), passed, "%s %s", method, target)
			assert.Equal(t, page && alsoPage, w.Header().Get("Content-Security-Policy") != "", "%s %s", method, target)
		}
	}
}

// The policy permits the one script of the page, and no text of it can be another one.
func TestPolicy(t *testing.T) {
	t.Parallel()
	w, _ := serve(httptest.NewRequest(http.MethodGet, "/cb?x=%3Cscript%3E", nil))
	body := w.Body.String()
	scripts := regexp.MustCompile(`(?s)<script>(.*?)</script>`).FindAllStringSubmatch(body, -1)
	require.Len(t, scripts, 1)
	sum := sha256.Sum256([]byte(scripts[0][1]))
	h := w.Header()
	assert.Equal(t, "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; script-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'",
		h.Get("Content-Security-Policy"))
	assert.Equal(t, []string{"no-store", "same-origin", "nosniff", "en"},
		[]string{h.Get("Cache-Control"), h.Get("Referrer-Policy"), h.Get("X-Content-Type-Options"), h.Get("Content-Language")})
	assert.Contains(t, body, "<title>&lt;Title&gt;</title>")
	assert.Contains(t, body, `<p id="empty" hidden>Nothing &amp; none</p>`)
	assert.Contains(t, body, "<noscript><p>&lt;script&gt;x&lt;/script&gt;</p></noscript>")
	assert.Contains(t, body, `<form method="post"></form>`, "it posts to the address of the page")
}
