package flight_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/flight"
)

// slow is a function that takes some time, or ends with its context.
func slow(runs *atomic.Int32, while time.Duration) func(context.Context) (int32, error) {
	return func(ctx context.Context) (int32, error) {
		n := runs.Add(1)
		select {
		case <-time.After(while):
			return n, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func TestCallersAtOnceShareARun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var group flight.Group[int32]
		var runs atomic.Int32
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				n, err := group.Do(t.Context(), time.Minute, slow(&runs, time.Second))
				assert.NoError(t, err)
				assert.Equal(t, int32(1), n)
			})
		}
		all.Wait()
		n, err := group.Do(t.Context(), time.Minute, slow(&runs, time.Second))
		require.NoError(t, err)
		assert.Equal(t, int32(2), n, "a run that ended is not joined")
	})
}

func TestWaiterThatGivesUpLeavesTheRunAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var group flight.Group[int32]
		var runs atomic.Int32
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		begin := time.Now()
		run := group.Start(ctx, time.Minute, slow(&runs, time.Second))
		_, err := run.Wait(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 100*time.Millisecond, time.Since(begin))
		assert.Same(t, run, group.Running())
		n, err := group.Do(t.Context(), time.Minute, slow(&runs, time.Second))
		require.NoError(t, err)
		assert.Equal(t, int32(1), n)
		assert.Equal(t, time.Second, time.Since(begin))
		assert.Nil(t, group.Running())
	})
}

func TestRunEndsAtItsLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var group flight.Group[int32]
		var runs atomic.Int32
		begin := time.Now()
		_, err := group.Do(t.Context(), 3*time.Second, slow(&runs, time.Hour))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 3*time.Second, time.Since(begin))
		assert.Nil(t, group.Running())
	})
}

func TestRunKeepsTheValuesOfItsContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	var group flight.Group[any]
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "trace"))
	cancel()
	run := group.Start(ctx, time.Minute, func(ctx context.Context) (any, error) { return ctx.Value(key{}), ctx.Err() })
	got, err := run.Wait(t.Context())
	require.NoError(t, err, "the end of the caller's context does not end the run")
	assert.Equal(t, "trace", got)
}

func TestErrorGoesToEveryWaiter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var group flight.Group[int]
		broken := errors.New("broken")
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				_, err := group.Do(t.Context(), time.Minute, func(context.Context) (int, error) {
					time.Sleep(time.Second)
					return 0, broken
				})
				assert.ErrorIs(t, err, broken)
			})
		}
		all.Wait()
		got, err := group.Do(t.Context(), time.Minute, func(context.Context) (int, error) { return 7, nil })
		require.NoError(t, err, "it is not kept")
		assert.Equal(t, 7, got)
	})
}

// A run that panics must not end the program, and must not block the next callers.
func TestPanicIsAnError(t *testing.T) {
	t.Parallel()
	var group flight.Group[int32]
	for name, fn := range map[string]func(context.Context) (int32, error){
		"panic":  func(context.Context) (int32, error) { panic("a secret") },
		"bounds": func(context.Context) (int32, error) { return []int32{}[len(t.Name())], nil },
		"goexit": func(context.Context) (int32, error) { runtime.Goexit(); return 1, nil },
	} {
		try := func() error {
			_, err := group.Do(t.Context(), time.Minute, fn)
			return err
		}
		assert.NotContains(t, fmt.Sprint(try()), "a secret")
		want := map[string]string{
			"panic": "a panic with a value of type string", "bounds": "index out of range", "goexit": "the goroutine ended early",
		}[name]
		require.ErrorContains(t, try(), want)
		require.ErrorContains(t, try(), want, "and again")
	}
	var runs atomic.Int32
	n, err := group.Do(t.Context(), time.Minute, slow(&runs, 0))
	require.NoError(t, err)
	assert.Equal(t, int32(1), n)
}
