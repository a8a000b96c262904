package httpcore_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

func TestCheckURLAccepts(t *testing.T) {
	t.Parallel()
	c := client(t, nil, httpcore.Config{})
	for _, raw := range []string{
		"https://as.example", "https://as.example/", "HTTPS://AS.EXAMPLE:8443/token?tenant=1", "https://[2001:db8::1]/token", "https://10.0.0.1/token",
		"http://localhost/token", "http://LocalHost:8080", "http://127.0.0.1", "http://127.255.255.254:1/token", "http://[::1]:8080/token",
	} {
		assert.NoError(t, c.CheckURL("Endpoints.Token", raw), raw)
	}
}

func TestCheckURLRefuses(t *testing.T) {
	t.Parallel()
	const absolute, user, fragment = "E must be an absolute URL such as https://example.com", "E must not carry a user name or password", "E must not have a fragment"
	c := client(t, nil, httpcore.Config{InsecureAllowHTTP: true}) // which lifts none of these
	for raw, want := range map[string]string{
		"": absolute, "as.example": absolute, "/token": absolute, "//as.example/token": absolute, "https:": absolute, "https:///token": absolute,
		"https://:443/token": absolute, "https:as.example": absolute, "mailto:a@as.example": absolute,
		"ftp://as.example": "E must be an https URL", "javascript://as.example/%0a": "E must be an https URL",
		"https://u:p4ss@as.example": user, "https://u@as.example": user, "https://@as.example": user,
		"https://as.example/#": fragment, "https://as.example/#f": fragment,
		"https://as.example/%zz": "E is not a URL", "https://as.example/\x00": "E is not a URL", "https://as.example/\x7f": "E is not a URL",
	} {
		assert.EqualError(t, c.CheckURL("E", raw), want, raw)
	}
}

// Addresses pasted with spaces, and placeholders that were not replaced, in every part.
func TestCheckURLRefusesBlanksAndAngles(t *testing.T) {
	t.Parallel()
	c := client(t, nil, httpcore.Config{})
	for _, form := range []string{"%shttps://as.example/token", "https://as%s.example/token", "https://as.example/to%sken", "https://as.example/token?a=%s", "https://as.example%s"} {
		for _, bad := range []string{" ", "\t", "\n", "\u00a0", "\u3000", "<", ">", `"`} {
			raw := strings.Replace(form, "%s", bad, 1)
			assert.EqualError(t, c.CheckURL("E", raw), `E must not have blanks or any of <>"`, "%q", raw)
		}
	}
	for _, good := range []string{"!", "'", "(", ")", "*", ",", ";", "=", "{", "}", "|", "^", "~", "\u767b"} {
		raw := "https://as.example/to" + good + "ken"
		assert.NoError(t, c.CheckURL("E", raw), raw)
	}
}

// Loopback is decided by the written address, not by DNS.
func TestPlainHTTPIsForLoopbackAsWritten(t *testing.T) {
	t.Parallel()
	strict := client(t, nil, httpcore.Config{})
	lax := client(t, nil, httpcore.Config{InsecureAllowHTTP: true})
	for _, raw := range []string{
		"http://as.example", "http://localhost.", "http://localhost.example", "http://app.localhost", "http://localho\u017ft", "http://127.1", "http://2130706433",
		"http://0x7f.0.0.1", "http://127.0.0.1.example", "http://128.0.0.1", "http://0.0.0.0", "http://[::]", "http://[::2]", "http://[::ffff:127.0.0.1]",
		"http://[::1%25lo]", "http://10.0.0.1", "http://[fe80::1]",
	} {
		assert.ErrorContains(t, strict.CheckURL("E", raw), "E must be an https URL: http is for loopback hosts only (InsecureAllowHTTP", raw)
		assert.NoError(t, lax.CheckURL("E", raw), "the accepted twin of %s", raw)
	}
}

func TestPlainHTTPIsRefusedWhenSent(t *testing.T) {
	t.Parallel()
	mock := replies(http.Header{}, 200)
	_, err := client(t, mock, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: "http://as.example/token"})
	assert.ErrorContains(t, err, "endpoint http://as.example/token must be an https URL: http is for loopback hosts only")
	assert.Zero(t, mock.GetTotalCallCount())

	_, err = client(t, mock, httpcore.Config{InsecureAllowHTTP: true}).Do(t.Context(), &httpcore.Request{URL: "http://as.example/token"})
	assert.NoError(t, err, "the accepted twin")
}

// The browser brings codes, tickets and assertions over https, or http to this machine.
func TestCheckReturn(t *testing.T) {
	t.Parallel()
	strict := client(t, nil, httpcore.Config{})
	lax := client(t, nil, httpcore.Config{InsecureAllowHTTP: true})
	for _, raw := range []string{
		"https://app.example/cb", "HTTPS://app.example", "https://app.example/cb?a=b#c", "http://localhost:3000/cb", "http://LOCALHOST/", "http://127.0.0.0/",
		"http://127.255.255.255/", "http://[::1]/cb", "com.example.app:/cb", "app://cb",
	} {
		assert.NoError(t, strict.CheckReturn("RedirectURI", raw), raw)
		assert.NoError(t, lax.CheckReturn("RedirectURI", raw), raw)
	}
	const why = "RedirectURI must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)"
	for _, raw := range []string{
		"http://app.example/cb", "HTTP://app.example", "http://126.255.255.255/", "http://128.0.0.0/", "http://[::2]/", "http://[::]/", "http://localhost.example/", "http://localhost./", "http://10.0.0.1/",
	} {
		assert.EqualError(t, strict.CheckReturn("RedirectURI", raw), why, raw)
		assert.NoError(t, lax.CheckReturn("RedirectURI", raw), raw)
	}
	for raw, want := range map[string]string{
		"https:///cb": "Service must be an absolute URL such as https://example.com", "http:cb": "Service must be an absolute URL such as https://example.com",
		"https://u:p@app.example/": "Service must not carry a user name or password", "https://a/%zz": "Service is not a URL",
	} {
		assert.EqualError(t, lax.CheckReturn("Service", raw), want, raw)
	}
}
