//go:build interop

package keycloak

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// frames are the addresses that the page of a logout opens in frames.
func frames(t *testing.T, c *oidc.Client, who *formlogin.Person, hint string) (found []string) {
	t.Helper()
	pending, err := c.BeginLogout(t.Context(), oidc.LogoutOptions{IDTokenHint: hint})
	require.NoError(t, err)
	_, err = who.Visit(t.Context(), pending.URL, loggedOut)
	var page *formlogin.PageError
	require.ErrorAs(t, err, &page)
	for _, m := range regexp.MustCompile(`<iframe src="([^"]*)"`).FindAllStringSubmatch(page.Body, -1) {
		found = append(found, html.UnescapeString(m[1]))
	}
	return found
}

// Keycloak's page for a logout has a frame for each application of the session, with iss and sid.
func TestFrontChannelLogout(t *testing.T) {
	t.Parallel()
	k := server(t)
	const home = "http://127.0.0.1:34567/frontchannel"
	framed := func(sessions string) oidc.Config {
		return k.create(t, attributes{"frontchannel.logout.url": home, "frontchannel.logout.session.required": sessions}, map[string]any{"frontchannelLogout": true})
	}
	c, who := newClient(t, framed("true")), k.alice(t)
	id := login(t, c, who).IDToken
	elsewhere := login(t, c, k.alice(t)).IDToken // the same user in another browser
	asks := k.client(t, "basic")
	found := frames(t, asks, who, login(t, asks, who).IDToken.Raw())
	require.Len(t, found, 1)
	require.True(t, strings.HasPrefix(found[0], home+"?"), found[0])

	get := func(address string) (*oidc.LogoutRequest, http.Header, error) {
		r, w := httptest.NewRequest(http.MethodGet, address, nil), httptest.NewRecorder()
		q, err := c.ReceiveLogout(t.Context(), r)
		return q, w.Header(), oidc.AnswerLogout(t.Context(), w, q, err)
	}
	q, header, err := get(found[0])
	require.NoError(t, err)
	assert.True(t, q.Unsigned)
	assert.Contains(t, q.SessionIDs, id.SessionID)
	assert.True(t, q.Ends(id))
	assert.False(t, q.Ends(elsewhere))
	assert.Contains(t, header.Get("Content-Security-Policy"), "frame-ancestors "+k.base)
	assert.Equal(t, "no-store", header.Get("Cache-Control"))

	_, _, err = get(strings.Replace(found[0], "interop", "rotation", 1))
	require.ErrorIs(t, err, oauth.CheckIssuer, "another realm")

	// An application that asks for no session gets a bare address, which names nobody.
	c, who = newClient(t, framed("false")), k.alice(t)
	found = frames(t, c, who, login(t, c, who).IDToken.Raw())
	require.Equal(t, []string{home}, found)
	_, _, err = get(found[0])
	require.ErrorIs(t, err, oauth.CheckIssuer)
}
