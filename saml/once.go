package saml

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// useOnce marks the request and then the assertion as used, for as long as they could be used again
// (SAML Profiles §4.1.4.5). It comes last: what is refused for another reason uses up nothing.
func (x *exchange) useOnce(ctx context.Context, a *Assertion) error {
	end := x.end.Add(x.c.cfg.Skew)
	if x.login != nil {
		// Without its login the assertion is refused, however long it lasts.
		last := x.login.CreatedAt.Add(x.c.cfg.LoginLifetime + time.Minute)
		if err := x.c.first(ctx, "saml-request:"+x.login.RequestID, last, "the login was completed already"); err != nil {
			return err
		}
		if last.Before(end) {
			end = last
		}
	} else if last := a.IssueInstant.Add(x.c.cfg.LoginLifetime + x.c.cfg.Skew); last.Before(end) {
		end = last
	}
	return x.c.first(ctx, assertionKey(a.Issuer, a.ID), end, "the assertion was used before")
}

// assertionKey names an assertion of one issuer: others may use the same ID.
func assertionKey(issuer, id string) string {
	sum := sha256.Sum256([]byte(issuer + "\x00" + id))
	return string(hex.AppendEncode([]byte("saml-assertion:"), sum[:]))
}

func (c *Client) first(ctx context.Context, key string, until time.Time, used string) error {
	first, err := c.cfg.Replay.First(ctx, key, until)
	if err != nil {
		return fmt.Errorf("saml: replay store: %w", err)
	}
	if !first {
		return refuse(CheckReplay, "%s", used)
	}
	return nil
}
