package httpcore_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

func TestStatusErrorNamesTheEndpoint(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterNoResponder(httpmock.NewStringResponder(503, "").HeaderSet(http.Header{"Retry-After": {"7"}}))
	reply, err := client(t, mock, httpcore.Config{}).Do(t.Context(), &httpcore.Request{
		Method: http.MethodPost, URL: endpoint + "?access_token=t0ken",
	})
	require.NoError(t, err)
	status := reply.StatusError()
	assert.EqualError(t, status, "POST https://as.example/token: status 503")
	assert.Equal(t, &httpcore.StatusError{Method: "POST", URL: endpoint, StatusCode: 503, RetryAfter: 7 * time.Second}, status)
	var none *httpcore.StatusError
	assert.NotPanics(t, func() { _ = none.Error() })
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	of := func(status int) error { return fmt.Errorf("oidc: %w", &httpcore.StatusError{StatusCode: status}) }
	for status, want := range map[int]bool{
		200: false, 400: false, 401: false, 404: false, 428: false, 429: true, 430: false, 499: false, 500: true, 501: true, 503: true, 599: true,
	} {
		assert.Equal(t, want, httpcore.NoAnswer(of(status)), "%d", status)
	}
	ask := func(rt http.RoundTripper, c httpcore.Config, url string) error {
		_, err := client(t, rt, c).Do(t.Context(), &httpcore.Request{URL: url})
		require.Error(t, err)
		return fmt.Errorf("oidc: discovery: %w", err)
	}
	mock := answer(200, "text/html", "<html>")
	for name, err := range map[string]error{
		"wire": ask(roundTrip(func(*http.Request) (*http.Response, error) { return nil, errWire }), httpcore.Config{}, endpoint),
		"page": ask(mock, httpcore.Config{}, endpoint), "101": ask(answer(101, "", ""), httpcore.Config{}, endpoint),
		"cancelled": context.Canceled, "late": fmt.Errorf("saml: %w", context.DeadlineExceeded),
	} {
		assert.True(t, httpcore.NoAnswer(err), name)
	}
	var none *httpcore.StatusError
	for name, err := range map[string]error{
		"nil": nil, "another": errors.New("issuer differs"), "nil status": none,
		"redirect":    ask(answer(302, "", ""), httpcore.Config{}, endpoint),
		"too large":   ask(answer(200, "", "{}"), httpcore.Config{MaxReply: 1}, endpoint),
		"never sent":  ask(mock, httpcore.Config{}, "http://as.example/token"),
		"no address":  ask(mock, httpcore.Config{}, "/token"),
		"not to send": ask(mock, httpcore.Config{}, "https://as.example/%zz"),
	} {
		assert.False(t, httpcore.NoAnswer(err), name)
	}
}

func TestRedirectNamesItsTargetsOrigin(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{
		"": "",
		"https://other.example/p?code=C0DE-L0GIN#f": " to https://other.example",
		"http://u:p4ss@other.example:8080/p":        " to http://other.example:8080",
		"/login?code=C0DE-L0GIN":                    " to https://as.example",
		"//other.example/C0DE-L0GIN":                " to https://other.example",
		"mailto:C0DE-L0GIN@other.example":           " to mailto:",
		"https://other.example/%zz":                 " to a text that is not a URL",
		"https://C0DE-L0GIN.other.example/":         " to https://[redacted].other.example",
	} {
		mock := httpmock.NewMockTransport()
		mock.RegisterNoResponder(httpmock.NewStringResponder(302, "").HeaderSet(http.Header{"Location": {to}}))
		_, err := client(t, mock, httpcore.Config{}).Do(t.Context(), &httpcore.Request{URL: endpoint, Secrets: []string{"C0DE-L0GIN"}})
		require.ErrorIs(t, err, httpcore.Redirect)
		assert.EqualError(t, err, "GET https://as.example/token: refused a redirect (status 302)"+want)
		assert.False(t, errors.Is(err, errWire))
	}
}

func TestUnusableIsNoAnswer(t *testing.T) {
	t.Parallel()
	cause := errors.New("request_uri is missing")
	err := fmt.Errorf("oauth: %w", httpcore.Unusable(fmt.Errorf("reply: %w", cause)))
	assert.EqualError(t, err, "oauth: reply: request_uri is missing")
	assert.ErrorIs(t, err, cause)
	assert.True(t, httpcore.NoAnswer(err))
	assert.False(t, httpcore.NoAnswer(cause), "the twin")
}
