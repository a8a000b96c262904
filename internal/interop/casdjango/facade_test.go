//go:build interop

package casdjango

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

// facade is Authing's client with this server's addresses in place of Authing's, by CAS 2.0 in XML.
func (s *site) facade(t *testing.T, p authentication.CAS) *authentication.Client {
	t.Helper()
	c, err := authentication.NewClient(authentication.Options{
		AppID: "APPID", AppHost: s.app.plain.URL, RedirectURI: s.config().Service, Protocol: p,
		Endpoints: authentication.Endpoints{
			CASLogin: s.base + "/login", CASLogout: s.base + "/logout", CASValidate: s.base + "/validate", CASServiceValidate: s.base + "/serviceValidate",
		},
	})
	require.NoError(t, err)
	return c
}

// facadeBegin begins a login, and returns it after it was stored.
func (s *site) facadeBegin(t *testing.T, flow authentication.LoginFlow, who *formlogin.Person, o authentication.AuthorizeOptions) (*authentication.Login, *http.Request) {
	t.Helper()
	login, err := flow.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	callback := s.visit(t, who, login.URL)
	require.Equal(t, login.Key, flow.LoginKey(callback))
	text, err := json.Marshal(login)
	require.NoError(t, err)
	var stored authentication.Login
	require.NoError(t, json.Unmarshal(text, &stored))
	return &stored, callback
}

func TestFacadeLogin(t *testing.T) {
	t.Parallel()
	s := server(t)
	for name, flow := range map[string]authentication.LoginFlow{
		"CAS":                      s.facade(t, authentication.CAS{}),
		"CAS, of a shared service": s.facade(t, authentication.CAS{AllowSharedService: true}),
		"FromCAS":                  authentication.FromCAS(s.client(t)),
	} {
		login, callback := s.facadeBegin(t, flow, person(t), authentication.AuthorizeOptions{})
		id, err := flow.CompleteLogin(t.Context(), login, callback)
		require.NoError(t, err, name)
		issuer := s.base
		if name != "FromCAS" {
			issuer = s.app.plain.URL + "/cas-idp/APPID"
		}
		assert.Equal(t, "cas "+issuer+" alice", id.Protocol+" "+id.Key(), name)
		assert.Equal(t, callback.URL.Query().Get("ticket"), id.SessionID)
		assert.Equal(t, "alice@example.test", id.Claims["email"], name)
		text, err := json.Marshal(id)
		require.NoError(t, err)
		var back authentication.Identity
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, *id, back)

		_, err = flow.CompleteLogin(t.Context(), login, callback)
		require.ErrorIs(t, err, authentication.ErrDenied, "used")
		require.ErrorIs(t, err, cas.InvalidTicket)
		assert.NotContains(t, err.Error(), id.SessionID)
	}
}

func TestFacadeLoginRefused(t *testing.T) {
	t.Parallel()
	s := server(t)
	for _, flow := range []authentication.LoginFlow{s.facade(t, authentication.CAS{}), authentication.FromCAS(s.client(t))} {
		who := person(t)
		login, callback := s.facadeBegin(t, flow, who, authentication.AuthorizeOptions{Gateway: true})
		_, err := flow.CompleteLogin(t.Context(), login, callback)
		require.ErrorIs(t, err, authentication.ErrDenied)
		require.ErrorIs(t, err, cas.CheckSession)

		login, callback = s.facadeBegin(t, flow, who, authentication.AuthorizeOptions{})
		_, foreign := s.facadeBegin(t, flow, person(t), authentication.AuthorizeOptions{})
		_, err = flow.CompleteLogin(t.Context(), login, foreign)
		require.ErrorIs(t, err, authentication.ErrRefused)
		require.ErrorIs(t, err, cas.CheckKey)

		planted := foreign.Clone(t.Context())
		query := planted.URL.Query()
		query.Set("login", login.Key)
		planted.URL.RawQuery = query.Encode()
		_, err = flow.CompleteLogin(t.Context(), login, planted)
		require.ErrorIs(t, err, authentication.ErrDenied)
		require.ErrorIs(t, err, cas.InvalidService)
		assert.NotContains(t, err.Error(), login.Key, "the server names the service")

		_, err = flow.CompleteLogin(t.Context(), login, callback)
		require.NoError(t, err)
	}
}

// Renew makes the server ask for the password again; a ticket of its single sign-on is refused.
func TestFacadeRenew(t *testing.T) {
	t.Parallel()
	s := server(t)
	c, who := s.facade(t, authentication.CAS{}), person(t)
	s.facadeBegin(t, c, who, authentication.AuthorizeOptions{})
	login, callback := s.facadeBegin(t, c, who, authentication.AuthorizeOptions{Renew: true})
	_, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)

	login, err = c.BeginLogin(t.Context(), authentication.AuthorizeOptions{Renew: true})
	require.NoError(t, err)
	var begun cas.Login
	require.NoError(t, json.Unmarshal(login.Data, &begun))
	address, err := c.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{RedirectURI: begun.Service}) // without renew
	require.NoError(t, err)
	_, err = c.CompleteLogin(t.Context(), login, s.visit(t, who, address))
	require.ErrorIs(t, err, authentication.ErrDenied)
	require.ErrorIs(t, err, cas.InvalidTicket)
}
