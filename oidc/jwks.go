package oidc

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const (
	keysDeadline   = 10 * time.Second
	keysFreshMin   = 5 * time.Minute
	keysFresh      = time.Hour
	keysFreshMax   = 24 * time.Hour
	keysStaleMax   = 24 * time.Hour
	keysCoolDown   = 10 * time.Second
	maxAgeOverflow = int64(keysFreshMax / time.Second)
)

// remoteKeys is the server's JWKS: one immutable snapshot, replaced by one fetch at a time.
type remoteKeys struct {
	http *httpcore.Client
	url  string
	now  func() time.Time

	snapshot atomic.Pointer[keySnapshot]
	flight   flight.Group[*keySnapshot]

	mu       sync.Mutex
	lastMiss time.Time // the last fetch for an unknown kid
	lastFail time.Time // the last failed fetch while an old set was at hand
}

type keySnapshot struct {
	all     []Key
	byID    map[string][]Key
	fetched time.Time
	fresh   time.Duration
}

func (s *keySnapshot) find(kid string) []Key {
	if kid == "" {
		return s.all
	}
	return s.byID[kid]
}

func (s *keySnapshot) freshAt(now time.Time) bool { return now.Before(s.fetched.Add(s.fresh)) }

// Keys implements KeySet. A key that is at hand and fresh is returned without waiting for anything. An
// unknown kid causes a fetch, at most one in each cool-down: kids are free to invent.
func (r *remoteKeys) Keys(ctx context.Context, kid string) ([]Key, error) {
	s := r.snapshot.Load()
	if s == nil || !s.freshAt(r.now()) {
		var err error
		if s, err = r.renew(ctx, s); err != nil {
			return nil, err
		}
	}
	if found := s.find(kid); len(found) > 0 || kid == "" {
		return found, nil
	}
	s, err := r.miss(ctx, s)
	if err != nil {
		return nil, err
	}
	return s.find(kid), nil
}

// renew fetches the set, and falls back to the last good one when that fails.
func (r *remoteKeys) renew(ctx context.Context, old *keySnapshot) (*keySnapshot, error) {
	if old != nil && r.within(&r.lastFail) {
		return r.stale(old, nil)
	}
	s, err := r.start(ctx, old).Wait(ctx)
	if err == nil {
		return s, nil
	}
	if ctx.Err() != nil {
		return nil, err
	}
	if old != nil {
		r.mark(&r.lastFail)
	}
	return r.stale(old, err)
}

func (r *remoteKeys) stale(old *keySnapshot, err error) (*keySnapshot, error) {
	if old == nil || r.now().After(old.fetched.Add(old.fresh+keysStaleMax)) {
		if err == nil {
			err = fmt.Errorf("oidc: the keys of the server are out of date and could not be fetched again")
		}
		return nil, err
	}
	return old, nil
}

// miss looks for a kid that seen does not have. The set that filled the empty cache does not count
// against the cool-down: a server may rotate right after it.
func (r *remoteKeys) miss(ctx context.Context, seen *keySnapshot) (*keySnapshot, error) {
	if s := r.snapshot.Load(); s != seen {
		return s, nil // replaced in the meantime
	}
	r.mu.Lock()
	now := r.now()
	run := r.flight.Running() // the fetch of this interval may still be on its way
	if since := now.Sub(r.lastMiss); r.lastMiss.IsZero() || since >= keysCoolDown || since < 0 {
		r.lastMiss = now
		run = r.start(ctx, seen)
	}
	r.mu.Unlock()
	if run == nil {
		return r.snapshot.Load(), nil
	}
	s, err := run.Wait(ctx)
	if err != nil && ctx.Err() == nil {
		return seen, nil // the last good set stands: the kid is unknown
	}
	return s, err
}

// start replaces the snapshot, unless somebody did so after seen was read.
func (r *remoteKeys) start(ctx context.Context, seen *keySnapshot) *flight.Run[*keySnapshot] {
	return r.flight.Start(ctx, keysDeadline, func(ctx context.Context) (*keySnapshot, error) {
		if s := r.snapshot.Load(); s != seen {
			return s, nil
		}
		s, err := r.fetch(ctx)
		if err == nil {
			r.snapshot.Store(s)
		}
		return s, err
	})
}

func (r *remoteKeys) fetch(ctx context.Context) (*keySnapshot, error) {
	reply, err := r.http.Do(ctx, &httpcore.Request{URL: r.url, Accept: "application/jwk-set+json, application/json", Retry: true})
	if err != nil {
		return nil, fmt.Errorf("oidc: JWKS: %w", err)
	}
	if reply.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("oidc: JWKS: status %d, want 200", reply.StatusCode)
	}
	keys, err := ParseKeys(reply.Body)
	if err != nil {
		return nil, err
	}
	s := &keySnapshot{all: keys, byID: make(map[string][]Key, len(keys)), fetched: r.now(), fresh: freshness(reply.Header)}
	for _, k := range keys {
		s.byID[k.ID] = append(s.byID[k.ID], k)
	}
	return s, nil
}

func (r *remoteKeys) mark(at *time.Time) {
	r.mu.Lock()
	*at = r.now()
	r.mu.Unlock()
}

func (r *remoteKeys) within(at *time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !at.IsZero() && r.now().Sub(*at) < keysCoolDown
}

// freshness reads Cache-Control within its bounds; a silent server gets an hour (RFC 9111 §5.2.2).
func freshness(h http.Header) time.Duration {
	fresh := keysFresh
	for _, part := range strings.Split(strings.ToLower(h.Get("Cache-Control")), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "no-store", "no-cache":
			return keysFreshMin
		case "max-age":
			seconds, err := strconv.ParseInt(strings.Trim(value, `"`), 10, 64)
			if err != nil || seconds < 0 {
				return keysFreshMin
			}
			fresh = time.Duration(min(seconds, maxAgeOverflow)) * time.Second
		}
	}
	return max(fresh, keysFreshMin)
}
