package web_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/web"
)

// Two proxies make a list whose first element is the browser's scheme. Each accepted header has a refused twin that
// differs in this element.
func TestCaseWebForwardedProtoList(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		lines []string
		https bool
	}{
		{"X-Forwarded-Proto", []string{"https,http"}, true},
		{"X-Forwarded-Proto", []string{"https, http"}, true},
		{"X-Forwarded-Proto", []string{"https,https"}, true},
		{"X-Forwarded-Proto", []string{" \tHTTPS ,http"}, true},
		{"X-Forwarded-Proto", []string{`"https"`}, true},
		{"X-Forwarded-Proto", []string{", https"}, true},
		{"X-Forwarded-Proto", []string{"", "https"}, true},
		{"X-Forwarded-Proto", []string{"https", "http"}, true},
		{"X-Forwarded-Proto", []string{"http", "https"}, false},
		{"X-Forwarded-Proto", []string{"http,https"}, false},
		{"X-Forwarded-Proto", []string{"http, https"}, false},
		{"X-Forwarded-Proto", []string{"https http"}, false},
		{"X-Forwarded-Proto", []string{"httpss,https"}, false},
		{"X-Forwarded-Proto", []string{`"http,https`}, false},
		{"X-Forwarded-Proto", []string{"http;proto=https"}, false},
		{"X-Forwarded-Proto", []string{","}, false},
		{"X-Forwarded-Proto", []string{""}, false},

		{"Forwarded", []string{`for=192.0.2.1;proto="https"`}, true},
		{"Forwarded", []string{`for=192.0.2.1;proto="http"`}, false},
		{"Forwarded", []string{"for=192.0.2.1;proto=https, for=10.0.0.1;proto=http"}, true},
		{"Forwarded", []string{"for=192.0.2.1;proto=http, for=10.0.0.1;proto=https"}, false},
		{"Forwarded", []string{"for=192.0.2.1;proto=https", "for=10.0.0.1;proto=http"}, true},
		{"Forwarded", []string{"for=192.0.2.1;proto=http", "for=10.0.0.1;proto=https"}, false},
		{"Forwarded", []string{"For=192.0.2.1; Proto=HTTPS ;host=a"}, true},
		{"Forwarded", []string{"proto=https"}, true},
		{"Forwarded", []string{"xproto=https"}, false},
		{"Forwarded", []string{"for=192.0.2.1, for=10.0.0.1;proto=https"}, false},
		{"Forwarded", []string{"proto=https;proto=https"}, false},
		{"Forwarded", []string{"proto=http;proto=https"}, false},
		{"Forwarded", []string{`for="a,b;proto=http";proto=https`}, true},
		{"Forwarded", []string{`for="a,b;proto=https";proto=http`}, false},
		{"Forwarded", []string{`for="a\",proto=http";proto="https"`}, true},
		{"Forwarded", []string{`for="a\",proto=https"`}, false},
		{"Forwarded", []string{`proto="h\ttps"`}, true},
		{"Forwarded", []string{`proto="https`}, false},
		{"Forwarded", []string{`proto="https\"`}, false},
		{"Forwarded", []string{`proto="https"x`}, false},
		{"Forwarded", []string{`proto="`}, false},
		{"Forwarded", []string{"proto=https x"}, false},
		{"Forwarded", []string{";"}, false},
	} {
		r := get("http://app.example/login")
		r.Header[c.name] = c.lines
		l := login("k")
		l.FormPost = true
		err := new(web.Pending).Send(httptest.NewRecorder(), r, l)
		if c.https {
			require.NoError(t, err, "%s: %q", c.name, c.lines)
			continue
		}
		require.EqualError(t, err, needsHTTPS, "%s: %q", c.name, c.lines)
	}
	either := get("http://app.example/login")
	either.Header.Set("X-Forwarded-Proto", "http")
	either.Header.Set("Forwarded", "proto=https")
	l := login("k")
	l.FormPost = true
	assert.NoError(t, new(web.Pending).Send(httptest.NewRecorder(), either, l), "one proxy writes one header, the next the other")
}
