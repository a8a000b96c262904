package web

import (
	"cmp"
	"net/http"
	"slices"
	"time"
)

const (
	maxPending = 6000 // bytes of the cookies of pending logins in one request; servers refuse headers of 8 kB
	maxEvicted = 16   // cookies that one response deletes
)

// pendingCookie is one that the browser has.
type pendingCookie struct {
	name string
	size int
	at   time.Time
}

// keep sets the cookie and deletes the oldest ones over the limits, of number and of size.
func (p *Pending) keep(w http.ResponseWriter, r *http.Request, cookie *http.Cookie) {
	others := p.others(r, cookie.Name)
	slices.SortStableFunc(others, func(a, b pendingCookie) int { return cmp.Compare(a.at.Unix(), b.at.Unix()) })
	slices.Reverse(others) // the newest first: of equal ones the last in the header, as browsers order them
	kept, size := 0, sizeOf(cookie)
	for ; kept < len(others) && kept < p.limit()-1 && size+others[kept].size <= maxPending; kept++ {
		size += others[kept].size
	}
	over := others[kept:]
	for _, old := range over[max(0, len(over)-maxEvicted):] {
		http.SetCookie(w, p.gone(r, old.name))
	}
	http.SetCookie(w, cookie)
}

// others are the browser's cookies of this Pending but one. Cookies with an invalid, expired or future time count as the
// oldest.
func (p *Pending) others(r *http.Request, but string) []pendingCookie {
	var others []pendingCookie
	seen := map[string]bool{but: true}
	for _, c := range r.Cookies() {
		if !p.owns(r, c.Name) || seen[c.Name] {
			continue
		}
		seen[c.Name] = true
		at := sealedAt(c.Value)
		if !p.fresh(at) {
			at = time.Time{}
		}
		others = append(others, pendingCookie{c.Name, sizeOf(c), at})
	}
	return others
}

// sizeOf is what a cookie takes in the Cookie header.
func sizeOf(c *http.Cookie) int { return len(c.Name) + len("=; ") + len(c.Value) }
