package httpcore_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

func TestH2RedirectIsRefused(t *testing.T) {
	t.Parallel()
	for _, status := range []int{300, 301, 302, 303, 304, 307, 308} {
		mock := answer(status, "", "")
		mock.RegisterResponder(http.MethodPost, endpoint, httpmock.NewStringResponder(status, "").
			HeaderSet(http.Header{"Location": {"https://other.example/steal?code=C0DE-L0GIN"}}))
		c := client(t, nil, httpcore.Config{HTTPClient: &http.Client{
			Transport: mock, CheckRedirect: func(*http.Request, []*http.Request) error { return nil }, // the application's client would follow
		}})
		_, err := c.Do(t.Context(), &httpcore.Request{Method: http.MethodPost, URL: endpoint, Form: map[string][]string{"code": {"C0DE-L0GIN"}}, Secrets: []string{"C0DE-L0GIN"}})
		require.ErrorIs(t, err, httpcore.Redirect)
		assert.ErrorContains(t, err, "POST https://as.example/token: refused a redirect (status 3")
		assert.Equal(t, 1, mock.GetTotalCallCount(), "the other address got no request")
	}
	_, err := get(t, client(t, answer(http.StatusOK, "application/json", `{}`), httpcore.Config{}))
	assert.NoError(t, err, "the accepted twin")
}

// A 304 is accepted only for a conditional request.
func TestH2NotModifiedAnswersAConditionalRequest(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"If-None-Match", "If-Modified-Since"} {
		mock := answer(http.StatusNotModified, "text/html", "")
		c := client(t, mock, httpcore.Config{Header: http.Header{name: {`"v1"`}}})
		reply, err := c.Do(t.Context(), &httpcore.Request{URL: endpoint, Header: http.Header{name: {`"v1"`}}, Retry: true})
		require.NoError(t, err)
		assert.Equal(t, http.StatusNotModified, reply.StatusCode)
		assert.False(t, reply.OK())
		assert.Equal(t, 1, mock.GetTotalCallCount())

		_, err = c.Do(t.Context(), &httpcore.Request{URL: endpoint})
		require.ErrorIs(t, err, httpcore.Redirect, "the call had no condition")
		_, err = client(t, answer(http.StatusFound, "", ""), httpcore.Config{}).
			Do(t.Context(), &httpcore.Request{URL: endpoint, Header: http.Header{name: {`"v1"`}}})
		require.ErrorIs(t, err, httpcore.Redirect)
	}
}

func TestH4ReplyOverTheLimit(t *testing.T) {
	t.Parallel()
	for _, limit := range []int64{0, 100, 1} {
		size := int(limit)
		if limit == 0 {
			size = 1 << 20
		}
		c := func(body string) *httpcore.Client {
			return client(t, answer(http.StatusOK, "application/json", body), httpcore.Config{MaxReply: limit})
		}
		reply, err := get(t, c(strings.Repeat("x", size)))
		require.NoError(t, err, "the accepted twin")
		assert.Len(t, reply.Body, size)
		_, err = get(t, c(strings.Repeat("x", size+1)))
		assert.ErrorIs(t, err, httpcore.TooLarge)
	}
}

// AnyBody is for calls whose result is the status: a 2xx with any body is accepted, and no other status.
func TestAnyBody(t *testing.T) {
	t.Parallel()
	for status, taken := range map[int]bool{199: false, 200: true, 299: true, 300: false, 400: false} {
		for _, contentType := range []string{"application/json", "text/html"} {
			c := client(t, answer(status, contentType, "12345"), httpcore.Config{MaxReply: 4})
			reply, err := c.Do(t.Context(), &httpcore.Request{URL: endpoint, AnyBody: true})
			if taken {
				require.NoError(t, err, status)
				assert.Equal(t, status, reply.StatusCode)
			} else {
				assert.Error(t, err, status)
			}
			_, err = c.Do(t.Context(), &httpcore.Request{URL: endpoint})
			assert.Error(t, err, "the refused twin")
		}
	}
}

func TestH4LimitIsOfTheReplyUnpacked(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 2<<20))
	_ = z.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(packed.Bytes())
	}))
	defer server.Close()
	require.Less(t, packed.Len(), 1<<20)
	_, err := client(t, &http.Transport{DisableKeepAlives: true}, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: server.URL})
	assert.ErrorIs(t, err, httpcore.TooLarge)
}

func TestLargestLimitStillReads(t *testing.T) {
	t.Parallel()
	reply, err := get(t, client(t, answer(http.StatusOK, "", `{"a":1}`), httpcore.Config{MaxReply: math.MaxInt64}))
	require.NoError(t, err)
	assert.Equal(t, `{"a":1}`, reply.Body)
}

func TestH4BodyIsReadAndClosed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusOK, http.StatusFound, http.StatusBadRequest} {
		body := &watched{Reader: strings.NewReader(`{}`)}
		rt := roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: body}, nil
		})
		_, _ = get(t, client(t, rt, httpcore.Config{}))
		assert.True(t, body.drained, "status %d", status)
		assert.True(t, body.closed, "status %d", status)
	}
}

type watched struct {
	io.Reader
	drained, closed bool
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	w.drained = w.drained || err == io.EOF
	return n, err
}
func (w *watched) Close() error { w.closed = true; return nil }

func TestH8HTMLUnder200(t *testing.T) {
	t.Parallel()
	const page = `<!DOCTYPE html><p>Sign in to the hotel's network</p>`
	for _, media := range []string{
		"text/html", "Text/HTML; charset=utf-8", "text/html;charset=a;charset=b", "application/xhtml+xml", " text/html ;",
	} {
		for _, status := range []int{200, 201, 204} {
			_, err := get(t, client(t, answer(status, media, page), httpcore.Config{}))
			require.ErrorIs(t, err, httpcore.HTML, media)
			assert.ErrorContains(t, err, "an HTML page (text/html)")
			assert.NotContains(t, err.Error(), "hotel")
		}
	}
}

// Any other content type, or none, is left to the parser; an HTML error page is known by its status.
func TestH8OtherRepliesAreHandedOn(t *testing.T) {
	t.Parallel()
	for _, media := range []string{"", "application/json", "text/plain", "text/htmlx", "application/octet-stream", "nonsense;;"} {
		reply, err := get(t, client(t, answer(http.StatusOK, media, `{}`), httpcore.Config{}))
		require.NoError(t, err, media)
		assert.True(t, reply.OK())
	}
	reply, err := get(t, client(t, answer(http.StatusBadGateway, "text/html", "<p>down"), httpcore.Config{}))
	require.NoError(t, err)
	assert.Equal(t, http.StatusBadGateway, reply.StatusCode)
	assert.False(t, reply.OK())
}
