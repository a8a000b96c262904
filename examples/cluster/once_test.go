package main

import (
	"context"
	"crypto/rand"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// holdsNames is what must hold of once, by two connections to one database.
func holdsNames(t *testing.T, one, two room) {
	ctx := t.Context()
	rooms := []room{one, two}

	// One has the lock at a time, of any number.
	key := rand.Text()
	var inside, most atomic.Int64
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			unlock, err := rooms[i%2].Lock(ctx, key, time.Minute)
			if assert.NoError(t, err) {
				most.Store(max(most.Load(), inside.Add(1)))
				inside.Add(-1)
				unlock()
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, most.Load())

	// Whoever waits gives up with its context; another key is free.
	unlock, err := one.Lock(ctx, key, time.Minute)
	require.NoError(t, err)
	short, cancel := context.WithTimeout(ctx, 3*lockPause)
	defer cancel()
	_, err = two.Lock(short, key, time.Minute)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	free, err := two.Lock(ctx, rand.Text(), time.Minute)
	require.NoError(t, err)
	free()
	unlock()

	// A lock ends with its time, and whoever had it does not release that of the next one.
	late, err := one.Lock(ctx, key, shortest)
	require.NoError(t, err)
	unlock, err = two.Lock(ctx, key, time.Minute)
	require.NoError(t, err)
	late()
	short, cancel = context.WithTimeout(ctx, 3*lockPause)
	defer cancel()
	_, err = one.Lock(short, key, time.Minute)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	unlock()

	// Of many with one key, one is the first, until its time.
	var firsts atomic.Int64
	until := time.Now().Add(time.Minute)
	for i := range 20 {
		all.Go(func() {
			first, err := rooms[i%2].First(ctx, key, until)
			if assert.NoError(t, err) && first {
				firsts.Add(1)
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, firsts.Load())
	first, err := one.First(ctx, key+" ended", time.Now())
	require.NoError(t, err)
	assert.True(t, first)
	assert.Eventually(t, func() bool {
		first, err := two.First(ctx, key+" ended", until)
		return err == nil && first
	}, 10*time.Second, shortest/4)
}
