//go:build interop

package casdjango

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

func (s *site) begin(t *testing.T, c *cas.Client, who *formlogin.Person, o cas.AuthorizeOptions) (*cas.Login, *http.Request) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	return login, s.visit(t, who, login.URL)
}

func (s *site) login(t *testing.T, c *cas.Client, who *formlogin.Person, o cas.AuthorizeOptions) *cas.Success {
	t.Helper()
	login, callback := s.begin(t, c, who, o)
	got, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	return got
}

func TestLogin(t *testing.T) {
	t.Parallel()
	s := server(t)
	for _, version := range []cas.Version{"", cas.V2, cas.V3} {
		for _, shared := range []bool{false, true} {
			config := s.config()
			config.Version, config.AllowSharedService = version, shared
			c := newClient(t, config)
			login, callback := s.begin(t, c, person(t), cas.AuthorizeOptions{})
			assert.Equal(t, shared, login.Service == config.Service)
			assert.Equal(t, login.Key, cas.LoginKey(callback))
			// The server sorts the query, so the ticket is in the middle.
			assert.False(t, strings.HasPrefix(callback.URL.String(), config.Service))
			got, err := c.CompleteLogin(t.Context(), login, callback)
			require.NoError(t, err)
			assert.Equal(t, "alice "+callback.URL.Query().Get("ticket"), got.User+" "+got.Ticket)
			assert.True(t, got.IsFromNewLogin)
			_, err = c.CompleteLogin(t.Context(), login, callback)
			require.ErrorIs(t, err, cas.InvalidTicket, "used")
		}
	}
}

// A Login can be stored until the browser comes back.
func TestLoginStored(t *testing.T) {
	t.Parallel()
	s := server(t)
	login, callback := s.begin(t, s.client(t), person(t), cas.AuthorizeOptions{})
	stored, err := json.Marshal(login)
	require.NoError(t, err)
	var read cas.Login
	require.NoError(t, json.Unmarshal(stored, &read))
	_, err = s.client(t).CompleteLogin(t.Context(), &read, callback) // by another process
	require.NoError(t, err)
}

// An attacker's ticket, or whole callback, in a browser that began its own login.
func TestLoginOfAnother(t *testing.T) {
	t.Parallel()
	s := server(t)
	c := s.client(t)
	victim, callback := s.begin(t, c, person(t), cas.AuthorizeOptions{})
	_, foreign := s.begin(t, c, person(t), cas.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), victim, foreign)
	require.ErrorIs(t, err, cas.CheckKey)

	planted := foreign.Clone(t.Context())
	query := planted.URL.Query()
	query.Set("login", victim.Key)
	planted.URL.RawQuery = query.Encode()
	_, err = c.CompleteLogin(t.Context(), victim, planted)
	require.ErrorIs(t, err, cas.InvalidService, "the ticket is bound to the service, and the key is in it")

	_, err = c.CompleteLogin(t.Context(), victim, callback)
	require.NoError(t, err)
}

func TestLoginRenew(t *testing.T) {
	t.Parallel()
	s := server(t)
	c, who := s.client(t), person(t)
	s.login(t, c, who, cas.AuthorizeOptions{})
	assert.False(t, s.login(t, c, who, cas.AuthorizeOptions{}).IsFromNewLogin)
	assert.True(t, s.login(t, c, who, cas.AuthorizeOptions{Renew: true}).IsFromNewLogin)

	login, callback := s.begin(t, c, who, cas.AuthorizeOptions{})
	login.Renew = true // the browser dropped renew on its way to the server
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, cas.InvalidTicket)
}

func TestLoginGateway(t *testing.T) {
	t.Parallel()
	s := server(t)
	c, who := s.client(t), person(t)
	login, callback := s.begin(t, c, who, cas.AuthorizeOptions{Gateway: true})
	assert.False(t, callback.URL.Query().Has("ticket"))
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, cas.CheckSession)

	s.login(t, c, who, cas.AuthorizeOptions{})
	assert.Equal(t, "alice", s.login(t, c, who, cas.AuthorizeOptions{Gateway: true}).User)
}

func TestLoginOverTLS(t *testing.T) {
	t.Parallel()
	s := server(t)
	config := s.config()
	config.ServerURL, config.HTTPClient = s.tlsBase, &http.Client{Transport: s.trust}
	who, err := formlogin.New("bob", "builder", s.trust)
	require.NoError(t, err)
	assert.Equal(t, "bob", s.login(t, newClient(t, config), who, cas.AuthorizeOptions{}).User)
}

func TestLoginWithAWrongPassword(t *testing.T) {
	t.Parallel()
	s := server(t)
	who, err := formlogin.New("alice", "wrong", nil)
	require.NoError(t, err)
	login, err := s.client(t).BeginLogin(t.Context(), cas.AuthorizeOptions{})
	require.NoError(t, err)
	_, err = who.Visit(t.Context(), login.URL, s.app.plain.URL)
	require.Error(t, err, "the form comes back for ever")
}
