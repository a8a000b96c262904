package cas

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed6e7d3bb2/authing-go/internal/option"
)

// TicketV1 is the reply of CAS 1.0 (CAS §2.4.2).
type TicketV1 struct {
	// Valid says whether the ticket is valid.
	Valid bool
	// User is empty when the ticket is not valid.
	User string
}

// ValidateTicketV1 asks the server about a service ticket by CAS 1.0 (CAS §2.4). service is the one that the ticket
// was issued for; empty means Config.Service. An invalid ticket is a result, not an error. Of the options only Renew
// exists here.
func (c *Client) ValidateTicketV1(ctx context.Context, ticket, service string, opts ...ValidateOptions) (*TicketV1, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	o, err := option.One(opts)
	if err != nil {
		return nil, fmt.Errorf("cas: %w", err)
	}
	if o.Format != "" {
		return nil, errors.New("cas: CAS 1.0 has no Format")
	}
	if err := c.cfg.checkTicket(ticket, c.cfg.TicketPrefixes); err != nil {
		return nil, err
	}
	reply, err := c.ask(ctx, endpoint{"Validate", c.cfg.Endpoints.Validate}, ticket, service, o, url.Values{})
	if err != nil {
		return nil, err
	}
	if reply.StatusCode != http.StatusOK {
		return nil, c.explain(reply, bareStatus(reply), ticket)
	}
	answer, err := readV1(reply.Body)
	if err != nil {
		return nil, c.explain(reply, err, ticket)
	}
	return answer, nil
}

// readV1 reads "yes", the user and nothing else, or "no" and nothing else; each line ends with LF or CRLF. The user's
// line must have its end too: an incomplete reply would name another user.
func readV1(body string) (*TicketV1, error) {
	body = strings.ReplaceAll(body, "\r\n", "\n")
	switch body {
	case "no", "no\n", "no\n\n":
		return &TicketV1{}, nil
	}
	user, ok := strings.CutPrefix(body, "yes\n")
	if !ok {
		return nil, refuse(CheckSyntax, "neither yes with a user nor no")
	}
	user, ok = strings.CutSuffix(user, "\n")
	if !ok || strings.ContainsAny(user, "\n\r") {
		return nil, refuse(CheckSyntax, "yes is not followed by one line")
	}
	if err := checkUser(user); err != nil {
		return nil, err
	}
	return &TicketV1{Valid: true, User: user}, nil
}
