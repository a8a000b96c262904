package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

const (
	defaultPollInterval = 5 * time.Second  // RFC 8628 §3.2, OpenID Connect CIBA Core §7.3
	slowerPollInterval  = 5 * time.Second  // what slow_down adds
	maxBackoff          = 60 * time.Second // of polls without an answer
)

// poll asks the token endpoint until the user has decided elsewhere (RFC 8628 §3.4, OpenID Connect CIBA Core §10.1).
// interval and next are fields of the pending login, so that a later call goes on where this one ended.
type poll struct {
	form     url.Values
	expiry   time.Time
	interval *time.Duration
	next     *time.Time
}

// until returns the token. An error of one poll ends it only when another poll cannot succeed.
func (p *poll) until(ctx context.Context, c *Client) (*Token, error) {
	var last error
	for {
		if err := p.wait(ctx, c, last); err != nil {
			return nil, err
		}
		// A copy: a ClientAuth adds to it.
		t, err := c.grant(ctx, url.Values(http.Header(p.form).Clone()))
		if err == nil {
			return t, nil
		}
		if last = err; !p.again(ctx, err) {
			return nil, err
		}
		pause := *p.interval
		var refused *Error
		if errors.As(err, &refused) {
			pause = max(pause, refused.RetryAfter)
		}
		*p.next = c.cfg.Now().UTC().Add(pause) // also when ctx ended: the server may count the poll
	}
}

// wait ends when the next poll is due. A poll after the expiry would be refused, so there is none.
func (p *poll) wait(ctx context.Context, c *Client, last error) error {
	if *p.interval <= 0 {
		*p.interval = defaultPollInterval
	}
	if ctx == nil {
		return errors.New("oauth: the context is nil")
	}
	now := c.cfg.Now()
	if !now.Before(p.expiry) || !p.next.Before(p.expiry) {
		if last != nil && !errors.Is(last, AuthorizationPending) {
			return fmt.Errorf("oauth: %w: the user did not decide until %s; the last poll: %w", ExpiredToken, p.expiry.Format(time.RFC3339), last)
		}
		return fmt.Errorf("oauth: %w: the user did not decide until %s", ExpiredToken, p.expiry.Format(time.RFC3339))
	}
	timer := time.NewTimer(p.next.Sub(now))
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("oauth: %w while waiting for the user", err)
	}
	return nil
}

// again says whether the login is still undecided, and sets the interval. Without an answer it doubles (RFC 8628 §3.5),
// unless the server said when to come back, or the caller did not wait for one.
func (p *poll) again(ctx context.Context, err error) bool {
	var refused *Error
	if !errors.As(err, &refused) {
		if !httpcore.NoAnswer(err) {
			return false
		}
		if ctx.Err() == nil {
			p.backOff()
		}
		return true
	}
	switch {
	case refused.Code == AuthorizationPending:
	case refused.Code == SlowDown:
		*p.interval += slowerPollInterval
	case !refused.Temporary():
		return false
	case refused.RetryAfter == 0:
		p.backOff()
	}
	return true
}

func (p *poll) backOff() { *p.interval = max(*p.interval, min(2**p.interval, maxBackoff)) }

// readPolling reads expires_in and interval, which must let at least one poll happen.
func readPolling(members []strictjson.Member, sent, now time.Time) (expiry time.Time, interval time.Duration, err error) {
	var lifetime, seconds int64
	for _, m := range members {
		switch m.Name {
		case "expires_in":
			lifetime, _, err = readLifetime(m.Value)
		case "interval":
			seconds, _, err = readLifetime(m.Value)
		}
		if err != nil {
			return expiry, 0, fmt.Errorf("%s %w", m.Name, err)
		}
	}
	if interval = time.Duration(seconds) * time.Second; interval == 0 {
		interval = defaultPollInterval
	}
	expiry = sent.Add(time.Duration(lifetime) * time.Second).UTC()
	switch {
	case lifetime == 0:
		return expiry, 0, errors.New("expires_in is missing or 0")
	case !now.Add(interval).Before(expiry):
		return expiry, 0, errors.New("interval is not shorter than expires_in")
	}
	return expiry, interval, nil
}

// samePending refuses a pending login of another client or server: its code is a secret between those two.
func (c *Client) samePending(clientID, issuer string) error {
	if clientID != c.cfg.ClientID || issuer != c.Issuer() {
		return refuse(CheckLogin, "the login began at another client or server")
	}
	return nil
}
