package oidc

import (
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/duration"
)

// keySnapshot is one fetched JWKS (RFC 7517 §5); it never changes.
type keySnapshot struct {
	all StaticKeys
	// encryption has the keys to which the client encrypts, and skipped says why others of them are not usable.
	encryption StaticKeys
	skipped    string
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

// usableAt reports whether the set may be used, that much longer than it is fresh, when a new one cannot be fetched.
func (s *keySnapshot) usableAt(now time.Time, longer time.Duration) bool {
	return !now.After(s.fetched.Add(duration.Sum(s.fresh, longer)))
}
