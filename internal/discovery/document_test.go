package discovery_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/discovery"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

type replies func(path string) (*http.Response, error)

func (f replies) RoundTrip(r *http.Request) (*http.Response, error) { return f(r.URL.Path) }

func answer(status int, mediaType, body string) func() (*http.Response, error) {
	return func() (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {mediaType}, "Location": {"https://op.example/x"}}, Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	}
}

// Each reply to the first address, with a document at the second one: only a 404 leads there.
func TestD3FetchOfEachReply(t *testing.T) {
	t.Parallel()
	const outage = discovery.Check("outage")
	for name, c := range map[string]struct {
		first func() (*http.Response, error)
		want  discovery.Check // "": a document
		asked int
	}{
		"document":  {answer(http.StatusOK, "application/json", "{}"), "", 1},
		"not found": {answer(http.StatusNotFound, "text/html", "<html>"), "", 2},
		"created":   {answer(http.StatusCreated, "application/json", "{}"), discovery.Status, 1},
		"gone":      {answer(http.StatusGone, "application/json", "{}"), discovery.Status, 1},
		"forbidden": {answer(http.StatusForbidden, "application/json", "{}"), discovery.Status, 1},
		"redirect":  {answer(http.StatusFound, "", ""), discovery.Redirect, 1},
		"page":      {answer(http.StatusOK, "text/html", "<html>"), discovery.Document, 1},
		"large":     {answer(http.StatusOK, "application/json", strings.Repeat(" ", 101)), discovery.Document, 1},
		"private": {func() (*http.Response, error) {
			return nil, fmt.Errorf("dial: %w", httpcore.PrivateAddress)
		}, discovery.Address, 1},
		"busy":   {answer(http.StatusTooManyRequests, "", ""), outage, 1},
		"broken": {answer(http.StatusServiceUnavailable, "", ""), outage, 1},
		"dead":   {func() (*http.Response, error) { return nil, errors.New("reset") }, outage, 1},
	} {
		asked := 0
		transport := replies(func(path string) (*http.Response, error) {
			if asked++; path == "/1" {
				return c.first()
			}
			return answer(http.StatusOK, "application/json", "{}")()
		})
		hc, err := httpcore.New(httpcore.Config{HTTPClient: &http.Client{Transport: transport}, MaxReply: 100})
		require.NoError(t, err)
		got := discovery.Check("")
		r := discovery.Request{HTTP: hc, URLs: []string{"https://op.example/1", "https://op.example/2"}, Refuse: func(check discovery.Check, detail string, _ error) error {
			got = check
			return errors.New(detail)
		}}
		reply, err := r.Fetch(t.Context())
		if err != nil && got == "" {
			got = outage
		}
		assert.Equal(t, c.want, got, "%s: %v", name, err)
		assert.Equal(t, c.asked, asked, name)
		if c.want == "" {
			require.NoError(t, err, name)
			assert.Equal(t, "{}", reply.Body, name)
		}
	}
}

func TestD1SameIssuerIsExact(t *testing.T) {
	t.Parallel()
	const want, reason = "https://op.example/a", `the document's issuer is "`
	for got, hint := range map[string]string{
		"https://op.example/a/":  `, want "https://op.example/a" (they differ only in the trailing slash: use the server's spelling)`,
		"https://op.example/{t}": `, want "https://op.example/a" (it has a placeholder for a tenant: use IssuerFamily of package oidc)`,
		"https://op.example/A":   `, want "https://op.example/a"`, "https://OP.example/a": `, want "https://op.example/a"`, "": `, want "https://op.example/a"`,
	} {
		assert.Equal(t, reason+got+`"`+hint, discovery.SameIssuer(want, got))
	}
	assert.Empty(t, discovery.SameIssuer(want, want))
}
