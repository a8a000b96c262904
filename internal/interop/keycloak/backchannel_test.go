//go:build interop

package keycloak

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// backchannel asks for logout tokens, with a sid or without.
func backchannel(sessions string) func(home string) attributes {
	return func(home string) attributes {
		return attributes{"backchannel.logout.url": home, "backchannel.logout.session.required": sessions}
	}
}

// leave ends the user's session at Keycloak, in the name of c.
func leave(t *testing.T, c *oidc.Client, who *formlogin.Person, hint string) {
	t.Helper()
	pending, err := c.BeginLogout(t.Context(), oidc.LogoutOptions{PostLogoutRedirectURI: loggedOut, IDTokenHint: hint})
	require.NoError(t, err)
	require.NoError(t, c.CompleteLogout(t.Context(), pending, visit(t, who, pending.URL, loggedOut)))
}

// again posts a logout token that Keycloak sent, as whoever got hold of it would.
func again(t *testing.T, c *oidc.Client, body string) error {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/backchannel", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	q, err := c.ReceiveLogout(t.Context(), r)
	return oidc.AnswerLogout(t.Context(), httptest.NewRecorder(), q, err)
}

// The user logs out at one application, and Keycloak tells the two others of the session: with its sid, or by subject.
func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	k := server(t)
	bySession, bySubject, who := k.application(t, backchannel("true")), k.application(t, backchannel("false")), k.alice(t)
	first, second := login(t, bySession.Client, who).IDToken, login(t, bySubject.Client, who).IDToken
	elsewhere := login(t, bySession.Client, k.alice(t)).IDToken // the same user in another browser
	asks := k.client(t, "basic")
	leave(t, asks, who, login(t, asks, who).IDToken.Raw())

	q, body := bySession.notice(t)
	assert.False(t, q.Unsigned)
	assert.Equal(t, []string{first.SessionID}, q.SessionIDs)
	assert.Equal(t, first.Subject, q.Subject)
	assert.True(t, q.Ends(first))
	assert.False(t, q.Ends(elsewhere))
	require.ErrorIs(t, again(t, bySession.Client, body), oidc.CheckReplay)
	require.NoError(t, again(t, newClient(t, bySession.config), body), "the accepted twin: it came here for the first time")
	require.ErrorIs(t, again(t, newClient(t, bySubject.config), body), oidc.CheckAudience)
	require.ErrorIs(t, again(t, newClient(t, bySession.config, rotation(k)), body), oidc.CheckKey, "another realm")
	require.ErrorIs(t, again(t, newClient(t, bySession.config, alg("ES256")), body), oidc.CheckAlgorithm)

	q, _ = bySubject.notice(t)
	assert.Equal(t, second.Subject, q.Subject)
	assert.Empty(t, q.SessionIDs)
	assert.True(t, q.Ends(second))
	other := *second
	other.Subject = "another"
	assert.False(t, q.Ends(&other))
}

// The administrator ends the sessions of a user. There is no browser at all.
func TestBackChannelLogoutByTheAdministrator(t *testing.T) {
	t.Parallel()
	k := server(t)
	app, name := k.application(t, backchannel("true")), "user-"+strings.ToLower(rand.Text())
	k.call(t, "/interop/users", map[string]any{
		"username": name, "enabled": true, "email": name + "@example.org", "firstName": "A", "lastName": "B",
		"credentials": []map[string]any{{"type": "password", "value": "secret"}},
	})
	id := login(t, app.Client, k.person(t, name, "secret")).IDToken
	k.call(t, "/interop/users/"+id.Subject+"/logout", map[string]any{})
	q, _ := app.notice(t)
	assert.True(t, q.Ends(id))
}

// Neither token is taken for the other.
func TestLogoutTokenIsNoIDToken(t *testing.T) {
	t.Parallel()
	k := server(t)
	app, who := k.application(t, backchannel("true")), k.alice(t)
	id := login(t, app.Client, who).IDToken
	require.ErrorIs(t, again(t, app.Client, url.Values{"logout_token": {id.Raw()}}.Encode()), oidc.CheckEvents)
	leave(t, app.Client, who, id.Raw())
	_, body := app.notice(t)
	form, err := url.ParseQuery(body)
	require.NoError(t, err)
	_, err = app.VerifyIDToken(t.Context(), form.Get("logout_token"), oidc.Expect{AllowAnyNonce: true})
	require.ErrorIs(t, err, oidc.CheckType)
	q, err := newClient(t, app.config).VerifyLogoutToken(t.Context(), form.Get("logout_token"), nil)
	require.NoError(t, err)
	var claims map[string]json.RawMessage
	require.NoError(t, q.Claims(&claims))
	assert.Contains(t, claims, "events")
}

// The state of a logout comes back, and only the browser that began it has it.
func TestLogoutWithState(t *testing.T) {
	t.Parallel()
	k := server(t)
	c, who := k.client(t, "basic"), k.alice(t)
	o := oidc.LogoutOptions{PostLogoutRedirectURI: loggedOut, IDTokenHint: login(t, c, who).IDToken.Raw()}
	pending, err := c.BeginLogout(t.Context(), o)
	require.NoError(t, err)
	other, err := c.BeginLogout(t.Context(), o)
	require.NoError(t, err)
	back := visit(t, who, pending.URL, loggedOut)
	require.ErrorIs(t, c.CompleteLogout(t.Context(), other, back), oauth.CheckState)
	require.ErrorIs(t, k.client(t, "post").CompleteLogout(t.Context(), pending, back), oauth.CheckLogin)
	require.NoError(t, c.CompleteLogout(t.Context(), pending, back))
}
