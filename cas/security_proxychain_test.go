package cas

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// CAS-13: a prefix and a pattern allow whole chains, too, and no other host.
func TestCAS13ChainsByPrefixAndPattern(t *testing.T) {
	t.Parallel()
	const a, b = "https://a.example/pgt", "https://b.example/pgt"
	prefixes := func(chains ...[]string) func(*Config) { return func(c *Config) { c.ProxyChainPrefixes = chains } }
	patterns := func(chain ...string) func(*Config) {
		return func(c *Config) {
			var all []*regexp.Regexp
			for _, p := range chain {
				all = append(all, regexp.MustCompile(p))
			}
			c.ProxyChainPatterns = [][]*regexp.Regexp{all}
		}
	}
	for name, c := range map[string]struct {
		allow   func(*Config)
		ok, bad [][]string
	}{
		"prefix": {prefixes([]string{"https://a.example/pgt"}), [][]string{{a}, {a + "?instance=1"}},
			[][]string{{b}, {a, a}, {"https://a.example/pg"}, {"https://A.example/pgt"}, {"x" + a}, {"https://b.example/?" + a}}},
		"host":       {prefixes([]string{"https://a.example/"}), [][]string{{a}, {"https://a.example/"}}, [][]string{{"https://a.example.evil.example/"}, {"https://a.example@evil.example/"}, {"https://a.example"}}},
		"two":        {prefixes([]string{"https://a.example/", "https://b.example/"}), [][]string{{a, b}}, [][]string{{a}, {b, a}, {a, b, b}, {b}}},
		"one of two": {prefixes([]string{"https://a.example/"}, []string{"https://b.example/"}), [][]string{{a}, {b}}, [][]string{{a, b}}},
		"steps up":   {prefixes([]string{"https://a.example/app/"}), [][]string{{"https://a.example/app/..pgt"}, {"https://a.example/app/?x=/../"}}, [][]string{{"https://a.example/app/../pgt"}, {"https://a.example/app/%2e%2e/pgt"}, {"https://a.example/app/x/.."}, {"https://a.example/app/%2E%2E%2Fpgt"}, {"https://a.example/app/%zz"}}},
		"servers' steps up": {prefixes([]string{"https://a.example/app/"}), [][]string{{"https://a.example/app/pgt;v=1"}, {"https://a.example/app/%41"}, {"https://a.example/app/?x=%25"}}, [][]string{
			{"https://a.example/app/..;/pgt"}, {"https://a.example/app/..;x=y/pgt"}, {"https://a.example/app/..%3B/pgt"}, {"https://a.example/app/x;v=1/..;v=1"},
			{`https://a.example/app/..\pgt`}, {`https://a.example/app/x\..\pgt`}, {"https://a.example/app/..%5Cpgt"}, {"https://a.example/app/%252e%252e/pgt"}}},
		"pattern's steps up": {patterns(`https://a\.example/app/.*`), [][]string{{"https://a.example/app/..pgt"}}, [][]string{{"https://a.example/app/../pgt"}, {"https://a.example/app/..;/pgt"}, {"https://a.example/app/%2e%2e/pgt"}, {"https://a.example/app/%zz"}}},
		"pattern's host":     {patterns(`https://[^/]*\.example/pgt`), [][]string{{a}}, [][]string{{`https://evil\.example/pgt`}}},
		"pattern":            {patterns(`https://[a-c]\.example/pgt`), [][]string{{a}, {b}}, [][]string{{"https://d.example/pgt"}, {a + "/"}, {"x" + a}, {a, a}, {"https://evil.example/?" + a}}},
		"alternatives":       {patterns(`https://a\.example/(p|pgt)`), [][]string{{a}, {"https://a.example/p"}}, [][]string{{"https://a.example/pg"}}},
		"unanchored":         {patterns(`a\.example`), [][]string{{"a.example"}}, [][]string{{a}}},
		"lines":              {patterns(`(?m)^https://a\.example/.*$`), [][]string{{a}}, [][]string{{a + "\nhttps://evil.example/"}, {"https://evil.example/\n" + a}}},
		"quoted":             {patterns(`\Qhttps://a.example/pgt`), [][]string{{a}}, [][]string{{"https://aXexample/pgt"}, {a + ")"}}},
		"two patterns":       {patterns(`https://a\.example/.*`, `https://b\.example/.*`), [][]string{{a, b}}, [][]string{{a}, {b, a}, {a, b, a}}},
	} {
		for _, chains := range []struct {
			came [][]string
			ok   bool
		}{{c.ok, true}, {c.bad, false}} {
			for _, came := range chains.came {
				client, _ := newClient(t, c.allow)
				err := client.cfg.checkChain(came, true)
				if chains.ok {
					assert.NoError(t, err, "%s: %v", name, came)
				} else {
					assert.ErrorIs(t, err, CheckProxies, "%s: %v", name, came)
				}
				require.ErrorIs(t, client.cfg.checkChain(came, false), CheckProxies, "where no proxy is allowed")
			}
		}
	}
	for _, allow := range []func(*Config){prefixes([]string{"https://a.example/"}), patterns(`https://a\.example/.*`)} {
		client, _ := replying(t, proxied(a), allow)
		got, err := client.ValidateProxyTicket(t.Context(), "PT-1", testService)
		require.NoError(t, err)
		assert.Equal(t, []string{a}, got.Success.Proxies)
		_, err = client.ValidateTicketV3(t.Context(), testTicket, testService)
		require.ErrorIs(t, err, CheckProxies)
		client, _ = replying(t, proxied(b), allow)
		_, err = client.ValidateProxyTicket(t.Context(), "PT-1", testService)
		require.ErrorIs(t, err, CheckProxies)
	}
}

func TestCAS13PrefixesAndPatternsAreChecked(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile("a")
	good := Config{ServerURL: "https://cas.example", ProxyChainPrefixes: [][]string{{"https://a.example/"}, {"http://localhost:8080/a", "https://b.example/x?y="}}, ProxyChainPatterns: [][]*regexp.Regexp{{pattern}}}
	c, err := NewClient(good)
	require.NoError(t, err)
	good.ProxyChainPrefixes[0][0] = "https://evil.example/"
	require.Same(t, pattern, good.ProxyChainPatterns[0][0])
	good.ProxyChainPatterns[0][0] = regexp.MustCompile(".*")
	require.ErrorIs(t, c.cfg.checkChain([]string{"https://evil.example/"}, true), CheckProxies, "a copy")
	for message, bad := range map[string]func(*Config){
		"cas: ProxyChainPrefixes has an empty chain or an empty prefix":                              func(c *Config) { c.ProxyChainPrefixes = [][]string{{}} },
		"cas: ProxyChainPrefixes must reach at least to the slash behind the host":                   func(c *Config) { c.ProxyChainPrefixes = [][]string{{"https://a.example"}} },
		"cas: ProxyChainPrefixes must not have .. or an escaped percent sign or backslash in a path": func(c *Config) { c.ProxyChainPrefixes = [][]string{{"https://a.example/app/../"}} },
		"cas: ProxyChainPatterns has an empty chain or a nil pattern":                                func(c *Config) { c.ProxyChainPatterns = [][]*regexp.Regexp{{nil}} },
		"cas: ProxyChainPatterns has an empty pattern":                                               func(c *Config) { c.ProxyChainPatterns = [][]*regexp.Regexp{{pattern, new(regexp.Regexp)}} },
		"cas: ProxyChains has an empty chain or an empty proxy":                                      func(c *Config) { c.ProxyChains = [][]string{{""}} },
	} {
		cfg := Config{ServerURL: "https://cas.example"}
		bad(&cfg)
		_, err := NewClient(cfg)
		require.EqualError(t, err, message)
	}
	_, err = NewClient(Config{ServerURL: "https://cas.example", ProxyChainPrefixes: [][]string{{"http://a.example/"}}})
	require.ErrorContains(t, err, "ProxyChainPrefixes")
}

// A POSIX pattern keeps its own syntax: ** is an error in the other one.
func TestCAS13APosixPattern(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompilePOSIX(`https://a.example/x**`)
	c, _ := newClient(t, func(c *Config) { c.ProxyChainPatterns = [][]*regexp.Regexp{{pattern}} })
	require.NoError(t, c.cfg.checkChain([]string{"https://a.example/xxx"}, true))
	require.ErrorIs(t, c.cfg.checkChain([]string{"https://a.example/xxy"}, true), CheckProxies)
}
