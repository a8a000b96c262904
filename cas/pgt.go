package cas

import (
	"context"
	"fmt"
	"time"
)

// PGTStore keeps proxy-granting tickets, by their IOU, from their arrival at PGTCallback until the reply to the
// validation (CAS §2.5.4). When the store is full, Put returns an error and forgets no ticket. Take returns a ticket
// once, and not after until; ok is false when there is none. Instances must share the store when the callback may
// reach another instance than the one that validates.
type PGTStore interface {
	Put(ctx context.Context, iou, pgt string, until time.Time) error
	Take(ctx context.Context, iou string) (pgt string, ok bool, err error)
}

// defaultPGTLifetime is long: the reply comes right after the delivery.
const defaultPGTLifetime = 2 * time.Minute

// takePGT gives s the ticket of its IOU. The server delivers the ticket before it replies. A missing ticket is no
// reason to refuse the user.
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
