// Package tokencache keeps what is known about tokens, under their digest.
package tokencache

import (
	"crypto/sha256"
	"sync"
	"time"
)

// Key is the digest of a token, so that a cache never contains one.
type Key [sha256.Size]byte

// onStack is the length up to which a token is hashed from a copy on the stack: crypto/sha256 needs bytes.
const onStack = 2048

// NewKey is the key of a token.
func NewKey(token string) Key {
	var space [onStack]byte
	return sha256.Sum256(append(space[:0], token...))
}

// Cache has at most a fixed number of entries; a new one removes the oldest. A nil Cache keeps nothing. It is safe
// for concurrent use.
type Cache[V any] struct {
	most int

	mu      sync.Mutex
	entries map[Key]*entry[V]
	queue   []*entry[V] // the oldest first; one that is not in entries was dropped or replaced
	era     uint64
}

type entry[V any] struct {
	key         Key
	value       V
	from, until time.Time
}

// New makes a Cache of at most this number of entries, and nil for none.
func New[V any](most int) *Cache[V] {
	if most <= 0 {
		return nil
	}
	return &Cache[V]{most: most, entries: map[Key]*entry[V]{}}
}

// Get returns a value that was put for a time which includes now. All callers get the same value.
func (c *Cache[V]) Get(key Key, now time.Time) (value V, ok bool) {
	if c == nil {
		return value, false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.entries[key]
	if e == nil || now.Before(e.from) || !now.Before(e.until) { // before: the clock was set back
		return value, false
	}
	return e.value, true
}

// Put keeps value for the times from and later, before until. It does nothing when something was dropped since era
// began: the value may be older than that.
func (c *Cache[V]) Put(key Key, value V, from, until time.Time, era uint64) {
	if c == nil || !from.Before(until) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if era != c.era {
		return
	}
	for len(c.queue) > 0 && (len(c.queue) >= c.most || !from.Before(c.queue[0].until)) {
		c.pop()
	}
	e := &entry[V]{key, value, from, until}
	c.entries[key] = e
	c.queue = append(c.queue, e)
}

func (c *Cache[V]) pop() {
	first := c.queue[0]
	c.queue[0] = nil // the array lives on
	c.queue = c.queue[1:]
	if c.entries[first.key] == first {
		delete(c.entries, first.key)
	}
}

// Era changes with each Drop.
func (c *Cache[V]) Era() uint64 {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.era
}

// Drop removes the entries whose value ended; when there is none, it removes all.
func (c *Cache[V]) Drop(ended func(V) bool) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.era++
	found := false
	for key, e := range c.entries {
		if ended(e.value) {
			delete(c.entries, key)
			var zero V
			e.value = zero // it stays in the queue for a while
			found = true
		}
	}
	if !found {
		clear(c.entries)
		c.queue = nil
	}
}
