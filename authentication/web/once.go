package web

import (
	"crypto/sha256"
	"sync"
)

// inFlight has the logins that are being completed in this process.
type inFlight struct {
	mu   sync.Mutex
	done map[[sha256.Size]byte]chan struct{}
}

// enter reports whether a login is the first of its name, which must leave. For the others done closes then.
func (f *inFlight) enter(name [sha256.Size]byte) (done <-chan struct{}, first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if done, ok := f.done[name]; ok {
		return done, false
	}
	if f.done == nil {
		f.done = map[[sha256.Size]byte]chan struct{}{}
	}
	f.done[name] = make(chan struct{})
	return nil, true
}

func (f *inFlight) leave(name [sha256.Size]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.done[name])
	delete(f.done, name)
}
