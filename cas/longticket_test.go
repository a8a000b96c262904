package cas

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// CAS-3: the bound of 512 bytes is for tickets of every kind, and an option moves it: a server that keeps no tickets
// encrypts the login into each one.
func TestCaseCasLongTicket(t *testing.T) {
	t.Parallel()
	const most = 1203
	longest := "ST-" + strings.Repeat("x", most-3)
	tooLong, pastDefault := longest+"x", "ST-"+strings.Repeat("x", 510)
	settings := func(c *Config) {
		c.PgtURL, c.AllowFrontChannelLogout = "https://app.example/pgt", true
		c.ProxyChains = [][]string{{"https://a.example/pgt"}}
	}
	wide, asked := loginClient(t, open+success+shut, settings, func(c *Config) { c.MaxTicket = most })
	usual, none := loginClient(t, open+success+shut, settings)

	for name, use := range map[string]func(c *Client, ticket string) error{
		"login": func(c *Client, ticket string) error {
			login := begin(t, c, AuthorizeOptions{})
			_, err := c.CompleteLogin(t.Context(), login, back(login, "ticket="+ticket))
			return err
		},
		"V2": func(c *Client, ticket string) error {
			_, err := c.ValidateTicketV2(t.Context(), ticket, "")
			return err
		},
		"proxy": func(c *Client, ticket string) error {
			_, err := c.ValidateProxyTicket(t.Context(), ticket, "")
			return err
		},
		"proxy's reply": func(c *Client, ticket string) error {
			_, _, err := c.readProxy(proxyReply(`<cas:proxySuccess><cas:proxyTicket>` + ticket + `</cas:proxyTicket></cas:proxySuccess>`))
			return err
		},
	} {
		require.NoError(t, use(wide, longest), name)
		require.ErrorIs(t, use(wide, tooLong), CheckTicket, name)
		require.ErrorIs(t, use(usual, pastDefault), CheckTicket, name)
	}
	assert.Equal(t, longest, asked.Get("ticket"))
	assert.Empty(t, *none, "nothing was sent")

	_, err := usual.ValidateTicketV2(t.Context(), pastDefault, "")
	require.EqualError(t, err, "cas: refused the ticket (ticket): it is over 512 bytes, see MaxTicket")
	_, err = wide.GetProxyTicket(t.Context(), tooLong, "https://back.example/")
	require.ErrorIs(t, err, CheckTicket)

	deliver := func(c *Client, pgt, iou string) int {
		w := httptest.NewRecorder()
		c.PGTCallback().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/pgt?"+url.Values{"pgtId": {pgt}, "pgtIou": {iou}}.Encode(), nil))
		return w.Code
	}
	assert.Equal(t, http.StatusOK, deliver(wide, longest, longest))
	assert.Equal(t, http.StatusBadRequest, deliver(wide, tooLong, longest))
	assert.Equal(t, http.StatusBadRequest, deliver(wide, longest, tooLong))
	assert.Equal(t, http.StatusBadRequest, deliver(usual, pastDefault, longest))

	notice := func(ticket string) string {
		return slo + `<samlp:SessionIndex>` + ticket + `</samlp:SessionIndex>` + sloEnd
	}
	for _, r := range []func(string) *http.Request{postLogout, func(s string) *http.Request { return getLogout("logoutRequest", deflated(t, s)) }} {
		got, err := wide.ReceiveLogout(t.Context(), r(notice(longest)))
		require.NoError(t, err)
		assert.Equal(t, []string{longest}, got.SessionIndexes)
		_, err = wide.ReceiveLogout(t.Context(), r(notice(tooLong)))
		require.ErrorIs(t, err, CheckSessionIndex)
		_, err = usual.ReceiveLogout(t.Context(), r(notice(pastDefault)))
		require.ErrorIs(t, err, CheckSessionIndex)
	}
	_, err = NewClient(Config{ServerURL: "https://cas.example", MaxTicket: -1})
	require.EqualError(t, err, "cas: MaxTicket is negative")
}
