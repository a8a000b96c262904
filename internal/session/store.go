// Package session keeps the sessions of a web application, and the marks of sessions that ended at the server, as sealed
// records in a store. It knows no HTTP and no protocol.
package session

import (
	"context"
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
