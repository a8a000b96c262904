package authentication

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

// TicketV1 is the answer about a CAS 1.0 ticket. It is marshalled as Authing's page prints it.
type TicketV1 struct {
	// Valid tells whether the ticket was good.
	Valid bool `json:"valid"`
	// User is the user's name, empty when the ticket is not valid.
	User string `json:"-"`
	// Message says why not, empty when the ticket is valid.
	Message string `json:"message,omitempty"`
}

// ValidateTicketV1 asks about a CAS 1.0 ticket (CAS §2.4), whatever the protocol of the client. The
// service is the one that the ticket was issued for. A ticket that is not valid is an answer, no error.
func (c *Client) ValidateTicketV1(ctx context.Context, ticket, service string) (*TicketV1, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := needApp(c.options.AppID); err != nil {
		return nil, err
	}
	answer, err := c.tickets.ValidateTicketV1(ctx, ticket, service)
	if err != nil {
		return nil, err
	}
	if !answer.Valid {
		return &TicketV1{Message: "ticket illegal"}, nil
	}
	return &TicketV1{Valid: true, User: answer.User}, nil
}

// ValidateTicketV2 asks about a CAS 2.0 ticket (CAS §2.5), whatever the protocol of the client. The reply
// is asked for in JSON unless opts name XML. A refusal is the response's Failure, no error.
func (c *Client) ValidateTicketV2(ctx context.Context, ticket, service string, opts ...cas.ValidateOptions) (*cas.ServiceResponse, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := needApp(c.options.AppID); err != nil {
		return nil, err
	}
	return c.tickets.ValidateTicketV2(ctx, ticket, service, opts...)
}
