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
func begins(proxy, prefix string) bool { return strings.HasPrefix(proxy, prefix) && stays(proxy) }

// matches reports whether the whole proxy matches a pattern of longest: the longest match at the start is then all of
// it.
func matches(proxy string, pattern *regexp.Regexp) bool {
	at := pattern.FindStringIndex(proxy)
	return at != nil && at[0] == 0 && at[1] == len(proxy) && stays(proxy)
}

// stays reports whether no server reads a step up (..) in the path of an address, which would lead to another
// application. Some servers read a backslash as a slash, some ignore what follows a semicolon, and some decode twice.
func stays(address string) bool {
	u, err := url.Parse(address)
	if err != nil || strings.ContainsAny(u.Path, `\%`) {
		return false
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if name, _, _ := strings.Cut(segment, ";"); name == ".." {
			return false
		}
	}
	return true
}

// longest copies the patterns, so that each finds its longest match.
func longest(chains [][]*regexp.Regexp) [][]*regexp.Regexp {
	chains = cloneChains(chains)
	for _, chain := range chains {
		for i, pattern := range chain {
			longest := *pattern
			longest.Longest()
			chain[i] = &longest
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
	for _, pattern := range slices.Concat(c.ProxyChainPatterns...) {
		if pattern.String() == "" {
			return errors.New("cas: ProxyChainPatterns has an empty pattern")
		}
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
		if !stays(prefix) {
			return errors.New("cas: ProxyChainPrefixes must not have .. or an escaped percent sign or backslash in a path")
		}
	}
	return nil
}

func hasEmpty[E comparable](chains [][]E, empty E) bool {
	return slices.ContainsFunc(chains, func(chain []E) bool { return len(chain) == 0 || slices.Contains(chain, empty) })
}
