// Package replay remembers, in memory and within bounds, what may be used once.
package replay

import (
	"context"
	"errors"
	"time"
)

// Memory is a store for one instance of an application. When it is full it refuses, it never forgets early.
type Memory struct{}

// New makes a Memory of at most max keys; 0 means 100,000. now nil is time.Now.
func New(max int, now func() time.Time) *Memory { return &Memory{} }

// First reports true to exactly one caller for a key, until that time.
func (m *Memory) First(ctx context.Context, key string, until time.Time) (bool, error) {
	return false, errors.New("replay: not built yet")
}
