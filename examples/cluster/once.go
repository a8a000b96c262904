package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"
)

// once is what happens once in all instances: a refresh, as the web.Locker of a Store, and a login, as the oauth.Replay of
// a client.
type once struct{ names }

// names can each be held by one instance.
type names interface {
	// claim gives a name to holder for a while, unless another has it. The same claim again is true again: a database's
	// client repeats what may be lost.
	claim(ctx context.Context, name, holder string, ttl time.Duration) (bool, error)
	// release takes it away from holder, and from nobody else.
	release(ctx context.Context, name, holder string) error
}

const (
	lockPause    = 20 * time.Millisecond // between two tries
	releaseLimit = time.Second
	// shortest is what a database can count.
	shortest = time.Second
)

// Lock implements web.Locker. It waits until ctx ends. Whoever works for longer than ttl has lost the lock and does not
// know: a lock in one database is no proof, it only spares the server a second refresh.
func (o once) Lock(ctx context.Context, key string, ttl time.Duration) (unlock func(), err error) {
	holder := rand.Text() // an instance that comes late does not release the lock of the next one
	unlock = func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseLimit)
		defer cancel()
		_ = o.release(ctx, key, holder) // otherwise it ends with ttl
	}
	for {
		switch ours, err := o.claim(ctx, key, holder, max(ttl, shortest)); {
		case err != nil:
			unlock() // the answer may be what was lost
			return nil, err
		case ours:
			return unlock, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockPause):
		}
	}
}

// First implements oauth.Replay. The name has 43 characters, as the keys of sessions and locks have.
func (o once) First(ctx context.Context, key string, until time.Time) (bool, error) {
	sum := sha256.Sum256([]byte("replay:" + key))
	return o.claim(ctx, base64.RawURLEncoding.EncodeToString(sum[:]), rand.Text(), max(time.Until(until), shortest))
}
