package cas

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// Format is the form of a validation reply (CAS §2.5.1).
type Format string

const (
	FormatXML  Format = "XML"
	FormatJSON Format = "JSON"
)

func (f Format) check(field string) error {
	switch f {
	case "", FormatXML, FormatJSON:
		return nil
	}
	return fmt.Errorf("cas: %s must be %s or %s", field, FormatXML, FormatJSON)
}

// ValidateOptions are the optional parameters of a validation (CAS §2.4.1, §2.5.1).
type ValidateOptions struct {
	// Format replaces ReplyFormat of Config.
	Format Format
	// Renew accepts only a ticket for which the password was asked. Set it where the login had Renew.
	Renew bool
}

// ValidateTicketV2 asks the server about a service ticket (CAS §2.5). The service is the one that the
// ticket was issued for; empty is the one of Config. A refusal by the server is the Failure in the
// response. A ticket can be asked about once, and it is never asked about twice by itself.
func (c *Client) ValidateTicketV2(ctx context.Context, ticket, service string, opts ...ValidateOptions) (*ServiceResponse, error) {
	return c.validate(ctx, "ServiceValidate", c.cfg.Endpoints.ServiceValidate, ticket, service, opts)
}

// ValidateTicketV3 is ValidateTicketV2 at the endpoint of CAS 3.0, which adds attributes (CAS §2.8).
func (c *Client) ValidateTicketV3(ctx context.Context, ticket, service string, opts ...ValidateOptions) (*ServiceResponse, error) {
	return c.validate(ctx, "P3ServiceValidate", c.cfg.Endpoints.P3ServiceValidate, ticket, service, opts)
}

func (c *Client) validate(ctx context.Context, field, endpoint, ticket, service string, opts []ValidateOptions) (*ServiceResponse, error) {
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("cas: %w", err)
	}
	if o.Format == "" {
		o.Format = c.cfg.ReplyFormat
	}
	reply, err := c.ask(ctx, field, endpoint, ticket, service, o)
	if err != nil {
		return nil, err
	}
	return c.readReply(reply, ticket, o)
}

// ask sends the ticket, once.
func (c *Client) ask(ctx context.Context, field, endpoint, ticket, service string, o ValidateOptions) (*httpcore.Reply, error) {
	if err := needEndpoint(field, endpoint); err != nil {
		return nil, err
	}
	service, err := c.service(service)
	if err != nil {
		return nil, err
	}
	if err := o.Format.check("Format"); err != nil {
		return nil, err
	}
	if err := c.checkTicket(ticket); err != nil {
		return nil, err
	}
	query := url.Values{"service": {service}, "ticket": {ticket}}
	if o.Format != "" {
		query.Set("format", string(o.Format))
	}
	if o.Renew {
		query.Set("renew", "true")
	}
	reply, err := c.http.Do(ctx, &httpcore.Request{
		Method: http.MethodGet, URL: endpoint, Query: query, Accept: "*/*", Secrets: []string{ticket},
	})
	if err != nil {
		return nil, fmt.Errorf("cas: %w", err)
	}
	return reply, nil
}
