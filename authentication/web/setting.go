package web

import (
	"errors"
	"net/http"
	"strings"
	"time"
)

// ready checks the settings once and makes the ciphers.
func (p *Pending) ready() (*box, error) {
	p.once.Do(func() {
		switch {
		case p.Lifetime < 0:
			p.err = errors.New("web: Pending.Lifetime is negative")
		case p.Limit < 0:
			p.err = errors.New("web: Pending.Limit is negative")
		default:
			p.box, p.err = newBox(p.Keys)
		}
	})
	return p.box, p.err
}

func (p *Pending) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

func (p *Pending) lifetime() time.Duration {
	if p.Lifetime == 0 {
		return defaultLifetime
	}
	return p.Lifetime
}

func (p *Pending) limit() int {
	if p.Limit == 0 {
		return defaultLimit
	}
	return p.Limit
}

// fresh allows a minute for the clocks of several instances.
func (p *Pending) fresh(at time.Time) bool {
	age := p.now().Sub(at)
	return age <= p.lifetime() && age >= -time.Minute
}

// quiet keeps an answer that begins or ends a login out of caches and Referer headers.
func quiet(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

// prefetched tells a browser that is guessing from a user who asks.
func prefetched(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch") || r.Header.Get("Purpose") == "prefetch"
}
