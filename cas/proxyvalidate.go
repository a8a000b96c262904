package cas

import (
	"context"
	"errors"
	"slices"
)

// ValidateProxyTicket asks the server about a ticket that another service brought on behalf of a user, or a
// user himself (CAS §2.6, §2.9). It accepts only chains of proxies that are in ProxyChains, whole and in
// their order, and a service ticket, which has none. The service is the one that the ticket was issued
// for; empty is the one of Config. A refusal by the server is the Failure in the response.
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
	return refuse(CheckProxies, "the ticket came by way of %d proxies that are no chain of ProxyChains", len(proxies))
}

// checkProxies looks at what a configuration says about proxies.
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
