package web

import (
	"crypto/sha256"
	"net/http"
	"sync"
)

// inFlight has the logins that are being completed in this process.
type inFlight struct {
	mu   sync.Mutex
	open map[[sha256.Size]byte]*completion
}

// completion is a login that is being completed.
type completion struct {
	done chan struct{}
	// cookies are the session's, and location is where the browser goes: readable when done is closed, and empty when nobody
	// was logged in.
	cookies  []string
	location string
}

// enter reports whether a login is the first of its name, which must leave. For the others done closes then.
func (f *inFlight) enter(name [sha256.Size]byte) (c *completion, first bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.open[name]; c != nil {
		return c, false
	}
	if f.open == nil {
		f.open = map[[sha256.Size]byte]*completion{}
	}
	c = &completion{done: make(chan struct{})}
	f.open[name] = c
	return c, true
}

func (f *inFlight) leave(name [sha256.Size]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.open[name].done)
	delete(f.open, name)
}

// follow gives a browser that sent the same callback once more the answer to the first: after a reload it does not read
// that one. It has the same pending login, so that it is the same browser.
func (v *visit) follow(c *completion, key string) {
	select {
	case <-c.done:
	case <-v.r.Context().Done():
		return
	}
	if c.location == "" {
		v.toSeen(key)
		return
	}
	for _, cookie := range c.cookies {
		v.w.Header().Add("Set-Cookie", cookie)
	}
	v.w.Header().Set("Location", c.location)
	v.w.WriteHeader(http.StatusSeeOther)
}
