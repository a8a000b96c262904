package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// LostReason is why Take or TakeLogout found nothing. Each reason is an error, so that errors.Is(err, web.LostSeal)
// works in Pending.OnLost.
type LostReason string

const (
	// LostKey is a callback without a key: it has no state, RelayState or login parameter, or it came in the fragment to
	// a callback that is not behind FragmentPage.
	LostKey LostReason = "the callback has no key: it has no state, RelayState or login parameter, its body was read before, or it came in the fragment, which needs web.FragmentPage"
	// LostCookie is a browser without any cookie of this Pending. It began nothing, has completed it, drops cookies,
	// came back to another host or scheme, or the cookie's Lifetime is over.
	LostCookie LostReason = "the browser sent no cookie for it: it was completed, is too old, or began at another host or scheme than the callback's"
	// LostState is a browser that has other pending logins, but not this one: it was completed before, or Limit newer
	// ones displaced it.
	LostState LostReason = "the browser has other pending ones, but not this one: it was completed, or Pending.Limit newer ones displaced it"
	// LostAge is a cookie that is older than Lifetime.
	LostAge LostReason = "it is too old"
	// LostClock is a cookie from over a minute in the future: the clocks of two instances differ.
	LostClock LostReason = "it began in the future: the clocks of the instances differ"
	// LostSeal is a cookie that no key of Pending.Keys opens: it is damaged, or was sealed with another key. This
	// happens to several instances without common Keys, and to one instance without Keys after a restart.
	LostSeal LostReason = "its cookie was sealed with another key, or is damaged: all instances need the same Pending.Keys, also after a restart"
	// LostForm is a cookie that opens but cannot be read: another version of this library made it.
	LostForm LostReason = "another version of this library made its cookie"
)

// Error is the reason.
func (l LostReason) Error() string { return string(l) }

// lost reports to the application why nothing was found.
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
func (p *Pending) open(box *box, name, value string) ([]byte, error) {
	at := sealedAt(value)
	switch age := p.now().Sub(at); {
	case at.IsZero():
		return nil, LostSeal
	case age > p.lifetime():
		return nil, fmt.Errorf("%w: %s, Pending.Lifetime is %s", LostAge, age.Truncate(time.Second), p.lifetime())
	case !p.fresh(at):
		return nil, LostClock
	}
	plain, ok := box.open(name, value)
	if !ok {
		return nil, LostSeal
	}
	return plain, nil
}

// absent distinguishes a browser without cookies of this Pending from one with other logins.
func (p *Pending) absent(r *http.Request) error {
	for _, c := range r.Cookies() {
		if p.owns(r, c.Name) {
			return LostState
		}
	}
	if r.Method == http.MethodPost {
		return fmt.Errorf("%w; it came by POST, and browsers send no cookie with a POST from another site but with SameSite=None", LostCookie)
	}
	return LostCookie
}

// owns reports whether a cookie of this name belongs to this Pending. Two Names never own the same cookie: when their
// prefixes are equal, the lengths differ.
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
