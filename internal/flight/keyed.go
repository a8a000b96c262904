package flight

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"sync"
	"time"
)

const (
	// Limit is how long a run of a Keyed may take.
	Limit = 2 * time.Minute
	// Keep is how long a Keyed keeps a result for late callers.
	Keep = 30 * time.Second
	// Most is how many results a Keyed keeps; the oldest is removed first.
	Most = 1000
)

// Key is a hash, so that a table never contains a secret.
type Key [sha256.Size]byte

// NewKey is the key of these parts, in this order.
func NewKey(parts ...string) Key {
	var space [1024]byte // on the stack
	text := space[:0]
	for _, p := range parts {
		text = binary.AppendUvarint(text, uint64(len(p)))
		text = append(text, p...)
	}
	return sha256.Sum256(text)
}

// Keyed runs one function at a time for each key, and keeps successful results for a while. Later calls remove
// expired results.
type Keyed[T any] struct {
	name string
	now  func() time.Time
	most int

	mu         sync.Mutex
	*tables[T] // made by the first call: most clients never have one
}

type tables[T any] struct {
	running map[Key]*Run[T]
	kept    map[Key]*result[T]
	queue   []*result[T] // the oldest first; an entry that is not in kept was replaced
}

type result[T any] struct {
	key   Key
	at    time.Time
	value T
}

// NewKeyed makes a Keyed whose own errors begin with name.
func NewKeyed[T any](name string, now func() time.Time) *Keyed[T] {
	return &Keyed[T]{name: name, now: now, most: Most}
}

// NewShared makes a Keyed that keeps no results: callers share a run only while it lasts.
func NewShared[T any](name string) *Keyed[T] {
	k := NewKeyed[T](name, time.Now)
	k.most = 0
	return k
}

// Do returns the kept result for key when good accepts it, or joins the current run, or starts fn as Group.Start
// does, and waits. All callers get the same value, so the caller must copy mutable parts. An error goes to the
// waiting callers, and is not kept.
func (k *Keyed[T]) Do(ctx context.Context, key Key, good func(T) bool, fn func(context.Context) (T, error)) (T, error) {
	if err := Begin(ctx, k.name); err != nil {
		var zero T
		return zero, err
	}
	run, value := k.find(ctx, key, good, fn)
	if run == nil {
		return value, nil
	}
	return run.WaitAs(ctx, k.name)
}

// find returns the run to wait for, nil when a kept value is good.
func (k *Keyed[T]) find(ctx context.Context, key Key, good func(T) bool, fn func(context.Context) (T, error)) (run *Run[T], value T) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.tables == nil {
		k.tables = &tables[T]{map[Key]*Run[T]{}, map[Key]*result[T]{}, nil}
	}
	k.leave()
	if run = k.running[key]; run != nil {
		return run, value
	}
	if old := k.kept[key]; old != nil && good(old.value) {
		return nil, old.value
	}
	run = start(ctx, Limit, fn, func(r *Run[T]) {
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.running, key)
		if r.err == nil {
			k.leave()
			k.keep(&result[T]{key: key, at: k.now(), value: r.value})
		}
	})
	k.running[key] = run
	return run, value
}

func (k *Keyed[T]) keep(r *result[T]) {
	if k.most == 0 {
		return
	}
	if len(k.queue) == k.most {
		k.pop()
	}
	k.kept[r.key] = r
	k.queue = append(k.queue, r)
}

// leave removes expired results, also when the clock was set back.
func (k *Keyed[T]) leave() {
	now := k.now()
	for len(k.queue) > 0 {
		if age := now.Sub(k.queue[0].at); 0 <= age && age <= Keep {
			return
		}
		k.pop()
	}
}

func (k *Keyed[T]) pop() {
	first := k.queue[0]
	k.queue[0] = nil // the array lives on
	k.queue = k.queue[1:]
	if k.kept[first.key] == first {
		delete(k.kept, first.key)
	}
}

// Forget removes the kept results for which ended is true.
func (k *Keyed[T]) Forget(ended func(T) bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.tables == nil {
		return
	}
	for key, r := range k.kept {
		if ended(r.value) {
			var zero T
			r.value = zero // it stays in the queue for a while
			delete(k.kept, key)
		}
	}
}
