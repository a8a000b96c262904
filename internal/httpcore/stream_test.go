package httpcore_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// Read gets the body of a 200 within the limit, and what it says is not changed.
func TestRead(t *testing.T) {
	t.Parallel()
	const address = "https://op.example/long"
	errReader := errors.New("no more")
	for name, c := range map[string]struct {
		status  int
		body    string
		media   string
		fails   error
		want    error
		calls   int
		got     string
		replied string
	}{
		"it fits":        {http.StatusOK, "0123456789", "text/plain", nil, nil, 1, "0123456789", ""},
		"one more":       {http.StatusOK, "0123456789x", "text/plain", nil, httpcore.TooLarge, 1, "0123456789", ""},
		"the reader's":   {http.StatusOK, "0123456789", "text/plain", errReader, errReader, 1, "0123456789", ""},
		"a page":         {http.StatusOK, "0123456789", "text/html", nil, httpcore.HTML, 3, "", ""},
		"another status": {http.StatusNotFound, "none", "text/plain", nil, nil, 1, "", "none"},
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterResponder(http.MethodGet, address, func(*http.Request) (*http.Response, error) {
			res := httpmock.NewStringResponse(c.status, c.body)
			res.Header.Set("Content-Type", c.media)
			return res, nil
		})
		client, err := httpcore.New(httpcore.Config{HTTPClient: &http.Client{Transport: mock}, MaxReply: 10})
		require.NoError(t, err)
		var got strings.Builder
		reply, err := client.Do(t.Context(), &httpcore.Request{URL: address, Retry: true, Read: func(body io.Reader) error {
			if _, err := io.Copy(&got, body); err != nil {
				return errReader // what the body failed with comes first
			}
			return c.fails
		}})
		require.ErrorIs(t, err, c.want, name)
		assert.Equal(t, c.got, got.String(), name)
		assert.Equal(t, c.calls, mock.GetTotalCallCount(), name)
		if c.want == nil {
			assert.Equal(t, c.replied, reply.Body, name)
			assert.Equal(t, c.status, reply.StatusCode)
		}
	}
}

// A body that breaks is tried again, from its start.
func TestReadAgain(t *testing.T) {
	t.Parallel()
	const address = "https://op.example/long"
	mock := httpmock.NewMockTransport()
	calls := 0
	mock.RegisterResponder(http.MethodGet, address, func(*http.Request) (*http.Response, error) {
		res := httpmock.NewStringResponse(http.StatusOK, "")
		calls++
		if res.Body = io.NopCloser(strings.NewReader("whole")); calls == 1 {
			res.Body = io.NopCloser(io.MultiReader(strings.NewReader("wh"), tornBody{}))
		}
		return res, nil
	})
	client, err := httpcore.New(httpcore.Config{HTTPClient: &http.Client{Transport: mock}})
	require.NoError(t, err)
	var got []string
	_, err = client.Do(t.Context(), &httpcore.Request{URL: address, Retry: true, Read: func(body io.Reader) error {
		text, err := io.ReadAll(body)
		got = append(got, string(text))
		return err
	}})
	require.NoError(t, err)
	assert.Equal(t, []string{"wh", "whole"}, got)
}

type tornBody struct{}

func (tornBody) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
