package session

import (
	"container/heap"
	"slices"
	"time"
)

// record is a value in a Memory.
type record struct {
	key    string
	b      []byte
	expiry time.Time
}

// entry is a session with its records, or a mark, which is a first record alone.
type entry struct {
	first, second record
	named, owner  string
	at            int // its place in the heap
}

// entryCost is what an entry needs beside the bytes of its records and keys, in part: maps, heap, pointers.
const entryCost = 512

func (e *entry) size() int {
	return entryCost + len(e.first.key) + len(e.first.b) + len(e.second.key) + len(e.second.b) + len(e.named) + len(e.owner)
}

// ends returns when the entry is over.
func (e *entry) ends() time.Time { return earlier(e.second.expiry, e.first.expiry) }

// room holds entries by their keys and in the order of their ends.
type room struct {
	byKey map[string]*entry
	heap  byEnd
}

func newRoom() room { return room{byKey: map[string]*entry{}} }

func (r *room) add(e *entry) {
	r.byKey[e.first.key] = e
	if e.second.key != "" {
		r.byKey[e.second.key] = e
	}
	heap.Push(&r.heap, e)
}

// move puts an entry with a new end into its place.
func (r *room) move(e *entry) { heap.Fix(&r.heap, e.at) }

func (r *room) remove(e *entry) {
	delete(r.byKey, e.first.key)
	delete(r.byKey, e.second.key)
	heap.Remove(&r.heap, e.at)
}

// over returns an entry that is over, and nil when there is none.
func (r *room) over(now time.Time) *entry {
	if len(r.heap) == 0 || now.Before(r.heap[0].ends()) {
		return nil
	}
	return r.heap[0]
}

// byEnd is a heap: the entry that ends first is in front.
type byEnd []*entry

func (h byEnd) Len() int           { return len(h) }
func (h byEnd) Less(i, j int) bool { return h[i].ends().Before(h[j].ends()) }

func (h byEnd) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].at, h[j].at = i, j
}

// Push is for package heap.
func (h *byEnd) Push(e any) {
	e.(*entry).at = len(*h)
	*h = append(*h, e.(*entry))
}

// Pop is for package heap.
func (h *byEnd) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	return e
}

func without(entries []*entry, e *entry) []*entry {
	return slices.DeleteFunc(entries, func(other *entry) bool { return other == e })
}
