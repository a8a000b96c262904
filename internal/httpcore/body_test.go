package httpcore_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// The length that a reply states is only a first size: the body is what comes, up to the limit.
func TestH4LengthThatIsNotTrue(t *testing.T) {
	t.Parallel()
	const limit = 4000
	for _, stated := range []int64{-1, 0, 1, 511, 512, 3999, limit, limit + 1, 1 << 62} {
		for _, size := range []int{0, 1, 511, 512, 513, 3999, limit, limit + 1, 3 * limit} {
			for name, slow := range map[string]func(io.Reader) io.Reader{
				"whole": func(r io.Reader) io.Reader { return r }, "one byte": iotest.OneByteReader, "end with the data": iotest.DataErrReader,
			} {
				text := strings.Repeat("0123456789", size/10+1)[:size]
				rt := roundTrip(func(r *http.Request) (*http.Response, error) {
					return &http.Response{StatusCode: http.StatusOK, ContentLength: stated, Body: io.NopCloser(slow(strings.NewReader(text)))}, nil
				})
				reply, err := get(t, client(t, rt, httpcore.Config{MaxReply: limit}))
				if size > limit {
					require.ErrorIs(t, err, httpcore.TooLarge, "%d %d %s", stated, size, name)
					continue
				}
				require.NoError(t, err, "%d %d %s", stated, size, name)
				require.Equal(t, text, reply.Body, "%d %d %s", stated, size, name)
				require.Equal(t, text, string(reply.Bytes()))
			}
		}
	}
}

// A Transport reads a body again when a kept connection broke before the server saw the request.
func TestBodyCanBeSentAgain(t *testing.T) {
	t.Parallel()
	for want, form := range map[string]url.Values{"a=1&b=%26": {"b": {"&"}, "a": {"1"}}, "": {}} {
		rt := roundTrip(func(r *http.Request) (*http.Response, error) {
			assert.Equal(t, int64(len(want)), r.ContentLength)
			for range 3 {
				text, err := io.ReadAll(r.Body)
				assert.NoError(t, err)
				assert.Equal(t, want, string(text))
				assert.NoError(t, r.Body.Close())
				r.Body, err = r.GetBody()
				assert.NoError(t, err)
			}
			assert.Equal(t, want == "", r.Body == http.NoBody)
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})
		_, err := client(t, rt, httpcore.Config{}).Do(t.Context(), &httpcore.Request{Method: http.MethodPost, URL: endpoint, Form: form})
		require.NoError(t, err)
	}
}

type countingConn struct {
	net.Conn
	writes *atomic.Int64
}

func (c countingConn) Write(b []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(b)
}

// Two writes would be two packets for each call.
func TestHeaderAndBodyAreOneWrite(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "b", r.FormValue("a"))
	}))
	t.Cleanup(server.Close)
	var writes atomic.Int64
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		return countingConn{conn, &writes}, err
	}}
	t.Cleanup(transport.CloseIdleConnections)
	c := client(t, transport, httpcore.Config{})
	for i := range int64(3) {
		_, err := c.Do(t.Context(), &httpcore.Request{Method: http.MethodPost, URL: server.URL, Form: url.Values{"a": {"b"}}})
		require.NoError(t, err)
		assert.Equal(t, i+1, writes.Load())
	}
}

func TestS14AuthorizationIsASecretOfTheCall(t *testing.T) {
	t.Parallel()
	for authorization, echo := range map[string]string{"Bearer " + secret: secret, secret: secret, "": "nothing"} {
		rt := roundTrip(func(r *http.Request) (*http.Response, error) {
			assert.Equal(t, authorization, r.Header.Get("Authorization"))
			return &http.Response{StatusCode: http.StatusBadRequest, Body: http.NoBody}, nil
		})
		reply, err := client(t, rt, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Authorization: authorization})
		require.NoError(t, err)
		want := "bad [redacted]"
		if authorization == "" {
			want = "bad nothing"
		}
		assert.Equal(t, want, reply.Clean("bad "+echo))
		failing := roundTrip(func(*http.Request) (*http.Response, error) { return nil, &echoed{echo} })
		_, err = client(t, failing, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Authorization: authorization})
		assert.ErrorContains(t, err, want)
	}
	rt := roundTrip(func(*http.Request) (*http.Response, error) { panic("nothing may be sent") })
	_, err := client(t, rt, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Authorization: "Bearer a\nb"})
	assert.EqualError(t, err, "header Authorization has a value with control characters")
}

type echoed struct{ text string }

func (e *echoed) Error() string { return "bad " + e.text }

type gathered int

func (g *gathered) Secrets() []string { *g++; return []string{secret} }

func TestS14MoreSecretsAreAskedForAnErrorOnly(t *testing.T) {
	t.Parallel()
	var asked gathered
	r := httpcore.Request{URL: endpoint, Secrets: []string{"the-first-secret"}, MoreSecrets: &asked}
	reply, err := client(t, answer(http.StatusOK, "application/json", `{}`), httpcore.Config{}).Do(t.Context(), &r)
	require.NoError(t, err)
	assert.Zero(t, asked)
	assert.Equal(t, "bad [redacted] [redacted]", reply.Clean("bad "+secret+" the-first-secret"))
	assert.EqualValues(t, 1, asked)
	failing := roundTrip(func(*http.Request) (*http.Response, error) { return nil, &echoed{secret} })
	_, err = client(t, failing, httpcore.Config{}).Do(t.Context(), &r)
	assert.ErrorContains(t, err, "bad [redacted]")
}
