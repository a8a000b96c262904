package idptest

import "time"

// shelfSize bounds each shelf; the oldest entry leaves first.
const shelfSize = 10_000

// Shelf is a map of at most 10,000 entries that expire; the oldest entry leaves first. The zero value works. A lock of
// its owner's guards it.
type Shelf[V any] struct {
	entries map[string]entry[V]
	order   []string
}

type entry[V any] struct {
	value V
	until time.Time
}

// Put keeps a value until a time.
func (h *Shelf[V]) Put(key string, value V, until, now time.Time) {
	if h.entries == nil {
		h.entries = make(map[string]entry[V])
	}
	if _, known := h.entries[key]; !known {
		h.order = append(h.order, key)
	}
	h.entries[key] = entry[V]{value, until}
	if len(h.order) > shelfSize {
		h.tidy(now)
	}
}

// Get returns a value that has not expired.
func (h *Shelf[V]) Get(key string, now time.Time) (V, bool) {
	found, ok := h.entries[key]
	if !ok || !now.Before(found.until) {
		var none V
		return none, false
	}
	return found.value, true
}

// Drop forgets a value.
func (h *Shelf[V]) Drop(key string) { delete(h.entries, key) }

// tidy forgets what expired, then the oldest, until an eighth of the shelf is free.
func (h *Shelf[V]) tidy(now time.Time) {
	kept := h.order[:0]
	for _, key := range h.order {
		if found, ok := h.entries[key]; ok && now.Before(found.until) {
			kept = append(kept, key)
		} else {
			delete(h.entries, key)
		}
	}
	for len(kept) > shelfSize*7/8 {
		delete(h.entries, kept[0])
		kept = kept[1:]
	}
	h.order = kept
}
