package cas

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// checkChain refuses a ticket whose proxies are not an allowed chain (CAS §2.6.2); proxied reports whether the call
// accepts chains.
func (c *Config) checkChain(proxies []string, proxied bool) error {
	switch {
	case len(proxies) == 0:
		return nil
	case !proxied:
		return refuse(CheckProxies, "a proxy presented the ticket, and no proxy is allowed")
	case oneOf(proxies, c.ProxyChains, func(proxy, exact string) bool { return proxy == exact }),
		oneOf(proxies, c.ProxyChainPrefixes, begins),
		oneOf(proxies, c.ProxyChainPatterns, matches):
		return nil
	}
	return refuse(CheckProxies, "the ticket came through %d proxies, which are not a chain of ProxyChains, ProxyChainPrefixes or ProxyChainPatterns", len(proxies))
}

// oneOf reports whether the proxies are one of the chains, each proxy by the rule fits.
func oneOf[E any](proxies []string, chains [][]E, fits func(string, E) bool) bool {
	return slices.ContainsFunc(chains, func(chain []E) bool { return slices.EqualFunc(proxies, chain, fits) })
}

// begins reports whether a proxy begins with a prefix and stays below it.
func begins(proxy, prefix string) bool {
	u, err := url.Parse(proxy)
	return err == nil && strings.HasPrefix(proxy, prefix) && !strings.Contains(u.Path+"/", "/../")
}

// matches reports whether the whole proxy matches a pattern of longest: the longest match at the start is then all of
// it.
func matches(proxy string, pattern *regexp.Regexp) bool {
	at := pattern.FindStringIndex(proxy)
	return at != nil && at[0] == 0 && at[1] == len(proxy)
}

// longest copies the patterns, so that each finds its longest match.
func longest(chains [][]*regexp.Regexp) [][]*regexp.Regexp {
	chains = cloneChains(chains)
	for _, chain := range chains {
		for i, pattern := range chain {
			chain[i] = regexp.MustCompile(pattern.String()) // it compiled before
			chain[i].Longest()
		}
	}
	return chains
}

func cloneChains[E any](chains [][]E) [][]E {
	chains = slices.Clone(chains)
	for i := range chains {
		chains[i] = slices.Clone(chains[i])
	}
	return chains
}

// checkProxies checks the configuration of proxies.
func (c *Config) checkProxies(hc *httpcore.Client) error {
	if c.PGTs != nil && c.PgtURL == "" {
		return errors.New("cas: PGTs needs PgtURL")
	}
	if hasEmpty(c.ProxyChains, "") {
		return errors.New("cas: ProxyChains has an empty chain or an empty proxy")
	}
	if hasEmpty(c.ProxyChainPatterns, nil) {
		return errors.New("cas: ProxyChainPatterns has an empty chain or a nil pattern")
	}
	if hasEmpty(c.ProxyChainPrefixes, "") {
		return errors.New("cas: ProxyChainPrefixes has an empty chain or an empty prefix")
	}
	for _, prefix := range slices.Concat(c.ProxyChainPrefixes...) {
		if err := hc.CheckURL("ProxyChainPrefixes", prefix); err != nil {
			return fmt.Errorf("cas: %w", err)
		}
		// Without the slash it would also be the beginning of another host.
		if u, err := url.Parse(prefix); err != nil || !strings.HasPrefix(u.Path, "/") {
			return errors.New("cas: ProxyChainPrefixes must reach at least to the slash behind the host")
		}
	}
	return nil
}

func hasEmpty[E comparable](chains [][]E, empty E) bool {
	return slices.ContainsFunc(chains, func(chain []E) bool { return len(chain) == 0 || slices.Contains(chain, empty) })
}
