package oidc

import (
	"errors"
	"slices"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/tokencache"
)

// AccessTokenCache makes VerifyAccessToken remember tokens that it verified (RFC 9068 §4). A token that comes again
// costs one hash, and is known by that hash alone. Each use checks again the end of the token, the expectation, and
// that the server's keys are still those that verified it, and fresh. Keys of Config.Keys have no age: there MaxAge
// alone limits how long a removed key counts.
//
// A remembered *AccessToken is shared by all callers: it must not be changed.
type AccessTokenCache struct {
	// Entries is how many tokens are remembered; a new one replaces the oldest. 0 remembers none.
	Entries int
	// MaxAge is how long a token is remembered, at most to its end; 0 means 5 minutes.
	MaxAge time.Duration
}

const accessCacheAge = 5 * time.Minute

func (a *AccessTokenCache) check() error {
	switch {
	case a.Entries < 0 || a.MaxAge < 0:
		return errors.New("oidc: AccessTokenCache has a negative number")
	case a.Entries == 0 && a.MaxAge != 0:
		return errors.New("oidc: AccessTokenCache.MaxAge is set, and Entries is not")
	case a.MaxAge == 0:
		a.MaxAge = accessCacheAge
	}
	return nil
}

// knownAccess is a verified token with all that the result depends on besides the clock.
type knownAccess struct {
	token  *AccessToken
	expect AccessTokenExpect
	keys   *keySnapshot
}

// recall returns a token that was verified before under the same conditions, or nil.
func (c *Client) recall(key tokencache.Key, e *AccessTokenExpect, keys KeySet) *AccessToken {
	now := c.cfg.Now()
	known, ok := c.known.Get(key, now)
	if !ok || !known.expect.sameCheck(e) {
		return nil
	}
	if set, fresh := freshSnapshot(keys, now); !fresh || set != known.keys {
		return nil
	}
	return known.token
}

// remember needs the snapshot from before the verification: another one may not have the key any more.
func (c *Client) remember(key tokencache.Key, t *AccessToken, e AccessTokenExpect, keys KeySet, before *keySnapshot) {
	now := c.cfg.Now()
	set, _ := freshSnapshot(keys, now)
	if set != before {
		return
	}
	e.OtherAudiences, e.ClientIDs, e.Scopes = slices.Clone(e.OtherAudiences), slices.Clone(e.ClientIDs), nil
	until := now.Add(c.cfg.AccessTokenCache.MaxAge)
	if t.Expiry.Before(until) {
		until = t.Expiry
	}
	c.known.Put(key, &knownAccess{t, e, set}, now, until, 0)
}

// freshSnapshot returns the current set of the server's keys; nil for other keys, which do not change by themselves.
func freshSnapshot(keys KeySet, now time.Time) (set *keySnapshot, fresh bool) {
	remote, ok := keys.(*remoteKeys)
	if !ok {
		return nil, true
	}
	set = remote.snapshot.Load()
	return set, set != nil && set.freshAt(now)
}

// sameCheck compares all but Scopes, which are checked at each use.
func (e *AccessTokenExpect) sameCheck(o *AccessTokenExpect) bool {
	return e.Audience == o.Audience && slices.Equal(e.OtherAudiences, o.OtherAudiences) && slices.Equal(e.ClientIDs, o.ClientIDs) &&
		e.AllowPlainJWT == o.AllowPlainJWT && e.AllowNoScope == o.AllowNoScope && e.AllowBoundToken == o.AllowBoundToken
}
