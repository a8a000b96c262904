package web

import (
	"context"
	"sync"
)

// turns lets one writer at a time change the record of a session in this process: whoever writes that a request came
// must not write the tokens of before a refresh. The zero value is ready.
type turns struct {
	mu    sync.Mutex
	taken map[string]chan struct{}
}

// try takes the turn for a key, unless another has it.
func (t *turns) try(key string) bool { return t.busy(key) == nil }

// take waits for the turn.
func (t *turns) take(ctx context.Context, key string) error {
	for {
		other := t.busy(key)
		if other == nil {
			return nil
		}
		select {
		case <-other:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// busy takes the turn and returns nil, or returns what is closed when it may be free.
func (t *turns) busy(key string) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if other := t.taken[key]; other != nil {
		return other
	}
	if t.taken == nil {
		t.taken = map[string]chan struct{}{}
	}
	t.taken[key] = make(chan struct{})
	return nil
}

// give ends the turn.
func (t *turns) give(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	close(t.taken[key])
	delete(t.taken, key)
}
