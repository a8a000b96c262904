package metadata

import (
	"errors"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/internal/xsd"
)

// noCache is the cacheDuration of what has none.
const noCache = -1

// lifetime is how long something is valid, and how long it need not be fetched again (SAML Metadata §2.3.1).
type lifetime struct {
	until time.Time // zero: for good
	cache time.Duration
	bad   error // why a validUntil cannot be read
}

// lifetime returns what is shorter: the lifetime around e, or e's own.
func (r *reader) lifetime(around lifetime, e xmlgate.Element) lifetime {
	if text, ok := e.Attr("", "validUntil"); ok {
		parse := xsd.ParseTime
		if r.AllowTimeOffsets {
			parse = xsd.ParseZonedTime
		}
		until, err := parse(text)
		if until.IsZero() {
			until = until.Add(1) // the first instant of all is past too, and the zero time is none
		}
		if err != nil {
			around.bad = err
		} else if around.until.IsZero() || until.Before(around.until) {
			around.until = until
		}
	}
	if text, ok := e.Attr("", "cacheDuration"); ok {
		// One that cannot be read counts as 0: the next fetch is as soon as the source's own bounds permit.
		cache, _ := xsd.ParseDuration(text)
		if around.cache == noCache || cache < around.cache {
			around.cache = cache
		}
	}
	return around
}

const expired = "validUntil is past"

func (d *document) checkLifetime(l lifetime, name string) *Error {
	switch {
	case errors.Is(l.bad, xsd.NotUTC):
		return d.r.because(CheckExpired, name, "validUntil, and AllowTimeOffsets is off", l.bad)
	case l.bad != nil:
		return d.r.because(CheckExpired, name, "validUntil", l.bad)
	case !l.until.IsZero() && !d.now.Before(l.until):
		return d.r.fail(CheckExpired, name, expired)
	}
	return nil
}

// checkBound refuses what MaxValidity does not permit. Every validUntil in l must be signed.
func (d *document) checkBound(l lifetime, name string) *Error {
	switch {
	case d.r.MaxValidity == 0:
		return nil
	case l.bad != nil:
		return d.checkLifetime(l, name)
	case l.until.IsZero():
		return d.r.fail(CheckExpired, name, "there is no validUntil, which MaxValidity demands")
	case l.until.After(d.now.Add(d.r.MaxValidity)):
		return d.r.fail(CheckExpired, name, "validUntil is further away than MaxValidity")
	}
	return nil
}
