package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// LostReason is why Take or TakeLogout found nothing. Each is an error, so that
// errors.Is(err, web.LostSeal) works in Pending.OnLost.
type LostReason string

const (
	// LostKey is a callback that names no login: it has no state, RelayState or login parameter.
	LostKey LostReason = "the callback does not say which one it belongs to: it has no state, RelayState or login parameter, or its body was read before"
	// LostCookie is a browser without any cookie of ours: it began nothing, has completed it, drops cookies, came
	// back to another host or scheme, or the cookie's Lifetime is over.
	LostCookie LostReason = "the browser sent no cookie of it: it was completed, is too old, or began at another host or scheme than the callback's"
	// LostState is a browser that has others under way, but not this one: it was completed before, or Limit newer
	// ones pushed it out.
	LostState LostReason = "the browser has others under way, but not this one: it was completed, or Pending.Limit newer ones pushed it out"
	// LostAge is a cookie that is older than Lifetime.
	LostAge LostReason = "it is too old"
	// LostClock is a cookie made over a minute ahead of this clock: the clocks of two instances differ.
	LostClock LostReason = "it was begun in the future: the clocks of the instances differ"
	// LostSeal is a cookie that no key of Pending.Keys opens: it is damaged, or was sealed with another key, which
	// several instances without common Keys have, and one without Keys that was started anew.
	LostSeal LostReason = "its cookie was sealed with another key, or is damaged: all instances need the same Pending.Keys, also after a restart"
	// LostForm is a cookie that opens and cannot be read: another version of this library made it.
	LostForm LostReason = "another version of this library kept it"
)

// Error is the reason.
func (l LostReason) Error() string { return string(l) }

// lost tells the application why nothing was found.
func (p *Pending) lost(r *http.Request, k kind, reason error) {
	if reason == nil || p.OnLost == nil {
		return
	}
	if why := LostReason(""); errors.As(reason, &why) {
		reason = fmt.Errorf("web: the %s is lost: %w", k, reason)
	}
	p.OnLost(r, reason)
}

// open returns the plain text of a cookie, or why there is none.
func (p *Pending) open(box *box, cookie *http.Cookie) ([]byte, error) {
	at := sealedAt(cookie.Value)
	switch age := p.now().Sub(at); {
	case at.IsZero():
		return nil, LostSeal
	case age > p.lifetime():
		return nil, fmt.Errorf("%w: %s, Pending.Lifetime is %s", LostAge, age.Truncate(time.Second), p.lifetime())
	case !p.fresh(at):
		return nil, LostClock
	}
	plain, ok := box.open(cookie.Name, cookie.Value)
	if !ok {
		return nil, LostSeal
	}
	return plain, nil
}

// absent tells a browser that has nothing of this Pending from one that has others.
func (p *Pending) absent(r *http.Request) error {
	for _, c := range r.Cookies() {
		if p.owns(r, c.Name) {
			return LostState
		}
	}
	return LostCookie
}

// owns tells whether a cookie of this name is one of this Pending's. Two Names never own the same: where
// their prefixes are alike, the lengths differ.
func (p *Pending) owns(r *http.Request, name string) bool {
	prefix := p.prefix(r)
	return strings.HasPrefix(name, prefix) && len(name) == len(prefix)+nameLength
}

const maxName = 32

func checkName(name string) error {
	if len(name) > maxName {
		return errors.New("web: Pending.Name has over 32 characters")
	}
	for _, c := range []byte(name) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-') {
			return errors.New("web: Pending.Name may have letters, digits and hyphens only")
		}
	}
	return nil
}
