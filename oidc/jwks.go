package oidc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/discovery"
	"github.com/seed6e7d3bb2/authing-go/internal/flight"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/internal/jose"
)

const keysPatience = time.Second

// remoteKeys is the server's JWKS: one immutable snapshot, replaced by one fetch at a time.
type remoteKeys struct {
	http  *httpcore.Client
	url   string
	now   func() time.Time
	times *KeyFetch
	// encrypts says that the client encrypts to keys of the set.
	encrypts bool

	snapshot atomic.Pointer[keySnapshot]
	flight   flight.Group[*keySnapshot]

	mu      sync.Mutex
	missed  time.Time // start of the last fetch for an unknown kid or a wrong signature
	failed  time.Time // the last fetch that failed, or took too long
	failure error     // of the last fetch; nil after success
	ended   time.Time // when it failed, by the monotonic clock: a frozen Now must not keep a failure for ever
}

// Keys implements KeySet. A cached, fresh key is returned at once. An unknown kid causes a fetch (OpenID Connect
// Core §10.1.1), at most one in each cool-down: anyone can invent kids.
func (r *remoteKeys) Keys(ctx context.Context, kid string) ([]Key, error) {
	if ctx == nil {
		return nil, errNoContext
	}
	s, err := r.current(ctx)
	if err != nil {
		return nil, err
	}
	if found := s.all.find(kid); len(found) > 0 {
		return found, nil
	}
	if s, err = r.miss(ctx, s); err != nil {
		return nil, err
	}
	return s.all.find(kid), nil
}

func (r *remoteKeys) current(ctx context.Context) (*keySnapshot, error) {
	s := r.snapshot.Load()
	if s != nil && s.freshAt(r.now()) {
		return s, nil
	}
	return r.renew(ctx, s)
}

// passedOver says why the published key of this kid is not used; "" when there is none.
func (r *remoteKeys) passedOver(kid string) string {
	if s := r.snapshot.Load(); s != nil {
		return s.unusable[kid]
	}
	return ""
}

// RenewKeys implements RenewableKeySet: it shares the cool-down with unknown kids.
func (r *remoteKeys) RenewKeys(ctx context.Context, kid string) ([]Key, error) {
	s, err := r.miss(ctx, r.snapshot.Load())
	if err != nil {
		return nil, err
	}
	return s.all.find(kid), nil
}

// renew fetches the set. When the fetch fails or takes too long, the last good set is used. During the cool-down no
// caller waits again, and a server that failed is not asked again.
func (r *remoteKeys) renew(ctx context.Context, old *keySnapshot) (*keySnapshot, error) {
	if old == nil || !old.usableAt(r.now(), r.times.MaxStale) {
		if err := r.resting(); err != nil {
			return nil, err
		}
		return r.start(ctx, old).Wait(ctx)
	}
	if r.failedJustNow() {
		return old, nil
	}
	patience, cancel := context.WithTimeout(ctx, keysPatience)
	defer cancel()
	s, err := r.start(ctx, old).Wait(patience)
	if err == nil {
		return s, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	r.mu.Lock()
	r.failed = r.now()
	r.mu.Unlock()
	return old, nil
}

func (r *remoteKeys) failedJustNow() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	since := r.now().Sub(r.failed)
	return 0 <= since && since < r.times.CoolDown
}

// resting is the failure of a fetch that ended less than a second ago: without keys every call waits for them, and a
// server that is down must not be asked by every call, but be found again soon.
func (r *remoteKeys) resting() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure != nil && time.Since(r.ended) < discovery.Rest {
		return r.failure
	}
	return nil
}

// miss looks for what seen does not have: a kid, or the key that made a signature. The first fetch, into the empty
// cache, does not start the cool-down: a server may rotate right after it. While the set cannot be fetched the token
// is neither valid nor invalid, so miss returns an error; after an outage the cool-down is the rest alone, because
// nothing was learned.
func (r *remoteKeys) miss(ctx context.Context, seen *keySnapshot) (*keySnapshot, error) {
	if s := r.snapshot.Load(); s != seen {
		return s, nil // another caller replaced it
	}
	r.mu.Lock()
	now, failure := r.now(), r.failure
	run := r.flight.Running() // the fetch of this interval may still run
	if since := now.Sub(r.missed); r.missed.IsZero() || since >= r.times.CoolDown || since < 0 || httpcore.NoAnswer(failure) && time.Since(r.ended) >= discovery.Rest {
		r.missed = now
		run = r.start(ctx, seen)
	}
	r.mu.Unlock()
	if run == nil {
		return r.snapshot.Load(), failure
	}
	return run.Wait(ctx)
}

// start replaces the snapshot, unless another caller did so after seen was read.
func (r *remoteKeys) start(ctx context.Context, seen *keySnapshot) *flight.Run[*keySnapshot] {
	return r.flight.Start(ctx, r.times.Timeout, func(ctx context.Context) (*keySnapshot, error) {
		if s := r.snapshot.Load(); s != seen {
			return s, nil
		}
		if err := r.resting(); err != nil { // a fetch that ended just now
			return nil, err
		}
		s, err := r.fetch(ctx, seen)
		if err == nil {
			r.snapshot.Store(s)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.failure = err; err != nil {
			r.failed, r.ended = r.now(), time.Now()
		}
		return s, err
	})
}

func (r *remoteKeys) fetch(ctx context.Context, seen *keySnapshot) (*keySnapshot, error) {
	r.mu.Lock()
	calm := r.failure == nil // after a failure one attempt is enough
	r.mu.Unlock()
	reply, err := r.http.Do(ctx, &httpcore.Request{URL: r.url, Accept: "application/jwk-set+json, application/json", Retry: calm})
	if err != nil {
		return nil, fmt.Errorf("oidc: JWKS: %w", err)
	}
	if reply.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("oidc: JWKS: %w, want 200", reply.StatusError())
	}
	keys, unusable, err := parseKeys(reply.Body)
	s := &keySnapshot{all: keys, unusable: unusable, fetched: r.now(), fresh: r.times.freshness(reply.Header)}
	if r.encrypts && (err == nil || errors.Is(err, jose.BadKey)) {
		err = s.readEncryption(reply.Body, err)
	}
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 && seen != nil && len(seen.all) > 0 {
		// A server that had keys and publishes none has lost them, or is starting: the old keys may still be valid.
		return nil, errors.New("oidc: JWKS: the key set is empty, and was not before")
	}
	return s, nil
}
