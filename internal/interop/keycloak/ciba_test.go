//go:build interop

package keycloak

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// question is what Keycloak asks its authentication channel.
type question struct {
	LoginHint      string `json:"login_hint"`
	BindingMessage string `json:"binding_message"`
	bearer         string
}

// channel is the authentication channel of the server: the user's own device. It is at the one address that the server
// knows, so one test at a time has it.
func channel(t *testing.T) <-chan question {
	t.Helper()
	facts, err := interop.Facts("keycloak")
	require.NoError(t, err)
	address, err := url.Parse(facts["CIBA_CHANNEL"])
	require.NoError(t, err)
	listener, err := net.Listen("tcp", address.Host)
	require.NoError(t, err)
	questions := make(chan question, 1)
	device := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := question{bearer: r.Header.Get("Authorization")}
		_ = json.NewDecoder(r.Body).Decode(&q)
		questions <- q
		w.WriteHeader(http.StatusCreated)
	})}}
	device.Start()
	t.Cleanup(device.Close)
	return questions
}

// decide answers as the user's device: SUCCEED, UNAUTHORIZED or CANCELLED.
func (k *keycloak) decide(t *testing.T, q question, status string) {
	t.Helper()
	body, err := json.Marshal(map[string]string{"status": status})
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, k.base+"/realms/interop/protocol/openid-connect/ext/ciba/auth/callback", bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Authorization", q.bearer)
	r.Header.Set("Content-Type", "application/json")
	res, err := k.http.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
}

func TestCIBA(t *testing.T) {
	k := server(t)
	questions := channel(t)
	c := k.client(t, "ciba")

	login, err := c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{Scope: "openid email", LoginHint: "alice", BindingMessage: "W4SCT"})
	require.NoError(t, err)
	q := <-questions
	assert.Equal(t, []string{"alice", "W4SCT"}, []string{q.LoginHint, q.BindingMessage})
	k.decide(t, q, "SUCCEED")
	result, err := c.CompleteCIBALogin(t.Context(), login)
	require.NoError(t, err)
	assert.Equal(t, "alice@example.org", result.IDToken.Email)
	_, err = c.CompleteCIBALogin(t.Context(), login)
	require.ErrorIs(t, err, oauth.InvalidGrant, "a login is for one use")

	login, err = c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice"})
	require.NoError(t, err)
	k.decide(t, <-questions, "CANCELLED")
	_, err = c.CompleteCIBALogin(t.Context(), login)
	require.ErrorIs(t, err, oauth.AccessDenied)

	_, err = c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "nobody"})
	require.ErrorIs(t, err, oauth.InvalidRequest, "this server's code for unknown_user_id")
	_, err = k.client(t, "basic").BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice"})
	require.ErrorIs(t, err, oauth.InvalidGrant, "this client may not: the server's code for unauthorized_client")

	k.ping(t, questions)
}

// ping is a login of a client that is registered for the ping mode.
func (k *keycloak) ping(t *testing.T, questions <-chan question) {
	t.Helper()
	var login *oauth.CIBALogin
	due := make(chan *oauth.CIBALogin, 1)
	application := httptest.NewServer(oauth.CIBAPingHandler(
		func(_ context.Context, id string) (*oauth.CIBALogin, error) {
			if login.AuthReqID != id {
				return nil, nil
			}
			return login, nil
		},
		func(_ context.Context, l *oauth.CIBALogin) error { due <- l; return nil },
	))
	t.Cleanup(application.Close)
	id := "ciba-ping-" + t.Name() + application.Listener.Addr().String()[len("127.0.0.1:"):]
	k.call(t, "/interop/clients", map[string]any{
		"clientId": id, "protocol": "openid-connect", "publicClient": false, "secret": id + k.secret, "standardFlowEnabled": false,
		"attributes": map[string]string{
			"oidc.ciba.grant.enabled": "true", "ciba.backchannel.token.delivery.mode": "ping", "ciba.backchannel.client.notification.endpoint": application.URL,
		},
	})
	c := k.client(t, id)
	var err error
	login, err = c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice", Ping: true})
	require.NoError(t, err)
	k.decide(t, <-questions, "SUCCEED")
	result, err := c.CompleteCIBALogin(t.Context(), <-due)
	require.NoError(t, err)
	assert.NotEmpty(t, result.IDToken.Subject)
}
