package cas

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzCallback: a callback is refused for a typed reason, or has the key and the ticket exactly once as net/url
// reads them; and a service keeps every byte when the key is appended.
func FuzzCallback(f *testing.F) {
	const key = "OX4JW6XNHTWZVXB6SWQDXP6PPE"
	for _, s := range []string{
		"login=" + key + "&ticket=" + testTicket, "a=b&ticket=" + testTicket + "&c=d&login=" + key, "login=" + key,
		"login=" + key + "&ticket=ST-1&ticket=ST-2", "login=&ticket=ST-1", "log%69n=" + key + "&%74icket=ST-1&%zz", "ticket=ST-1;login=" + key, "a=%zz&login=+",
	} {
		f.Add(s, "https://app.example/callback?"+s)
		f.Add(s, "https://app.example/a b%2f?next=/c d")
	}
	f.Fuzz(func(t *testing.T, query, service string) {
		login := &Login{Key: key, Service: testService}
		r := &http.Request{Method: http.MethodGet, URL: &url.URL{RawQuery: query}}
		ticket, err := readCallback(t.Context(), login, r)
		if err != nil {
			var typed *TicketError
			require.ErrorAs(t, err, &typed)
			require.Empty(t, ticket)
		} else {
			require.Equal(t, key, LoginKey(r))
			if read, err := url.ParseQuery(query); err == nil {
				require.Equal(t, []string{key}, read["login"])
				require.Equal(t, []string{ticket}, read["ticket"])
			}
		}
		kept, err := loginService(service, key)
		if err != nil {
			require.Empty(t, kept)
			return
		}
		require.True(t, strings.HasPrefix(kept, service))
		u, err := url.Parse(kept)
		require.NoError(t, err)
		require.Equal(t, key, LoginKey(&http.Request{URL: u}))
		// The server appends the ticket.
		got, err := readCallback(t.Context(), login, &http.Request{URL: &url.URL{RawQuery: u.RawQuery + "&ticket=ST-1"}})
		require.NoError(t, err)
		require.Equal(t, "ST-1", got)
	})
}
