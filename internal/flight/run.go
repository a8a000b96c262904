package flight

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Run is one run of a function.
type Run[T any] struct {
	done  chan struct{}
	value T
	err   error
	lost  bool // set when fn did not return
}

// start runs fn in a goroutine that ends with it, and calls over before any caller gets the result.
func start[T any](ctx context.Context, limit time.Duration, fn func(context.Context) (T, error), over func(*Run[T])) *Run[T] {
	r := &Run[T]{done: make(chan struct{})}
	go func() {
		own, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
		defer cancel()
		defer func() {
			// No caller can recover a panic of this goroutine: a custom RoundTripper could end the program.
			if p := recover(); p != nil {
				r.err = panicked(p)
			}
			defer close(r.done)
			defer func() { // over calls the application's clock
				if p := recover(); p != nil {
					r.lost, r.err = true, panicked(p)
				}
			}()
			over(r)
		}()
		r.lost, r.err = true, errGone // unless fn returns
		r.value, r.err = fn(own)
		r.lost = false
	}()
	return r
}

var errGone = errors.New("the goroutine ended early")

// panicked is the error of a panic. Its text is used only for panics of the runtime: another may contain anything.
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

// WaitAs is Wait, but errors that fn did not return begin with name.
func (r *Run[T]) WaitAs(ctx context.Context, name string) (T, error) {
	var zero T
	select {
	case <-r.done:
	case <-ctx.Done():
		return zero, fmt.Errorf("%s: %w", name, ctx.Err())
	}
	if r.lost {
		return zero, fmt.Errorf("%s: %w", name, r.err)
	}
	return r.value, r.err
}

// Begin returns an error when ctx is nil or has ended.
func Begin(ctx context.Context, name string) error {
	err := errNoContext
	if ctx != nil {
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

var errNoContext = errors.New("the context is nil")
