// Package session keeps the sessions of a web application, and the marks of sessions that ended at the server, as sealed
// records in a store. It knows no HTTP and no protocol.
package session

import (
	"context"
	"fmt"
	"time"
)

// Store has the methods of the session stores of github.com/alexedwards/scs/v2, so that each of them fits. A token is a
// key of 43 characters.
type Store interface {
	Find(token string) (b []byte, found bool, err error)
	Commit(token string, b []byte, expiry time.Time) error
	Delete(token string) error
}

// ManyStore is a Store that reads many records at once. A record that is not found is nil.
type ManyStore interface {
	FindMany(ctx context.Context, tokens []string) ([][]byte, error)
}

// Locker is a Store that locks a key for all instances. The lock ends with unlock, or after ttl.
type Locker interface {
	Lock(ctx context.Context, key string, ttl time.Duration) (unlock func(), err error)
}

// find reads a record; nil without an error when there is none.
func find(ctx context.Context, store Store, key string) (b []byte, err error) {
	var found bool
	if s, ok := store.(interface {
		FindCtx(ctx context.Context, token string) ([]byte, bool, error)
	}); ok {
		b, found, err = s.FindCtx(ctx, key)
	} else {
		b, found, err = store.Find(key)
	}
	if err != nil {
		return nil, fmt.Errorf("session: Store.Find: %w", err)
	}
	if !found {
		return nil, nil
	}
	return b, nil
}

func findMany(ctx context.Context, store ManyStore, keys []string) ([][]byte, error) {
	found, err := store.FindMany(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("session: Store.FindMany: %w", err)
	}
	if len(found) != len(keys) {
		return nil, fmt.Errorf("session: Store.FindMany returned %d records for %d keys", len(found), len(keys))
	}
	return found, nil
}

func commit(ctx context.Context, store Store, r record) (err error) {
	if s, ok := store.(interface {
		CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error
	}); ok {
		err = s.CommitCtx(ctx, r.key, r.b, r.expiry)
	} else {
		err = store.Commit(r.key, r.b, r.expiry)
	}
	if err != nil {
		return fmt.Errorf("session: Store.Commit: %w", err)
	}
	return nil
}

func remove(ctx context.Context, store Store, key string) (err error) {
	if s, ok := store.(interface {
		DeleteCtx(ctx context.Context, token string) error
	}); ok {
		err = s.DeleteCtx(ctx, key)
	} else {
		err = store.Delete(key)
	}
	if err != nil {
		return fmt.Errorf("session: Store.Delete: %w", err)
	}
	return nil
}
