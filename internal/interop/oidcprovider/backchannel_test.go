//go:build interop

package oidcprovider

import (
	"bytes"
	"crypto/elliptic"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// application is one that the provider tells of logouts.
type application struct {
	*oidc.Client
	config oidc.Config

	mu       sync.Mutex
	requests []*oidc.LogoutRequest
	bodies   []string
}

func newApplication(t *testing.T, p *op, sessions bool) *application {
	t.Helper()
	return newApplicationWith(t, p, oauth.ClientMetadata{BackChannelLogoutSessionRequired: sessions})
}

func newApplicationWith(t *testing.T, p *op, m oauth.ClientMetadata, change ...func(*oidc.Config)) *application {
	t.Helper()
	a := &application{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.told(t, w, r) }))
	t.Cleanup(server.Close)
	m.BackChannelLogoutURI, m.PostLogoutRedirectURIs = server.URL+"/backchannel", []string{p.loggedOut}
	a.config = p.register(t, m, change...)
	a.Client = newClient(t, a.config)
	return a
}

func (a *application) told(t *testing.T, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	assert.NoError(t, err)
	r.Body = io.NopCloser(bytes.NewReader(body))
	q, err := a.ReceiveLogout(r.Context(), r)
	if assert.NoError(t, oidc.AnswerLogout(r.Context(), w, q, err)) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.requests, a.bodies = append(a.requests, q), append(a.bodies, string(body))
	}
}

// notice is the only one that came.
func (a *application) notice(t *testing.T) (*oidc.LogoutRequest, string) {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	require.Len(t, a.requests, 1)
	return a.requests[0], a.bodies[0]
}

// logout ends the user's session at the provider, in the name of c.
func logout(t *testing.T, p *op, c *oidc.Client, who *formlogin.Person, hint string) {
	t.Helper()
	pending, err := c.BeginLogout(t.Context(), oidc.LogoutOptions{PostLogoutRedirectURI: p.loggedOut, IDTokenHint: hint})
	require.NoError(t, err)
	who.Press = "logout"
	back := visit(t, who, pending.URL, p.loggedOut)
	who.Press = ""
	require.NoError(t, c.CompleteLogout(t.Context(), pending, back))
}

// logoutRequest posts a logout token that the provider sent, as whoever got hold of it would.
func logoutRequest(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:7190/backchannel", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func again(t *testing.T, c *oidc.Client, body string) error {
	t.Helper()
	q, err := c.ReceiveLogout(t.Context(), logoutRequest(body))
	return oidc.AnswerLogout(t.Context(), httptest.NewRecorder(), q, err)
}

// Every application where the user has a session is told when it ends at one of them: with a sid, or by subject.
func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	p := provider(t)
	bySession, bySubject, who := newApplication(t, p, true), newApplication(t, p, false), person(t)
	first := oidcLoginAs(t, bySession.Client, who, oidc.AuthorizeOptions{}).IDToken
	second := oidcLoginAs(t, bySubject.Client, who, oidc.AuthorizeOptions{}).IDToken
	elsewhere := oidcLogin(t, bySession.Client, "openid").IDToken // the same user in another browser
	require.NotEmpty(t, first.SessionID)
	require.NotEqual(t, first.SessionID, elsewhere.SessionID)
	logout(t, p, bySubject.Client, who, second.Raw())

	q, body := bySession.notice(t)
	assert.False(t, q.Unsigned)
	assert.Equal(t, []string{first.SessionID}, q.SessionIDs)
	assert.True(t, q.Ends(first))
	assert.False(t, q.Ends(elsewhere))

	require.ErrorIs(t, again(t, bySession.Client, body), oidc.CheckReplay)
	require.NoError(t, again(t, newClient(t, bySession.config), body), "the accepted twin: it came here for the first time")
	require.ErrorIs(t, again(t, newClient(t, bySubject.config), body), oidc.CheckAudience)
	pinned := newClient(t, bySession.config, func(c *oidc.Config) { c.IDTokenSigningAlg = "ES256" })
	require.ErrorIs(t, again(t, pinned, body), oidc.CheckAlgorithm)

	q, _ = bySubject.notice(t)
	assert.Equal(t, "alice", q.Subject)
	assert.Empty(t, q.SessionIDs)
	assert.True(t, q.Ends(second))
}

// Neither token is taken for the other.
func TestLogoutTokenIsNoIDToken(t *testing.T) {
	t.Parallel()
	p := provider(t)
	a, who := newApplication(t, p, true), person(t)
	id := oidcLoginAs(t, a.Client, who, oidc.AuthorizeOptions{}).IDToken
	require.ErrorIs(t, again(t, a.Client, url.Values{"logout_token": {id.Raw()}}.Encode()), oidc.CheckEvents)
	logout(t, p, a.Client, who, "")
	_, body := a.notice(t)
	form, err := url.ParseQuery(body)
	require.NoError(t, err)
	_, err = a.VerifyIDToken(t.Context(), form.Get("logout_token"), oidc.Expect{})
	require.ErrorIs(t, err, oidc.CheckType)
	_, err = a.VerifyLogoutToken(t.Context(), flipped(form.Get("logout_token")), nil)
	require.ErrorIs(t, err, oidc.CheckSignature)
	_, err = newClient(t, a.config).VerifyLogoutToken(t.Context(), form.Get("logout_token"), nil)
	require.NoError(t, err)
}

// Where ID tokens are encrypted, so are logout tokens; the hint of a logout is the signed token that was in the
// encrypted one.
func TestLogoutTokenEncrypted(t *testing.T) {
	t.Parallel()
	p := provider(t)
	key := oidc.DecryptionKey{Private: ecKey(t, elliptic.P256())}
	a := newApplicationWith(t, p, oauth.ClientMetadata{
		JWKS: public(t, key), IDTokenEncryptedResponseAlg: "ECDH-ES", IDTokenEncryptedResponseEnc: "A128GCM",
	}, encrypted("ECDH-ES", "A128GCM", key))
	who := person(t)
	id := oidcLoginAs(t, a.Client, who, oidc.AuthorizeOptions{}).IDToken
	logout(t, p, a.Client, who, id.Raw())
	q, body := a.notice(t)
	assert.True(t, q.Ends(id))
	without := newClient(t, a.config, func(c *oidc.Config) { c.IDTokenEncryptionAlg, c.IDTokenEncryptionEnc, c.DecryptionKeys = "", "", nil })
	require.ErrorIs(t, again(t, without, body), oidc.CheckEncrypted)
}
