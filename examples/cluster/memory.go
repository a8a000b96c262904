package main

import (
	"context"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2/memstore"
)

// memoryRoom stands in for a database, for instances in one process.
type memoryRoom struct {
	*memstore.MemStore
	once
}

func newMemoryRoom() *memoryRoom { return &memoryRoom{memstore.New(), once{new(memoryNames)}} }

type memoryNames struct{ sync.Map }

func (n *memoryNames) claim(_ context.Context, name, holder string, ttl time.Duration) (bool, error) {
	other, taken := n.LoadOrStore(name, holder)
	if !taken {
		time.AfterFunc(ttl, func() { n.CompareAndDelete(name, holder) })
	}
	return !taken || other == holder, nil
}

func (n *memoryNames) release(_ context.Context, name, holder string) error {
	n.CompareAndDelete(name, holder)
	return nil
}
