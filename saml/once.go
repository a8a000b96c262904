package saml

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/duration"
)

// useOnce marks the request and then the assertion as used, for as long as they could be used again
// (SAML Profiles §4.1.4.5). It is the last check: a response that is refused for another reason marks nothing.
func (x *exchange) useOnce(ctx context.Context, a *Assertion) error {
	end := x.end.Add(x.c.cfg.Skew)
	// With one confirmation the assertion is of use only with its login, and no longer than that. With several it may
	// answer other requests too, but none that was made after it.
	last := a.IssueInstant.Add(duration.Sum(x.c.cfg.LoginLifetime, x.c.cfg.Skew))
	if x.login != nil {
		over := x.login.CreatedAt.Add(x.c.cfg.LoginLifetime)
		if err := x.c.first(ctx, "saml-request:"+x.login.RequestID, over, "the login was completed already"); err != nil {
			return err
		}
		if over.After(last) {
			last = over
		}
	}
	if last.Before(end) {
		end = last
	}
	return x.c.first(ctx, assertionKey(a.Issuer, a.ID), end, "the assertion was used before")
}

// assertionKey names an assertion of one issuer: another issuer may use the same ID.
func assertionKey(issuer, id string) string {
	var space [512]byte
	sum := sha256.Sum256(append(append(append(space[:0], issuer...), 0), id...))
	return "saml-assertion:" + hex.EncodeToString(sum[:])
}

// margin is how much longer a key is remembered than it is accepted: the store reads its clock later than the checks
// do, and metadata may be fetched between them.
const margin = time.Minute

func (c *Client) first(ctx context.Context, key string, until time.Time, used string) error {
	first, err := c.cfg.Replay.First(ctx, key, until.Add(margin))
	if err != nil {
		return fmt.Errorf("saml: replay store: %w", err)
	}
	if !first {
		return refuse(CheckReplay, "%s", used)
	}
	return nil
}
