// Package discovery finds the document in which a server describes itself, and keeps what was made of it.
package discovery

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
)

const (
	deadline = 30 * time.Second
	fresh    = 24 * time.Hour
	coolDown = time.Minute // between refreshes that fail
	patience = time.Second // how long a caller waits when there is an old value
	// Rest is how long a failure is kept while there is no value at all: so a server that is down is not asked by every
	// request, and is found again within this time.
	Rest = time.Second
)

// Cache keeps what Make made of a server's document: made at the first call, and again once a day by the call that
// then needs it.
type Cache[T any] struct {
	// Make fetches the document. old is nil the first time; calm is false when the last call failed, and then one
	// attempt is enough.
	Make func(ctx context.Context, old *T, calm bool) (*T, error)
	// Now is the clock.
	Now func() time.Time

	kept   atomic.Pointer[entry[T]]
	flight flight.Group[*T]

	mu      sync.Mutex
	failure error     // of the last call of Make; nil after success
	tried   time.Time // by Now: the last refresh that failed, or took too long
	failed  time.Time // by the monotonic clock, because a frozen Now must not keep a failure for ever
}

type entry[T any] struct {
	value *T
	made  time.Time // zero for a value that was set
}

// Set gives a value that is never made again.
func (c *Cache[T]) Set(value *T) { c.kept.Store(&entry[T]{value: value}) }

// Load returns the value at hand; nil when there is none.
func (c *Cache[T]) Load() *T {
	if e := c.kept.Load(); e != nil {
		return e.value
	}
	return nil
}

// Failure is the error of the last call of Make; nil after success.
func (c *Cache[T]) Failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failure
}

// Get returns the value. While a refresh fails, or takes longer than people should wait, it is the old one. Without an
// old one a failure is the error of every call for the time Rest.
func (c *Cache[T]) Get(ctx context.Context) (*T, error) {
	if ctx == nil {
		return nil, errNoContext
	}
	e := c.kept.Load()
	if e != nil && !c.due(e) {
		return e.value, nil
	}
	if e == nil {
		if err := c.resting(); err != nil {
			return nil, err
		}
	}
	run := c.flight.Start(ctx, deadline, func(ctx context.Context) (*T, error) { return c.renew(ctx, e) })
	if e == nil {
		return run.Wait(ctx)
	}
	short, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if value, err := run.Wait(short); err == nil {
		return value, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried = c.Now()
	return e.value, nil
}

var errNoContext = errors.New("the context is nil")

func (c *Cache[T]) due(e *entry[T]) bool {
	if e.made.IsZero() {
		return false
	}
	now := c.Now()
	if age := now.Sub(e.made); 0 <= age && age < fresh {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	since := now.Sub(c.tried)
	return since < 0 || since >= coolDown
}

func (c *Cache[T]) resting() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failure != nil && time.Since(c.failed) < Rest {
		return c.failure
	}
	return nil
}

// renew replaces the value, unless another call did so after seen was read.
func (c *Cache[T]) renew(ctx context.Context, seen *entry[T]) (*T, error) {
	if e := c.kept.Load(); e != seen {
		return e.value, nil
	}
	var old *T
	if seen != nil {
		old = seen.value
	} else if err := c.resting(); err != nil { // the failure of a call that ended just now
		return nil, err
	}
	value, err := c.Make(ctx, old, c.Failure() == nil)
	if err == nil {
		c.kept.Store(&entry[T]{value, c.Now()})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failure = err; err != nil {
		c.tried, c.failed = c.Now(), time.Now()
	}
	return value, err
}
