package authentication_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// Authing's own calls are made ready by the first of them, from the options as NewClient got them.
func TestCallsHaveTheOptionsOfNewClient(t *testing.T) {
	t.Parallel()
	prefixes := []string{"ST-"}
	sent := 0
	answers := &http.Client{Transport: transportFunc(func(*http.Request) (*http.Response, error) {
		sent++
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("yes\nalice\n"))}, nil
	})}
	client, err := authentication.NewClient(authentication.Options{
		AppID: "60f1d4b29c3e8a7756041bfe", AppHost: "https://app.authing.example", TicketPrefixes: prefixes, HTTPClient: answers,
	})
	require.NoError(t, err)
	prefixes[0], answers.Transport = "XX-", nil
	_, err = client.ValidateTicketV1(t.Context(), "XX-1", "https://app.example/")
	assert.ErrorIs(t, err, cas.CheckTicket)
	assert.Equal(t, 0, sent)
	user, err := client.ValidateTicketV1(t.Context(), "ST-1", "https://app.example/")
	require.NoError(t, err)
	assert.Equal(t, "alice", user.User)
	assert.Equal(t, 1, sent)
}
