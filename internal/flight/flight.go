// Package flight lets concurrent callers share one run of a function.
package flight

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// Group runs one function at a time. The zero value is ready.
type Group[T any] struct {
	mu      sync.Mutex
	running *Run[T]
}

// Run is one run of a function.
type Run[T any] struct {
	done  chan struct{}
	value T
	err   error
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
	if g.running != nil {
		return g.running
	}
	r := &Run[T]{done: make(chan struct{})}
	g.running = r
	go func() {
		own, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		defer func() {
			// Nobody could recover here, and a user's RoundTripper would end the program.
			if p := recover(); p != nil {
				r.err = panicked(p)
			}
			g.mu.Lock()
			g.running = nil
			g.mu.Unlock()
			close(r.done)
		}()
		r.err = errGone // unless fn returns
		r.value, r.err = fn(own)
	}()
	return r
}

// Running returns the run under way, nil when there is none.
func (g *Group[T]) Running() *Run[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.running
}

var errGone = errors.New("the goroutine ended early")

// panicked names the panic. Its own text may hold anything, so it is kept for the runtime's alone.
func panicked(p any) error {
	if e, ok := p.(runtime.Error); ok {
		return fmt.Errorf("a panic: %w", e)
	}
	return fmt.Errorf("a panic with a value of type %T", p)
}

// Wait returns the run's result, or the error of ctx when that ends first. A panic of the run is an error,
// so that a server loses this request and not all of them.
func (r *Run[T]) Wait(ctx context.Context) (T, error) {
	select {
	case <-r.done:
		return r.value, r.err
	case <-ctx.Done():
		var zero T
		return zero, ctx.Err()
	}
}
