// Package flight lets concurrent callers share one run of a function.
package flight

import (
	"context"
	"sync"
	"time"
)

// Group runs one function at a time. The zero value is ready.
type Group[T any] struct {
	mu      sync.Mutex
	running *Run[T]
}

// Do starts fn, or joins the run under way, and waits for it.
func (g *Group[T]) Do(ctx context.Context, limit time.Duration, fn func(context.Context) (T, error)) (T, error) {
	return g.Start(ctx, limit, fn).Wait(ctx)
}

// Start returns the run under way, or starts fn in one of its own. A run lives until fn returns,
// whoever waits for it, so fn must heed the context that it is given: it ends after limit, and keeps the
// values of ctx but not its end.
func (g *Group[T]) Start(ctx context.Context, limit time.Duration, fn func(context.Context) (T, error)) *Run[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.running == nil {
		g.running = start(ctx, limit, fn, func(*Run[T]) {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.running = nil
		})
	}
	return g.running
}

// Running returns the run under way, nil when there is none.
func (g *Group[T]) Running() *Run[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running
}
