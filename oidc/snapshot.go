package oidc

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	keysFreshMin = 5 * time.Minute
	keysFresh    = time.Hour
	keysFreshMax = 24 * time.Hour
)

// keySnapshot is one fetched JWKS; it never changes.
type keySnapshot struct {
	all  []Key
	byID map[string][]Key
	// unusable says by kid why a key was passed over.
	unusable map[string]string
	fetched  time.Time
	fresh    time.Duration
}

func newSnapshot(keys []Key, unusable map[string]string, fetched time.Time, fresh time.Duration) *keySnapshot {
	s := &keySnapshot{all: keys, byID: make(map[string][]Key, len(keys)), unusable: unusable, fetched: fetched, fresh: fresh}
	for _, k := range keys {
		s.byID[k.ID] = append(s.byID[k.ID], k)
	}
	return s
}

func (s *keySnapshot) find(kid string) []Key {
	if kid == "" {
		return s.all
	}
	return s.byID[kid]
}

// freshAt is false before the set was fetched: the clock was set back, and nobody knows how old it is.
func (s *keySnapshot) freshAt(now time.Time) bool {
	age := now.Sub(s.fetched)
	return 0 <= age && age < s.fresh
}

// usableAt tells whether the set may stand in for one that cannot be fetched.
func (s *keySnapshot) usableAt(now time.Time) bool {
	return !now.After(s.fetched.Add(s.fresh + keysStaleMax))
}

// freshness reads all lines of Cache-Control, within its bounds; a silent server gets an hour (RFC 9111
// §5.2.2). Of several ages the shortest counts.
func freshness(h http.Header) time.Duration {
	fresh, said := keysFresh, false
	for _, part := range strings.Split(strings.ToLower(strings.Join(h.Values("Cache-Control"), ",")), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "no-store", "no-cache":
			return keysFreshMin
		case "max-age":
			seconds, err := strconv.ParseInt(strings.Trim(value, `"`), 10, 64)
			if err != nil || seconds < 0 {
				return keysFreshMin
			}
			age := time.Duration(min(seconds, int64(keysFreshMax/time.Second))) * time.Second
			if !said || age < fresh {
				fresh, said = age, true
			}
		}
	}
	return max(fresh, keysFreshMin)
}
