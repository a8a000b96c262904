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

// Do starts fn, or joins the current run, and waits for it.
func (g *Group[T]) Do(ctx context.Context, limit time.Duration, fn func(context.Context) (T, error)) (T, error) {
	return g.Start(ctx, limit, fn).Wait(ctx)
}

// Start returns the current run, or starts fn in a new one. A run lasts until fn returns, with or without waiting
// callers, so fn must obey its context: that context ends after limit, and has the values of ctx but not its end.
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

// Running returns the current run, nil when there is none.
func (g *Group[T]) Running() *Run[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running
}
