package httpcore_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const secret = `S3cr3t/+=&:é`

var errWire = errors.New("wire")

// wrapped is a RoundTripper's own error type around another client's *url.Error.
type wrapped struct{ inner error }

func (w wrapped) Error() string { return "proxy: " + w.inner.Error() }
func (w wrapped) Unwrap() error { return w.inner }

func fail(t *testing.T, err error) error {
	t.Helper()
	c := client(t, roundTrip(func(*http.Request) (*http.Response, error) { return nil, err }), httpcore.Config{})
	_, got := c.Do(t.Context(), &httpcore.Request{
		URL: endpoint, Query: url.Values{"access_token": {secret}}, Secrets: []string{secret, "C0DE-L0GIN"},
	})
	require.Error(t, got)
	return got
}

func TestErrorNamesTheAddressWithoutItsQuery(t *testing.T) {
	t.Parallel()
	err := fail(t, errWire)
	assert.EqualError(t, err, "GET https://as.example/token: wire")
	assert.ErrorIs(t, err, errWire)
	var ue *url.Error
	assert.False(t, errors.As(err, &ue), "*url.Error prints the query")
}

func TestErrorCutsURLsOfNestedClients(t *testing.T) {
	t.Parallel()
	inner := &url.Error{Op: "Get", URL: endpoint + "?access_token=" + url.QueryEscape(secret) + "&other=0THER", Err: errWire}
	for name, err := range map[string]error{
		"bare":    inner,
		"wrapped": fmt.Errorf("proxy: %w", inner),
		"typed":   wrapped{inner},
		"twice":   &url.Error{Op: "Get", URL: endpoint + "?code=C0DE-L0GIN", Err: wrapped{inner}},
		"joined":  errors.Join(inner, errors.New("C0DE-L0GIN")),
	} {
		got := fail(t, err)
		assert.EqualError(t, got, "GET https://as.example/token: wire", name)
		assert.ErrorIs(t, got, errWire, name)
		var ue *url.Error
		assert.False(t, errors.As(got, &ue), name)
	}
}

func TestErrorWithoutAReasonIsNoPanic(t *testing.T) {
	t.Parallel()
	assert.EqualError(t, fail(t, &url.Error{Op: "Get", URL: endpoint}), "GET https://as.example/token: failed without a reason")
}

func TestErrorCutsSecretsHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, echo := range []string{
		secret, url.QueryEscape(secret), url.PathEscape(secret), "S3cr3t%2f%2B%3d%26%3A%c3%a9", "%53%33%63%72%33%74/+=&:%C3%a9", "C0DE-L0GIN",
	} {
		got := fail(t, errors.New("dial "+echo+" failed"))
		assert.EqualError(t, got, "GET https://as.example/token: dial [redacted] failed", echo)
	}
	assert.EqualError(t, fail(t, errors.New("dial S3cr3t failed")), "GET https://as.example/token: dial S3cr3t failed", "the twin: not the secret")
}

// A program that prints each error of the chain must not print text that was not cleaned.
func TestErrorDoesNotUnwrapIntoRawText(t *testing.T) {
	t.Parallel()
	raw := fmt.Errorf("dial %s: %w", secret, errWire)
	got := fail(t, raw)
	for err := got; err != nil; err = errors.Unwrap(err) {
		assert.NotContains(t, err.Error(), secret)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		assert.NotContains(t, fmt.Sprintf(verb, got), secret, verb)
		assert.NotContains(t, fmt.Sprintf(verb, got), fmt.Sprintf("%x", secret), verb)
	}
	assert.ErrorIs(t, got, errWire)
}

func TestErrorOfBrokenBody(t *testing.T) {
	t.Parallel()
	rt := roundTrip(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: broken{}}, nil
	})
	_, err := client(t, rt, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Secrets: []string{secret}})
	assert.EqualError(t, err, "GET https://as.example/token: reading [redacted]: wire")
	assert.ErrorIs(t, err, errWire)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, fmt.Errorf("reading %s: %w", secret, errWire) }
func (broken) Close() error             { return nil }

func TestReplyCleansWithTheSecretsOfItsCall(t *testing.T) {
	t.Parallel()
	c := client(t, answer(http.StatusBadRequest, "application/json", `{}`), httpcore.Config{})
	reply, err := c.Do(t.Context(), &httpcore.Request{URL: endpoint, Secrets: []string{secret}})
	require.NoError(t, err)
	assert.Equal(t, `bad [redacted]\n`, reply.Clean("bad "+secret+"\n"))
}
