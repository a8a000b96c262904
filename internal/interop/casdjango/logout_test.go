//go:build interop

package casdjango

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/interop/formlogin"
)

// received is a logout request as it came.
type received struct {
	uri     string
	request *cas.LogoutRequest
	err     error
}

// listen answers logout requests at a path; the server posts before it answers the browser.
func (s *site) listen(c *cas.Client, path string) <-chan received {
	all := make(chan received, 20)
	s.app.handle("POST "+path, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		request, err := c.ReceiveLogout(r.Context(), r)
		all <- received{r.RequestURI, request, err}
	}))
	return all
}

func (s *site) leave(t *testing.T, c *cas.Client, who *formlogin.Person, service string) *http.Request {
	t.Helper()
	address, err := c.BuildLogoutUrl(t.Context(), cas.LogoutOptions{Service: service})
	require.NoError(t, err)
	return s.visit(t, who, address)
}

func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	s := server(t)
	for _, param := range []cas.LogoutParam{"", cas.LogoutURL} {
		config := s.config()
		config.LogoutParam = param
		config.Service = s.app.plain.URL + "/out" + string(param) + "?next=/a%20b&x=1"
		c, who := newClient(t, config), person(t)
		out := s.listen(c, "/out"+string(param))
		first, callback := s.begin(t, c, who, cas.AuthorizeOptions{})
		user, err := c.CompleteLogin(t.Context(), first, callback)
		require.NoError(t, err)
		want := []string{user.Ticket}
		// One ID in six begins with a digit, so among this many some do.
		for range 15 {
			want = append(want, s.login(t, c, who, cas.AuthorizeOptions{}).Ticket)
		}

		bye := s.app.plain.URL + "/bye?a=1"
		assert.Equal(t, bye, s.leave(t, c, who, bye).URL.String())
		var tickets, uris []string
		for range want {
			one := <-out
			require.NoError(t, one.err)
			tickets = append(tickets, one.request.SessionIndexes...)
			uris = append(uris, s.app.plain.URL+one.uri)
		}
		assert.ElementsMatch(t, want, tickets, "one request for each ticket")
		assert.Contains(t, uris, first.Service, "at the service, byte by byte")
		assert.Empty(t, out)

		_, callback = s.begin(t, c, who, cas.AuthorizeOptions{Gateway: true})
		assert.False(t, callback.URL.Query().Has("ticket"), "the session at the server has ended")
	}
}

// The server also logs out the proxy's callback and the back end, each by its own ticket.
func TestBackChannelLogoutOfProxies(t *testing.T) {
	t.Parallel()
	s := server(t)
	front, _ := s.proxying(t, "/pgt-out", nil)
	who := person(t)
	user := s.login(t, front, who, cas.AuthorizeOptions{})
	service := s.app.plain.URL + "/backend-out"
	backend := s.listen(front, "/backend-out")
	ticket, err := front.GetProxyTicket(t.Context(), user.ProxyGrantingTicket, service)
	require.NoError(t, err)

	s.leave(t, front, who, s.app.plain.URL+"/bye")
	one := <-backend
	require.NoError(t, one.err)
	assert.Equal(t, []string{ticket}, one.request.SessionIndexes)
	_, err = front.GetProxyTicket(t.Context(), user.ProxyGrantingTicket, service)
	require.Error(t, err, "the proxy-granting ticket ended with the session")
	assert.False(t, strings.Contains(err.Error(), user.ProxyGrantingTicket))
}
