package cas

import (
	"context"
	"errors"
)

// ValidateProxyTicket asks the server about a ticket that came from another service on behalf of a user, or from the
// user's browser (CAS §2.6, §2.9). It accepts a proxy ticket only when its whole chain of proxies is in ProxyChains,
// ProxyChainPrefixes or ProxyChainPatterns, and any service ticket, which has no proxies. service is the one that the
// ticket was issued for; empty means Config.Service. The server's refusal is the Failure in the response.
func (c *Client) ValidateProxyTicket(ctx context.Context, ticket, service string, opts ...ValidateOptions) (*ServiceResponse, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if len(c.cfg.ProxyChains)+len(c.cfg.ProxyChainPrefixes)+len(c.cfg.ProxyChainPatterns) == 0 {
		return nil, errors.New("cas: ProxyChains is empty: no proxy is allowed")
	}
	if err := c.cfg.checkTicket(ticket, append([]string{"PT-"}, c.cfg.TicketPrefixes...)); err != nil {
		return nil, err
	}
	return c.validate(ctx, c.proxyValidate(), ticket, service, opts, true)
}
