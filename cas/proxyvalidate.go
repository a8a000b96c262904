package cas

import (
	"context"
	"errors"
	"slices"
)

// ValidateProxyTicket asks the server about a ticket that came from another service on behalf of a user, or from the
// user's browser (CAS §2.6, §2.9). It accepts a proxy ticket only when its whole chain of proxies is in ProxyChains,
// and any service ticket, which has no proxies. service is the one that the ticket was issued for; empty means
// Config.Service. The server's refusal is the Failure in the response.
func (c *Client) ValidateProxyTicket(ctx context.Context, ticket, service string, opts ...ValidateOptions) (*ServiceResponse, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if len(c.cfg.ProxyChains) == 0 {
		return nil, errors.New("cas: ProxyChains is empty: no proxy is allowed")
	}
	if err := checkTicket(ticket, append([]string{"PT-"}, c.cfg.TicketPrefixes...)); err != nil {
		return nil, err
	}
	return c.validate(ctx, c.proxyValidate(), ticket, service, opts, c.cfg.ProxyChains...)
}

func checkChain(proxies []string, chains [][]string) error {
	if len(proxies) == 0 {
		return nil
	}
	for _, chain := range chains {
		if slices.Equal(proxies, chain) {
			return nil
		}
	}
	if len(chains) == 0 {
		return refuse(CheckProxies, "a proxy presented the ticket, and no proxy is allowed")
	}
	return refuse(CheckProxies, "the ticket came through %d proxies, which are not a chain of ProxyChains", len(proxies))
}

// checkProxies checks the configuration of proxies.
func (c *Config) checkProxies() error {
	if c.PGTs != nil && c.PgtURL == "" {
		return errors.New("cas: PGTs needs PgtURL")
	}
	for _, chain := range c.ProxyChains {
		if len(chain) == 0 || slices.Contains(chain, "") {
			return errors.New("cas: ProxyChains has an empty chain or an empty proxy")
		}
	}
	return nil
}
