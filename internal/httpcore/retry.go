package httpcore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	attempts             = 3
	firstWait            = 100 * time.Millisecond
	defaultMaxRetryAfter = 60 * time.Second
)

// retry repeats a call that failed in the network, or was answered with 429 or 5xx. It ends early when the context
// would end before the next attempt.
func (c *Client) retry(ctx context.Context, r *Request) (*Reply, error) {
	wait := firstWait
	for i := 1; ; i++ {
		reply, err := c.once(ctx, r)
		failure := err
		if err == nil && mayPass(reply.StatusCode) {
			failure = reply.StatusError()
		}
		if i == attempts || ctx.Err() != nil || !NoAnswer(failure) {
			return reply, err
		}
		pause := wait
		if err == nil && reply.RetryAfter > pause {
			pause = reply.RetryAfter
		}
		if end, ok := ctx.Deadline(); ok && time.Until(end) < pause {
			return reply, err
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, fmt.Errorf("%w while waiting to try again after: %w", ctx.Err(), failure)
		case <-timer.C:
		}
		wait *= 4
	}
}

// retryAfter reads the header in both forms (RFC 9110 §10.2.3), at most as long as most.
func retryAfter(res *http.Response, most time.Duration) time.Duration {
	if res.StatusCode != http.StatusTooManyRequests && res.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	text := strings.TrimSpace(res.Header.Get("Retry-After"))
	if text == "" {
		return 0
	}
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return min(time.Duration(seconds)*time.Second, most)
	}
	if at, err := http.ParseTime(text); err == nil {
		// With the server's Date header the difference does not depend on our clock.
		now, err := http.ParseTime(res.Header.Get("Date"))
		if err != nil {
			now = time.Now()
		}
		return min(max(at.Sub(now), 0), most)
	}
	return 0
}
