// Package replay remembers, in limited memory, what may be used once.
package replay

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
)

const (
	defaultMax = 100_000 // keys: about 16 MiB
	// leastKept is how long a key is kept whose time is already over, so that two callers at once cannot both be
	// first.
	leastKept = time.Minute
	// sweep is how many expired keys one call removes. A call adds at most one key, so their number falls, and no call
	// removes thousands.
	sweep = 16
)

// Memory is a store for one instance of an application. When it is full it returns an error and never forgets early. It
// starts no goroutine: later calls remove expired keys. It is safe for concurrent use.
type Memory struct {
	max int
	now func() time.Time

	mu    sync.Mutex
	until map[key]int64 // the last millisecond in which it is kept
	queue queue         // each key once; its time may be earlier than the one in until
}

// key is a hash: a long key takes no more room than a short one.
type key [sha256.Size]byte

// New makes a Memory of at most max keys; 0 means 100,000. now nil is time.Now.
func New(max int, now func() time.Time) *Memory {
	if max <= 0 {
		max = defaultMax
	}
	if now == nil {
		now = time.Now
	}
	return &Memory{max: max, now: now, until: make(map[key]int64)}
}

// First reports true to exactly one caller for a key, until that time and including it. A key whose time is already over
// is kept for a minute. A key that comes again with a later time is kept until then. The error is the end of ctx, or
// that the store is full: then nothing was remembered.
func (m *Memory) First(ctx context.Context, name string, until time.Time) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, fmt.Errorf("replay: %w", err)
	}
	k := key(sha256.Sum256([]byte(name)))
	m.mu.Lock()
	defer m.mu.Unlock()
	// The clock is read under the lock: a caller that waited must not use an old time.
	now := m.now()
	if least := now.Add(leastKept); until.Before(now) {
		until = least
	}
	// The next millisecond, so that rounding does not shorten the given time.
	end := int64(math.MaxInt64)
	if until.Before(time.UnixMilli(end)) {
		end = until.UnixMilli() + 1
	}
	m.leave(now.UnixMilli())
	old, known := m.until[k]
	switch {
	case known:
		// An expired key that is not yet removed keeps its place in the queue.
		m.until[k] = max(old, end)
		return old < now.UnixMilli(), nil
	case len(m.until) >= m.max:
		return false, errors.New("replay: the store in memory is full (Replay)")
	}
	m.until[k] = end
	m.queue.push(entry{end, k})
	return true, nil
}

// leave removes some of the expired keys.
func (m *Memory) leave(now int64) {
	for range sweep {
		if len(m.queue) == 0 || m.queue[0].until >= now {
			return
		}
		first := m.queue.pop()
		if end := m.until[first.key]; end >= now {
			m.queue.push(entry{end, first.key})
			continue
		}
		delete(m.until, first.key)
	}
}
