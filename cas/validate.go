package cas

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// Format is the format of a validation reply (CAS §2.5.1).
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
	// Format replaces Config.ReplyFormat.
	Format Format
	// Renew accepts only a ticket for which the user authenticated. Set it when the login had Renew.
	Renew bool

	key     string // of the login: it is in the service, which the server may quote
	proxied bool   // the chains of proxies in Config are accepted
}

// ValidateTicketV2 asks the server about a service ticket (CAS §2.5). service is the one that the ticket was issued
// for; empty means Config.Service. The server's refusal is the Failure in the response. A ticket can be validated
// once, and the request is never repeated automatically.
func (c *Client) ValidateTicketV2(ctx context.Context, ticket, service string, opts ...ValidateOptions) (*ServiceResponse, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	return c.validateService(ctx, endpoint{"ServiceValidate", c.cfg.Endpoints.ServiceValidate}, ticket, service, opts)
}

// ValidateTicketV3 is ValidateTicketV2 at the endpoint of CAS 3.0, which adds attributes (CAS §2.8).
func (c *Client) ValidateTicketV3(ctx context.Context, ticket, service string, opts ...ValidateOptions) (*ServiceResponse, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	return c.validateService(ctx, endpoint{"P3ServiceValidate", c.cfg.Endpoints.P3ServiceValidate}, ticket, service, opts)
}

func (c *Client) validateService(ctx context.Context, at endpoint, ticket, service string, opts []ValidateOptions) (*ServiceResponse, error) {
	if err := c.cfg.checkTicket(ticket, c.cfg.TicketPrefixes); err != nil {
		return nil, err
	}
	return c.validate(ctx, at, ticket, service, opts, false)
}

// validate asks about a checked ticket, which may have come through proxies.
func (c *Client) validate(ctx context.Context, at endpoint, ticket, service string, opts []ValidateOptions, proxied bool) (*ServiceResponse, error) {
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("cas: %w", err)
	}
	o.proxied = proxied
	if o.Format == "" {
		o.Format = c.cfg.ReplyFormat
	}
	if err := o.Format.check("Format"); err != nil {
		return nil, err
	}
	query := url.Values{}
	if o.Format != "" {
		query.Set("format", string(o.Format))
	}
	if c.cfg.PgtURL != "" {
		query.Set("pgtUrl", c.cfg.PgtURL)
	}
	reply, err := c.ask(ctx, at, ticket, service, o, query)
	if err != nil {
		return nil, err
	}
	response, err := c.readReply(reply, ticket, o)
	if err != nil || response.Success == nil {
		return response, err
	}
	response.Success.Ticket = ticket
	if err := c.takePGT(ctx, response.Success); err != nil {
		return nil, err
	}
	return response, nil
}

// ask sends the ticket, once.
func (c *Client) ask(ctx context.Context, at endpoint, ticket, service string, o ValidateOptions, query url.Values) (*httpcore.Reply, error) {
	if err := at.need(); err != nil {
		return nil, err
	}
	service, err := c.service(service)
	if err != nil {
		return nil, err
	}
	query.Set("service", service)
	query.Set("ticket", ticket)
	if o.Renew {
		query.Set("renew", "true")
	}
	return c.get(ctx, at, query, ticket, o.key)
}

// get makes a call with a ticket: it is sent once, and the secrets are removed from errors. Some servers label every
// reply text/html; an HTML page is refused for its syntax (CAS §2.5.2).
func (c *Client) get(ctx context.Context, at endpoint, query url.Values, secrets ...string) (*httpcore.Reply, error) {
	reply, err := c.http.Do(ctx, &httpcore.Request{
		Method: http.MethodGet, URL: at.url, Query: query, Accept: "*/*", Secrets: secrets, Once: true, AllowHTML: true,
	})
	if err != nil {
		return nil, fmt.Errorf("cas: %w", err)
	}
	return reply, nil
}
