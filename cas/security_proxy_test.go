package cas

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func proxied(proxies ...string) string {
	inside := `<cas:user>alice</cas:user><cas:proxies>`
	for _, p := range proxies {
		inside += `<cas:proxy>` + p + `</cas:proxy>`
	}
	return xmlSuccessWith(inside + `</cas:proxies>`)
}

func proxiedJSON(proxies ...string) string {
	return jsonSuccessWith(`"user":"alice","proxies":["` + strings.Join(proxies, `","`) + `"]`)
}

// replying is a client whose server answers everything with reply.
func replying(t *testing.T, reply string, configure ...func(*Config)) (*Client, *httpmock.MockTransport) {
	t.Helper()
	c, mock := newClient(t, configure...)
	mock.RegisterNoResponder(httpmock.NewStringResponder(200, reply))
	return c, mock
}

func TestCAS13ChainsOfProxies(t *testing.T) {
	t.Parallel()
	const a, b, d = "https://a.example/pgt", "https://b.example/pgt", "https://d.example/pgt"
	allow := func(chains ...[]string) func(*Config) {
		return func(c *Config) { c.ProxyChains = chains }
	}
	for name, c := range map[string]struct {
		chains [][]string
		came   []string
		ok     bool
	}{
		"allowed":         {[][]string{{a, b}}, []string{a, b}, true},
		"the second":      {[][]string{{d}, {a, b}}, []string{a, b}, true},
		"none":            {[][]string{{a}}, nil, true},
		"wrong order":     {[][]string{{a, b}}, []string{b, a}, false},
		"shorter":         {[][]string{{a, b}}, []string{a}, false},
		"longer":          {[][]string{{a, b}}, []string{a, b, d}, false},
		"longer in front": {[][]string{{a, b}}, []string{d, a, b}, false},
		"one twice":       {[][]string{{a}}, []string{a, a}, false},
		"two chains":      {[][]string{{a}, {b}}, []string{a, b}, false},
		"a prefix":        {[][]string{{a}}, []string{a + "/"}, false},
		"letters' case":   {[][]string{{a}}, []string{"https://A.example/pgt"}, false},
	} {
		for _, reply := range []string{proxied(c.came...), proxiedJSON(c.came...)} {
			if c.came == nil {
				reply = open + success + shut
			}
			client, _ := replying(t, reply, allow(c.chains...))
			got, err := client.ValidateProxyTicket(t.Context(), "PT-1", testService)
			if !c.ok {
				require.ErrorIs(t, err, CheckProxies, name)
				assert.Nil(t, got)
				assert.NotContains(t, err.Error(), "example", name)
				continue
			}
			require.NoError(t, err, name)
			assert.Equal(t, c.came, got.Success.Proxies, name)
		}
	}
}

func TestCAS13NoChainIsAllowedByDefault(t *testing.T) {
	t.Parallel()
	c, mock := replying(t, proxied("https://a.example/pgt"))
	_, err := c.ValidateProxyTicket(t.Context(), "PT-1", testService)
	require.EqualError(t, err, "cas: ProxyChains is empty: no proxy is allowed")
	assert.Zero(t, mock.GetTotalCallCount())
	c, _ = replying(t, proxied("https://a.example/pgt"), func(c *Config) { c.ProxyChains = [][]string{{"https://a.example/pgt"}} })
	_, err = c.ValidateProxyTicket(t.Context(), "PT-1", testService)
	require.NoError(t, err)
	// The other calls accept no proxy, with any configuration.
	_, err = c.ValidateTicketV2(t.Context(), testTicket, testService)
	require.ErrorIs(t, err, CheckProxies)
	_, err = c.ValidateTicketV3(t.Context(), testTicket, testService)
	require.ErrorIs(t, err, CheckProxies)
}

func TestCAS13ProxyTicketsAreNotSentToServiceValidate(t *testing.T) {
	t.Parallel()
	c, mock := replying(t, open+success+shut, func(c *Config) { c.ProxyChains = [][]string{{"https://a.example/pgt"}} })
	for name, call := range map[string]func(string) error{
		"V1": func(ticket string) error { _, err := c.ValidateTicketV1(t.Context(), ticket, testService); return err },
		"V2": func(ticket string) error { _, err := c.ValidateTicketV2(t.Context(), ticket, testService); return err },
		"V3": func(ticket string) error { _, err := c.ValidateTicketV3(t.Context(), ticket, testService); return err },
	} {
		assert.ErrorIs(t, call("PT-1"), CheckTicket, name)
	}
	assert.Zero(t, mock.GetTotalCallCount())
	for _, ticket := range []string{"PT-1", "ST-1"} {
		_, err := c.ValidateProxyTicket(t.Context(), ticket, testService)
		require.NoError(t, err)
	}
	_, err := c.ValidateProxyTicket(t.Context(), "PGT-1", testService)
	require.ErrorIs(t, err, CheckTicket)
	assert.Equal(t, 2, mock.GetTotalCallCount())
}

func TestValidateProxyTicketAsksByVersion(t *testing.T) {
	t.Parallel()
	for version, path := range map[Version]string{"": "/cas/p3/proxyValidate", V2: "/cas/proxyValidate"} {
		var asked *url.URL
		c, mock := newClient(t, func(c *Config) { c.Version, c.ProxyChains = version, [][]string{{"https://a.example/pgt"}} })
		mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
			asked = r.URL
			return httpmock.NewStringResponse(200, open+failure+shut), nil
		})
		got, err := c.ValidateProxyTicket(t.Context(), "PT-1", testService)
		require.NoError(t, err)
		assert.Equal(t, InvalidTicket, got.Failure.Code)
		assert.Equal(t, path, asked.Path)
		assert.Equal(t, url.Values{"service": {testService}, "ticket": {"PT-1"}}, asked.Query())
	}
}
