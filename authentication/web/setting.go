package web

import (
	"errors"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// mistake adds ErrMisconfigured to an error and keeps its text.
type mistake struct{ error }

// Unwrap adds the verdict.
func (m mistake) Unwrap() []error { return []error{m.error, authentication.ErrMisconfigured} }

func mistaken(err error) error {
	if err == nil {
		return nil
	}
	return mistake{err}
}

// ready checks the settings once and makes the ciphers.
func (p *Pending) ready() (*box, error) {
	p.once.Do(func() {
		p.err = checkName(p.Name)
		switch {
		case p.err != nil:
		case p.Lifetime < 0:
			p.err = errors.New("web: Pending.Lifetime is negative")
		case p.Limit < 0:
			p.err = errors.New("web: Pending.Limit is negative")
		default:
			p.box, p.err = newBox("Pending.Keys", p.Keys)
		}
		p.err = mistaken(p.err)
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

// quiet keeps a response that begins or ends a login out of caches and Referer headers.
func quiet(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
}
