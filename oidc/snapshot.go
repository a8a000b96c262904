package oidc

import (
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

const (
	keysFreshMin = 5 * time.Minute
	keysFresh    = time.Hour
	keysFreshMax = 24 * time.Hour
)

// keySnapshot is one fetched JWKS (RFC 7517 §5); it never changes.
type keySnapshot struct {
	all StaticKeys
	// unusable says by kid why a key was skipped.
	unusable map[string]string
	fetched  time.Time
	fresh    time.Duration
}

// freshAt is false for a time before the fetch: then the clock was set back, and the age is unknown.
func (s *keySnapshot) freshAt(now time.Time) bool {
	age := now.Sub(s.fetched)
	return 0 <= age && age < s.fresh
}

// usableAt reports whether the set may be used when a new one cannot be fetched.
func (s *keySnapshot) usableAt(now time.Time) bool {
	return !now.After(s.fetched.Add(s.fresh + keysStaleMax))
}

// freshness is the server's Cache-Control within limits; without one it is an hour.
func freshness(h http.Header) time.Duration {
	age, said := httpcore.MaxAge(httpcore.CacheControl(h))
	if !said {
		return keysFresh
	}
	return min(max(age, keysFreshMin), keysFreshMax)
}
