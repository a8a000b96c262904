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

func takes(int32) bool   { return true }
func refuses(int32) bool { return false }

func TestKeyedSharesARunPerKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keyed := flight.NewKeyed[int32]("test", time.Now)
		var runs atomic.Int32
		begin := time.Now()
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				_, err := keyed.Do(t.Context(), flight.NewKey(fmt.Sprint(i%2)), refuses, slow(&runs, time.Second))
				assert.NoError(t, err)
			})
		}
		all.Wait()
		assert.Equal(t, int32(2), runs.Load())
		assert.Equal(t, time.Second, time.Since(begin), "the keys do not wait for each other")
		n, err := keyed.Do(t.Context(), flight.NewKey("0"), refuses, slow(&runs, 0))
		require.NoError(t, err)
		assert.Equal(t, int32(3), n, "the kept result is not good")
	})
}

// A result is kept for 30 s, and not a nanosecond longer.
func TestKeyedKeepsWhatWentWell(t *testing.T) {
	t.Parallel()
	for age, again := range map[time.Duration]bool{
		0: false, flight.Keep: false, flight.Keep + 1: true, -1: true,
	} {
		now := time.Unix(1_700_000_000, 0)
		keyed := flight.NewKeyed[int32]("test", func() time.Time { return now })
		var runs atomic.Int32
		do := func(good func(int32) bool) int32 {
			n, err := keyed.Do(t.Context(), flight.NewKey("k"), good, slow(&runs, 0))
			require.NoError(t, err)
			return n
		}
		require.Equal(t, int32(1), do(takes))
		now = now.Add(age)
		want := int32(1)
		if again {
			want = 2
		}
		assert.Equal(t, want, do(takes), age)
		assert.Equal(t, want+1, do(refuses))
		assert.Equal(t, want+1, do(takes), "the newest is kept")
		keyed.Forget(func(n int32) bool { return n == want })
		assert.Equal(t, want+1, do(takes), "another was forgotten")
		keyed.Forget(func(n int32) bool { return n == want+1 })
		assert.Equal(t, want+2, do(takes))
	}
}

func TestKeyedKeepsNoError(t *testing.T) {
	t.Parallel()
	keyed := flight.NewKeyed[int32]("test", time.Now)
	broken := errors.New("broken")
	_, err := keyed.Do(t.Context(), flight.NewKey("k"), takes, func(context.Context) (int32, error) { return 7, broken })
	require.Equal(t, broken, err)
	var runs atomic.Int32
	n, err := keyed.Do(t.Context(), flight.NewKey("k"), takes, slow(&runs, 0))
	require.NoError(t, err)
	assert.Equal(t, int32(1), n)
}

// When there is no room for one more, the oldest is removed, also when it is in the queue twice.
func TestKeyedIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	keyed := flight.NewKeyed[int32]("test", func() time.Time { return now })
	var runs atomic.Int32
	do := func(key int, good func(int32) bool) int32 {
		n, err := keyed.Do(t.Context(), flight.NewKey(fmt.Sprint(key)), good, slow(&runs, 0))
		require.NoError(t, err)
		return n
	}
	do(0, takes)
	do(0, refuses)
	for i := 1; i < flight.Most; i++ {
		do(i, takes)
	}
	assert.Equal(t, int32(2), do(0, takes), "it was renewed, so only its first result was removed")
	assert.Equal(t, int32(3), do(1, takes))
	do(flight.Most, takes)
	assert.Equal(t, runs.Load()+1, do(0, takes), "one more than fits")
}

func TestKeyedWaiterThatGivesUpLeavesTheRunAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keyed := flight.NewKeyed[int32]("test", time.Now)
		var runs atomic.Int32
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		begin := time.Now()
		_, err := keyed.Do(ctx, flight.NewKey("k"), takes, slow(&runs, time.Second))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.EqualError(t, err, "test: context deadline exceeded")
		assert.Equal(t, 100*time.Millisecond, time.Since(begin))
		n, err := keyed.Do(t.Context(), flight.NewKey("k"), takes, slow(&runs, time.Second))
		require.NoError(t, err)
		assert.Equal(t, int32(1), n)
		assert.Equal(t, time.Second, time.Since(begin))

		_, err = keyed.Do(ctx, flight.NewKey("k"), takes, slow(&runs, 0))
		require.ErrorIs(t, err, context.DeadlineExceeded, "an ended context gets nothing, not even what is kept")
		_, err = keyed.Do(ctx, flight.NewKey("another"), takes, slow(&runs, 0))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, int32(1), runs.Load(), "and starts nothing")
	})
}

func TestKeyedRunEndsAtItsLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keyed := flight.NewKeyed[int32]("test", time.Now)
		var runs atomic.Int32
		for while, want := range map[time.Duration]error{flight.Limit - 1: nil, flight.Limit + 1: context.DeadlineExceeded} {
			_, err := keyed.Do(t.Context(), flight.NewKey("k"), refuses, slow(&runs, while))
			require.ErrorIs(t, err, want)
		}
	})
}

func TestKeyedPanicIsAnError(t *testing.T) {
	t.Parallel()
	keyed := flight.NewKeyed[int32]("test", time.Now)
	for want, fn := range map[string]func(context.Context) (int32, error){
		"test: a panic with a value of type string": func(context.Context) (int32, error) { panic("a secret") },
		"test: the goroutine ended early":           func(context.Context) (int32, error) { runtime.Goexit(); return 1, nil },
	} {
		for range 2 {
			_, err := keyed.Do(t.Context(), flight.NewKey("k"), takes, fn)
			require.EqualError(t, err, want)
		}
	}
	//lint:ignore SA1012 what a careless caller does must not panic
	_, err := keyed.Do(nil, flight.NewKey("k"), takes, slow(new(atomic.Int32), 0))
	require.EqualError(t, err, "test: the context is nil")
}

// The clock is from the application, and is called in a goroutine where a panic would end the program.
func TestKeyedClockThatPanics(t *testing.T) {
	t.Parallel()
	asked := 0
	keyed := flight.NewKeyed[int32]("test", func() time.Time {
		if asked++; asked == 2 {
			panic("a secret")
		}
		return time.Unix(1_700_000_000, 0)
	})
	var runs atomic.Int32
	_, err := keyed.Do(t.Context(), flight.NewKey("k"), takes, slow(&runs, 0))
	require.EqualError(t, err, "test: a panic with a value of type string")
	n, err := keyed.Do(t.Context(), flight.NewKey("k"), takes, slow(&runs, 0))
	require.NoError(t, err, "the next caller does not wait")
	assert.Equal(t, int32(2), n)
}

func TestKeyTellsItsPartsApart(t *testing.T) {
	t.Parallel()
	keys := map[flight.Key]bool{}
	for _, parts := range [][]string{{}, {""}, {"", ""}, {"ab"}, {"a", "b"}, {"b", "a"}, {"a", "", "b"}, {"ab", ""}, {"\x01a"}} {
		keys[flight.NewKey(parts...)] = true
	}
	assert.Len(t, keys, 9)
	assert.Equal(t, flight.NewKey("a", "b"), flight.NewKey("a", "b"))
}
