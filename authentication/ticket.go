package authentication

import (
	"context"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

// TicketV1 is the result for a CAS 1.0 ticket. Its JSON form is that of Authing's page.
type TicketV1 struct {
	// Valid reports whether the ticket is valid.
	Valid bool `json:"valid"`
	// User is the user's name, empty when the ticket is not valid.
	User string `json:"-"`
	// Message is why the ticket is not valid; empty when it is valid.
	Message string `json:"message,omitempty"`
}

// ValidateTicketV1 validates a CAS 1.0 ticket (CAS §2.4), with any protocol of the client. service is the one that
// the ticket was issued for. An invalid ticket is a result, not an error.
func (c *Client) ValidateTicketV1(ctx context.Context, ticket, service string) (*TicketV1, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := needApp(c.options.AppID); err != nil {
		return nil, err
	}
	calls, err := c.calls()
	if err != nil {
		return nil, err
	}
	answer, err := calls.tickets.ValidateTicketV1(ctx, ticket, service)
	if err != nil {
		return nil, err
	}
	if !answer.Valid {
		return &TicketV1{Message: "ticket illegal"}, nil
	}
	return &TicketV1{Valid: true, User: answer.User}, nil
}

// ValidateTicketV2 validates a CAS 2.0 ticket (CAS §2.5), with any protocol of the client. It requests JSON unless
// opts has XML. A refusal is the response's Failure, not an error.
func (c *Client) ValidateTicketV2(ctx context.Context, ticket, service string, opts ...cas.ValidateOptions) (*cas.ServiceResponse, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := needApp(c.options.AppID); err != nil {
		return nil, err
	}
	calls, err := c.calls()
	if err != nil {
		return nil, err
	}
	return calls.tickets.ValidateTicketV2(ctx, ticket, service, opts...)
}
