//go:build interop

package casdjango

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

// proxying is a client whose PGT callback listens over https.
func (s *site) proxying(t *testing.T, path string, change func(*cas.Config)) (*cas.Client, string) {
	t.Helper()
	config := s.config()
	config.PgtURL = s.app.secure.URL + path
	if change != nil {
		change(&config)
	}
	c := newClient(t, config)
	s.app.handle(path, c.PGTCallback())
	return c, config.PgtURL
}

// backend is a client of a service that only accepts tickets through these chains.
func (s *site) backend(t *testing.T, chains ...[]string) *cas.Client {
	t.Helper()
	config := s.config()
	config.Service = s.app.plain.URL + "/backend?b=1&a=2"
	config.ProxyChains = chains
	return newClient(t, config)
}

func TestProxyTicket(t *testing.T) {
	t.Parallel()
	s := server(t)
	for _, version := range []cas.Version{cas.V2, cas.V3} {
		front, pgtURL := s.proxying(t, "/pgt-"+string(version), func(config *cas.Config) { config.Version = version })
		user := s.login(t, front, person(t), cas.AuthorizeOptions{})
		require.NotEmpty(t, user.ProxyGrantingTicket)
		assert.Contains(t, s.app.calls(), "GET /pgt-"+string(version))

		service := s.app.plain.URL + "/backend?b=1&a=2"
		ticket := func() string {
			ticket, err := front.GetProxyTicket(t.Context(), user.ProxyGrantingTicket, service)
			require.NoError(t, err)
			return ticket
		}
		back, strict := s.backend(t, []string{pgtURL}), s.backend(t, []string{pgtURL + "2"})
		used := ticket()
		got, err := back.ValidateProxyTicket(t.Context(), used, "")
		require.NoError(t, err)
		require.NotNil(t, got.Success)
		assert.Equal(t, "alice", got.Success.User)
		assert.Equal(t, []string{pgtURL}, got.Success.Proxies)
		got, err = back.ValidateProxyTicket(t.Context(), used, "")
		require.NoError(t, err)
		assert.ErrorIs(t, got.Failure, cas.InvalidTicket, "used")

		_, err = strict.ValidateProxyTicket(t.Context(), ticket(), "")
		require.ErrorIs(t, err, cas.CheckProxies)
		got, err = back.ValidateProxyTicket(t.Context(), ticket(), service+"&c=3")
		require.NoError(t, err)
		assert.ErrorIs(t, got.Failure, cas.InvalidService)
		got, err = back.ValidateProxyTicket(t.Context(), s.ticket(t, back, person(t), ""), "")
		require.NoError(t, err)
		assert.Equal(t, "alice", got.Success.User, "a service ticket is accepted too")
	}
}

// Each proxied call passes the user on: browser -> front -> middle -> back end.
func TestProxyChain(t *testing.T) {
	t.Parallel()
	s := server(t)
	front, first := s.proxying(t, "/first", nil)
	middleService := s.app.plain.URL + "/middle"
	middle, second := s.proxying(t, "/second", func(config *cas.Config) {
		config.Service, config.ProxyChains = middleService, [][]string{{first}}
	})
	user := s.login(t, front, person(t), cas.AuthorizeOptions{})
	toMiddle, err := front.GetProxyTicket(t.Context(), user.ProxyGrantingTicket, middleService)
	require.NoError(t, err)
	got, err := middle.ValidateProxyTicket(t.Context(), toMiddle, "")
	require.NoError(t, err)
	require.NotNil(t, got.Success)
	require.NotEmpty(t, got.Success.ProxyGrantingTicket)

	toBack := func() string {
		ticket, err := middle.GetProxyTicket(t.Context(), got.Success.ProxyGrantingTicket, s.app.plain.URL+"/backend?b=1&a=2")
		require.NoError(t, err)
		return ticket
	}
	// This server names only the last proxy of a chain (CAS §2.6.2 requires all), so that is the chain to allow.
	last, err := s.backend(t, []string{second}).ValidateProxyTicket(t.Context(), toBack(), "")
	require.NoError(t, err)
	assert.Equal(t, "alice", last.Success.User)
	assert.Equal(t, []string{second}, last.Success.Proxies)
	for _, other := range [][]string{{first}, {second, first}, {first, second}} {
		_, err = s.backend(t, other).ValidateProxyTicket(t.Context(), toBack(), "")
		require.ErrorIs(t, err, cas.CheckProxies)
	}
}

func TestProxyTicketIsNoServiceTicket(t *testing.T) {
	t.Parallel()
	s := server(t)
	front, pgtURL := s.proxying(t, "/pgt", nil)
	user := s.login(t, front, person(t), cas.AuthorizeOptions{})
	service := s.app.plain.URL + "/backend?b=1&a=2"
	config := s.config()
	config.TicketPrefixes = []string{"ST-", "PT-"} // otherwise it would not be sent
	lax := newClient(t, config)
	for _, validate := range versions(lax) {
		ticket, err := front.GetProxyTicket(t.Context(), user.ProxyGrantingTicket, service)
		require.NoError(t, err)
		got, err := validate(t.Context(), ticket, service)
		require.NoError(t, err)
		assert.ErrorIs(t, got.Failure, cas.InvalidTicket)
		// In CAS 1.0 this server fails on a ticket of another kind.
		_, err = lax.ValidateTicketV1(t.Context(), ticket, service)
		var stumbled *cas.Failure
		require.ErrorAs(t, err, &stumbled)
		assert.Equal(t, http.StatusInternalServerError, stumbled.StatusCode)
		_, err = front.ValidateTicketV2(t.Context(), ticket, service)
		require.ErrorIs(t, err, cas.CheckTicket)
		got, err = s.backend(t, []string{pgtURL}).ValidateProxyTicket(t.Context(), ticket, service)
		require.NoError(t, err)
		assert.Equal(t, "alice", got.Success.User, "nothing of this used it up")
	}
}

func TestProxyTicketRefused(t *testing.T) {
	t.Parallel()
	s := server(t)
	front, _ := s.proxying(t, "/pgt", nil)
	user := s.login(t, front, person(t), cas.AuthorizeOptions{})
	_, err := front.GetProxyTicket(t.Context(), user.ProxyGrantingTicket, s.app.plain.URL+"/backend")
	require.NoError(t, err)

	const unknown = "PGT-nobody-knows-it"
	_, err = front.GetProxyTicket(t.Context(), unknown, s.app.plain.URL+"/backend")
	// This server answers /proxy with authenticationFailure, as in all calls, and repeats the ticket.
	var refused *cas.Failure
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, cas.InvalidTicket, refused.Code)
	assert.NotContains(t, err.Error(), unknown)
	_, err = front.GetProxyTicket(t.Context(), user.ProxyGrantingTicket, s.app.plain.URL+"/no-attributes")
	require.ErrorAs(t, err, &refused, "a service that accepts no proxies")
	assert.Equal(t, cas.FailureCode("UNAUTHORIZED_SERVICE"), refused.Code)
}

// A callback that the server does not trust, or cannot reach, ends the validation.
func TestProxyCallbackRefused(t *testing.T) {
	t.Parallel()
	s := server(t)
	stranger := httptest.NewUnstartedServer(s.app) // under a certificate of its own
	stranger.Config.ErrorLog = log.New(io.Discard, "", 0)
	stranger.StartTLS()
	t.Cleanup(stranger.Close)
	for i, base := range []string{s.app.secure.URL, s.app.plain.URL, stranger.URL, "https://127.0.0.1:1"} {
		good := i < 2
		config := s.config()
		config.PgtURL = base + "/pgt-refused/" + strconv.Itoa(i)
		c := newClient(t, config)
		if good {
			s.app.handle("/pgt-refused/"+strconv.Itoa(i), c.PGTCallback())
		}
		login, callback := s.begin(t, c, person(t), cas.AuthorizeOptions{})
		got, err := c.CompleteLogin(t.Context(), login, callback)
		if good {
			require.NoError(t, err)
			assert.NotEmpty(t, got.ProxyGrantingTicket)
			continue
		}
		assert.Nil(t, got)
		require.ErrorIs(t, err, cas.InvalidProxyCallback)
		// The server's error contains the address that it called, with a valid proxy-granting ticket.
		assert.NotRegexp(t, `PGT(IOU)?-\w{10}`, err.Error())
	}
}
