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
)

func TestFacadeLogout(t *testing.T) {
	t.Parallel()
	s := server(t)
	config := s.config()
	config.Service = s.app.plain.URL + "/facade-out"
	ofCAS := s.facade(t, authentication.CAS{})
	for path, flow := range map[string]interface {
		authentication.LoginFlow
		authentication.LogoutFlow
	}{
		"/callback": ofCAS,
		"/facade-out": authentication.FromCAS(newClient(t, config)).(interface {
			authentication.LoginFlow
			authentication.LogoutFlow
		}),
	} {
		type received struct {
			notice *authentication.LogoutNotice
			err    error
		}
		out := make(chan received, 2)
		s.app.handle("POST "+path, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			notice, err := flow.ReceiveLogout(r.Context(), r)
			out <- received{notice, err}
		}))
		who := person(t)
		login, callback := s.facadeBegin(t, flow, who, authentication.AuthorizeOptions{})
		id, err := flow.CompleteLogin(t.Context(), login, callback)
		require.NoError(t, err)

		bye := s.app.plain.URL + "/bye"
		logout, err := flow.BeginLogout(t.Context(), id, authentication.LogoutOptions{RedirectURI: bye})
		require.NoError(t, err)
		back := s.visit(t, who, logout.URL)
		assert.Equal(t, bye, back.URL.String())
		require.NoError(t, flow.CompleteLogout(t.Context(), logout, back))

		told := <-out // the server posts before it answers the browser
		require.NoError(t, told.err)
		assert.Equal(t, &authentication.LogoutNotice{Protocol: id.Protocol, Issuer: id.Issuer, SessionIDs: []string{id.SessionID}, BackChannel: true, Unsigned: true}, told.notice)
		assert.Empty(t, out)
	}
}

// Authing's two calls about tickets, at another server.
func TestFacadeTickets(t *testing.T) {
	t.Parallel()
	s := server(t)
	c, service := s.facade(t, authentication.CAS{}), s.config().Service
	ticket := s.ticket(t, s.client(t), person(t), service)
	v1, err := c.ValidateTicketV1(t.Context(), ticket, service)
	require.NoError(t, err)
	assert.Equal(t, authentication.TicketV1{Valid: true, User: "alice"}, *v1)
	v1, err = c.ValidateTicketV1(t.Context(), ticket, service)
	require.NoError(t, err)
	text, err := json.Marshal(v1)
	require.NoError(t, err)
	assert.Equal(t, `{"valid":false,"message":"ticket illegal"}`, string(text))

	v2, err := c.ValidateTicketV2(t.Context(), s.ticket(t, s.client(t), person(t), service), service)
	require.NoError(t, err)
	require.NotNil(t, v2.Success)
	assert.Equal(t, "alice", v2.Success.User)
	v2, err = c.ValidateTicketV2(t.Context(), ticket, service, cas.ValidateOptions{Format: cas.FormatXML})
	require.NoError(t, err)
	assert.ErrorIs(t, v2.Failure, cas.InvalidTicket)
}
