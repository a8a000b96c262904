package wiretest_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
)

const exchange = `
# A comment.
POST https://as.example/token?a=1
Authorization: Basic YTpi

grant_type=authorization_code
&code=C%2B1
---
400 Bad Request
Content-Type: application/json

{"error":"invalid_grant"}
`

// recorder is a test that may fail.
type recorder struct {
	testing.TB
	failed   []string
	cleanups []func()
}

func (r *recorder) Helper()          {}
func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(format string, args ...any) {
	r.failed = append(r.failed, format)
}

func send(t *testing.T, rt http.RoundTripper, change func(*http.Request)) (*http.Response, error) {
	t.Helper()
	form := url.Values{"code": {"C+1"}, "grant_type": {"authorization_code"}}
	r, err := http.NewRequest(http.MethodPost, "https://as.example/token?a=1", strings.NewReader(form.Encode()))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Basic YTpi")
	change(r)
	return (&http.Client{Transport: rt}).Do(r)
}

func TestTextAnswersTheRecordedRequest(t *testing.T) {
	t.Parallel()
	rt := wiretest.Text(t, exchange)
	res, err := send(t, rt, func(*http.Request) {})
	require.NoError(t, err)
	defer res.Body.Close()
	assert.Equal(t, http.StatusBadRequest, res.StatusCode)
	assert.Equal(t, "application/json", res.Header.Get("Content-Type"))
	assert.Equal(t, 1, rt.GetTotalCallCount())
}

func TestTextFailsOnAnyOtherRequest(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*http.Request){
		"method":       func(r *http.Request) { r.Method = http.MethodPut },
		"host":         func(r *http.Request) { r.URL.Host = "other.example" },
		"path":         func(r *http.Request) { r.URL.Path = "/token/" },
		"query":        func(r *http.Request) { r.URL.RawQuery = "a=1&a=1" },
		"no query":     func(r *http.Request) { r.URL.RawQuery = "" },
		"credentials":  func(r *http.Request) { r.Header.Set("Authorization", "Basic YTpj") },
		"cookie":       func(r *http.Request) { r.Header.Set("Cookie", "a=b") },
		"content type": func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") },
		"form":         func(r *http.Request) { r.Body = http.NoBody },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := &recorder{TB: t}
			_, err := send(t, wiretest.Text(fake, exchange), change)
			require.ErrorContains(t, err, "no fixture for this request")
			assert.NotEmpty(t, fake.failed)
		})
	}
}

func TestTextFailsOnTheSecondTimeAndOnNone(t *testing.T) {
	t.Parallel()
	fake := &recorder{TB: t}
	rt := wiretest.Text(fake, exchange)
	_, err := send(t, rt, func(*http.Request) {})
	require.NoError(t, err)
	require.Empty(t, fake.failed)
	_, err = send(t, rt, func(*http.Request) {})
	require.ErrorContains(t, err, "no fixture for this request")
	assert.Len(t, fake.failed, 1)

	idle := &recorder{TB: t}
	wiretest.Text(idle, exchange)
	for _, f := range idle.cleanups {
		f()
	}
	assert.Equal(t, []string{"%s was never requested"}, idle.failed)
}
