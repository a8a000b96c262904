package cas

import (
	"context"
	"fmt"
	"time"
)

// PGTStore keeps proxy-granting tickets by the IOU that the server names them with, from their arrival at
// PGTCallback until the reply to the validation (CAS §2.5.4). Put refuses when the store is full rather than
// forget one. Take gives a ticket out once, and none after until; ok is false when there is none. It must be
// shared when the callback may reach another instance than the one that validates.
type PGTStore interface {
	Put(ctx context.Context, iou, pgt string, until time.Time) error
	Take(ctx context.Context, iou string) (pgt string, ok bool, err error)
}

// pgtLifetime is how long a ticket waits for its reply, which comes as soon as the server saw it delivered.
const pgtLifetime = 2 * time.Minute

// takePGT gives s the ticket that its IOU stands for. The server delivers it before it replies, so that it
// is there by now or does not come: one that is not there is no reason to refuse the user.
func (c *Client) takePGT(ctx context.Context, s *Success) error {
	if c.cfg.PgtURL == "" || s.ProxyGrantingTicketIOU == "" {
		return nil
	}
	pgt, ok, err := c.cfg.PGTs.Take(ctx, s.ProxyGrantingTicketIOU)
	if err != nil {
		return fmt.Errorf("cas: PGT store: %w", err)
	}
	if ok {
		s.ProxyGrantingTicket = pgt
	}
	return nil
}
