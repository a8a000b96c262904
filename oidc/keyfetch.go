package oidc

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
)

// KeyFetch says how a JWKS is fetched, and how long its keys are used (OpenID Connect Core §10.1.1). The zero value is for
// most servers. A time of 0 is the default.
type KeyFetch struct {
	// Timeout is how long one fetch may take; 0 means ten seconds.
	Timeout time.Duration
	// MinFresh is the least time after which the keys are fetched again, whatever Cache-Control says; 0 means five minutes.
	MinFresh time.Duration
	// Fresh is that time when the server has no Cache-Control, not less than MinFresh and not more than MaxFresh; 0 means
	// one hour, within these limits.
	Fresh time.Duration
	// MaxFresh is the most time, whatever Cache-Control says; 0 means 24 hours. A key that the server withdrew is
	// accepted for as long.
	MaxFresh time.Duration
	// MaxStale is how much longer the keys are used when new ones cannot be fetched; 0 means 24 hours.
	MaxStale time.Duration
	// CoolDown is the least time between two fetches for an unknown kid or a wrong signature, and after a fetch that failed
	// while the old keys may still be used; 0 means ten seconds. Anyone can make the tokens that cause such fetches.
	CoolDown time.Duration
}

// complete checks the times and sets defaults.
func (k *KeyFetch) complete() error {
	for _, t := range []struct {
		field string
		value time.Duration
	}{
		{"Timeout", k.Timeout}, {"MinFresh", k.MinFresh}, {"Fresh", k.Fresh}, {"MaxFresh", k.MaxFresh}, {"MaxStale", k.MaxStale},
		{"CoolDown", k.CoolDown},
	} {
		if t.value < 0 {
			return fmt.Errorf("oidc: KeyFetch.%s is negative", t.field)
		}
	}
	k.Timeout = cmp.Or(k.Timeout, 10*time.Second)
	k.MinFresh = cmp.Or(k.MinFresh, 5*time.Minute)
	k.MaxFresh = cmp.Or(k.MaxFresh, max(24*time.Hour, k.MinFresh))
	k.Fresh = cmp.Or(k.Fresh, min(max(time.Hour, k.MinFresh), k.MaxFresh))
	k.MaxStale = cmp.Or(k.MaxStale, 24*time.Hour)
	k.CoolDown = cmp.Or(k.CoolDown, 10*time.Second)
	switch {
	case k.MaxFresh < k.MinFresh:
		return errors.New("oidc: KeyFetch.MaxFresh is shorter than KeyFetch.MinFresh")
	case k.Fresh < k.MinFresh:
		return errors.New("oidc: KeyFetch.Fresh is shorter than KeyFetch.MinFresh")
	case k.Fresh > k.MaxFresh:
		return errors.New("oidc: KeyFetch.Fresh is longer than KeyFetch.MaxFresh")
	}
	return nil
}

// freshness is the server's Cache-Control within the limits.
func (k *KeyFetch) freshness(h http.Header) time.Duration {
	age, said := httpcore.MaxAge(httpcore.CacheControl(h))
	if !said {
		return k.Fresh
	}
	return min(max(age, k.MinFresh), k.MaxFresh)
}
