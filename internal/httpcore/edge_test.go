package httpcore_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// A header name has only the bytes of a token (RFC 9110 §5.6.2).
func TestHeaderNamesByteByByte(t *testing.T) {
	t.Parallel()
	const token = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	good := 0
	for c := range 256 {
		for _, name := range []string{string([]byte{byte(c)}), "X" + string([]byte{byte(c)}), string([]byte{byte(c)}) + "X", "X" + string([]byte{byte(c)}) + "X"} {
			_, err := httpcore.New(httpcore.Config{Header: http.Header{name: {"v"}}})
			mock := answer(200, "", "{}")
			_, sent := client(t, mock, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Header: http.Header{name: {"v"}}})
			if strings.IndexByte(token, byte(c)) >= 0 {
				assert.NoError(t, err, "%q", name)
				assert.NoError(t, sent, "%q", name)
				good++
				continue
			}
			assert.ErrorContains(t, err, "is not a header name", "%q", name)
			assert.Error(t, sent, "%q", name)
			assert.Zero(t, mock.GetTotalCallCount())
		}
	}
	assert.Equal(t, 4*77, good)
}

// A header value has no control character except the tab (RFC 9110 §5.5).
func TestHeaderValuesByteByByte(t *testing.T) {
	t.Parallel()
	for c := range 256 {
		for _, value := range []string{string([]byte{byte(c)}), "v" + string([]byte{byte(c)}), string([]byte{byte(c)}) + "v"} {
			_, err := httpcore.New(httpcore.Config{Header: http.Header{"X-A": {"fine", value}}})
			mock := answer(200, "", "{}")
			_, sent := client(t, mock, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Header: http.Header{"X-A": {"fine", value}}})
			if c >= ' ' && c != 0x7f || c == '\t' {
				assert.NoError(t, err, "%q", value)
				assert.NoError(t, sent, "%q", value)
				continue
			}
			assert.EqualError(t, err, "X-A in Header has a value with control characters", "%q", value)
			assert.EqualError(t, sent, "header X-A has a value with control characters", "%q", value)
			assert.Zero(t, mock.GetTotalCallCount())
		}
	}
}

func TestRetryAfterAroundItsLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for seconds, want := range map[int]time.Duration{0: 0, 1: time.Second, 59: 59 * time.Second, 60: time.Minute, 61: time.Minute} {
		for _, after := range []string{fmt.Sprint(seconds), now.Add(time.Duration(seconds) * time.Second).Format(http.TimeFormat)} {
			reply, err := get(t, client(t, replies(http.Header{"Retry-After": {after}, "Date": {now.Format(http.TimeFormat)}}, 503), httpcore.Config{}))
			require.NoError(t, err)
			assert.Equal(t, want, reply.RetryAfter, after)
			assert.Equal(t, want, reply.StatusError().RetryAfter)
		}
	}
	for status, honoured := range map[int]bool{428: false, 429: true, 430: false, 502: false, 503: true, 504: false} {
		reply, err := get(t, client(t, replies(http.Header{"Retry-After": {"7"}}, status), httpcore.Config{}))
		require.NoError(t, err)
		assert.Equal(t, honoured, reply.RetryAfter > 0, "%d", status)
	}
}

func TestLoopbackNamesOnBothSides(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST": true, "LocalHost": true, "localhos": false, "localhostx": false, "localhost.": false, "xlocalhost": false,
		"localhost.localdomain": false, "a.localhost": false, "": false, " localhost": false, "localhost ": false, "localho\u017ft": false, "loc\u0430lhost": false,
		"126.255.255.255": false, "127.0.0.0": true, "127.0.0.1": true, "127.255.255.255": true, "128.0.0.0": false, "127.0.0.256": false, "127.0.0": false, "127.1": false,
		"127.0.0.01": false, "0127.0.0.1": false, "127.0.0.1.": false, "0.0.0.0": false,
		"::": false, "::1": true, "::2": false, "0:0:0:0:0:0:0:1": true, "::0001": true, "::1%lo": false, "::ffff:127.0.0.1": false, "::127.0.0.1": false, "[::1]": false,
	} {
		assert.Equal(t, want, httpcore.IsLoopback(host), "%q", host)
	}
}

func TestStatusOnBothSides(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{199: "is not an answer", 200: "", 299: "", 300: "redirect", 399: "redirect", 400: "", 599: ""} {
		reply, err := get(t, client(t, answer(status, "application/json", "{}"), httpcore.Config{}))
		if want != "" {
			assert.ErrorContains(t, err, want, "%d", status)
			continue
		}
		require.NoError(t, err, "%d", status)
		assert.Equal(t, status/100 == 2, reply.OK())
	}
}
