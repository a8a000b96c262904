package idptest

import (
	"net/http"
	"sync"
	"time"
)

// Realm is what fake servers have in common: the people who can log in, the browsers in which they are logged in, the
// pages, the faults and the clock. The zero value works. Fields are set before the first request and not changed
// afterwards; methods are safe for concurrent use.
type Realm struct {
	// Users are the people who can log in; empty means one user (Username).
	Users []User
	// AppName is the name of the application on the pages; empty means "Demo application".
	AppName string
	// BaseURL is the address that the servers are reached under, such as "https://login.example.com"; a path in it is
	// stripped from requests. Empty means the scheme and host of each request.
	BaseURL string
	// HTTPClient makes the servers' own calls, such as those that tell of a logout; its cookie jar is not used and no
	// redirect is followed. Nil means that loopback hosts alone are called.
	HTTPClient *http.Client
	// Now is the clock; nil means time.Now. It is called from many goroutines.
	Now func() time.Time
	// Profile returns all claims of a user, a null for a claim without a value; Claims and the scopes choose among them.
	// Nil means User.Profile.
	Profile func(*User) map[string]any
	// Scopes are scopes beside those of OpenID Connect Core §5.4, each with the names of its claims.
	Scopes map[string][]string

	mu           sync.Mutex
	sessions     Shelf[*session]
	interactions Shelf[*interaction]
	problem      string
	known        map[Fault]bool
	faults       map[Fault]bool
	counts       map[string]int
}

// Time is the time on the realm's clock.
func (r *Realm) Time() time.Time {
	if r.Now != nil {
		return r.Now()
	}
	return time.Now()
}

// Requests says how many requests arrived for a path, such as "/token", those of browsers included, at all servers of
// the realm. The path is written without that of BaseURL.
func (r *Realm) Requests(path string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts[path]
}

func (r *Realm) count(path string) {
	// Paths come from outside: a test that asks for many must not grow the map without end.
	const limit = 1000
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = make(map[string]int)
	}
	if _, known := r.counts[path]; known || len(r.counts) < limit {
		r.counts[path]++
	}
}

// Reject makes every server of the realm answer 500 with the problem: a server calls it when its own fields contradict
// each other.
func (r *Realm) Reject(problem string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problem = problem
}
