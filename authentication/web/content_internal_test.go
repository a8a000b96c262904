package web

import (
	"encoding/json"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestContentKeepsTheWholeIdentity(t *testing.T) {
	t.Parallel()
	end := time.Unix(1_700_000_000, 0).UTC()
	id := &authentication.Identity{
		Protocol: "oidc", Issuer: "https://id.test", Subject: "alice", Claims: map[string]any{"n": json.Number("12345678901234567890")},
		Token: &oauth.Token{AccessToken: "at", RefreshToken: "rt"}, SessionExpiry: end, Data: json.RawMessage(`{"x":1}`),
	}
	content, err := pack(id)
	require.NoError(t, err)
	got, err := unpack(content)
	require.NoError(t, err)
	assert.Equal(t, id, got)
	_, err = unpack(content[:len(content)-1])
	require.Error(t, err, "it is cut off")
}

func TestMannerOfRequests(t *testing.T) {
	t.Parallel()
	const html = "text/html,application/xhtml+xml,*/*;q=0.8"
	for _, c := range []struct {
		method string
		header []string
		want   manner
	}{
		{"GET", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, whole},
		{"POST", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, whole},
		{"HEAD", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, aside},
		{"PUT", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, aside},
		{"OPTIONS", []string{"Accept", html}, aside},
		{"GET", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document", "Sec-Purpose", "prefetch;prerender"}, aside},
		{"GET", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "iframe"}, framed},
		{"GET", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "frame"}, framed},
		{"GET", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "embed"}, framed},
		{"GET", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "object"}, framed},
		{"GET", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "fencedframe"}, framed},
		{"GET", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "empty"}, aside},
		{"GET", []string{"Sec-Fetch-Mode", "cors", "Sec-Fetch-Dest", "empty", "Accept", html}, aside},
		{"GET", []string{"Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image", "Accept", html}, aside},
		{"GET", []string{"Sec-Fetch-Mode", "websocket", "Accept", html}, aside},
		{"GET", []string{"Sec-Fetch-Mode", "navigate", "Accept", html}, whole},
		{"GET", []string{"Accept", html}, whole},
		{"GET", []string{"Accept", html, "X-Requested-With", "XMLHttpRequest"}, aside},
		{"GET", []string{"Accept", html, "Upgrade", "websocket"}, aside},
		{"GET", []string{"Accept", "text/event-stream"}, aside},
		{"GET", []string{"Accept", "*/*"}, aside},
		{"GET", nil, aside},
	} {
		r := httptest.NewRequest(c.method, "/x", nil)
		for i := 0; i < len(c.header); i += 2 {
			r.Header.Set(c.header[i], c.header[i+1])
		}
		assert.Equal(t, c.want, mannerOf(r), "%s %v", c.method, c.header)
	}
}
