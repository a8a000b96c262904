package metadata

import (
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

// readLifetime returns what is shorter: the lifetime around e, or e's own.
func readLifetime(around lifetime, e xmlgate.Element) lifetime {
	if text, ok := e.Attr("", "validUntil"); ok {
		until, err := xsd.ParseTime(text)
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
	case l.bad != nil:
		return d.r.because(CheckExpired, name, "validUntil", l.bad)
	case !l.until.IsZero() && !d.now.Before(l.until):
		return d.r.fail(CheckExpired, name, expired)
	}
	return nil
}
