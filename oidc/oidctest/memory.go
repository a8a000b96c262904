package oidctest

import (
	"slices"
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
)

// memory is what the server remembers: the codes and tokens it made.
type memory struct {
	mu     sync.Mutex
	codes  idptest.Shelf[*code]
	tokens idptest.Shelf[*token]
	apps   idptest.Shelf[*client] // registered
	used   idptest.Shelf[bool]    // jti of assertions
	pushed idptest.Shelf[*pushed] // by request_uri
	// Logins in which a person decides elsewhere, by device_code or auth_req_id, and by user_code.
	waiting, shown idptest.Shelf[*asked]
}

// registered is an application that registered itself, or nil.
func (m *memory) registered(id string, now time.Time) *client {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, _ := m.apps.Get(id, now)
	return c
}

func (m *memory) keepClient(c *client, until, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.apps.Put(c.id, c, until, now)
}

func (m *memory) forgetClient(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.apps.Drop(id)
}

// firstUse says whether the key is new, and keeps it.
func (m *memory) firstUse(key string, until, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.used.Get(key, now); known {
		return false
	}
	m.used.Put(key, true, until, now)
	return true
}

func (m *memory) keepCode(value string, c *code, lifetime time.Duration, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.codes.Put(value, c, now.Add(lifetime), now)
}

func (m *memory) keep(t *token) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tokens.Put(t.value, t, t.end, t.issued)
}

// live returns the token of that value when it is still good, or nil.
func (m *memory) live(value string, now time.Time) *token {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tokens.Get(value, now)
	if !ok || t.dead() {
		return nil
	}
	return t
}

// redeem uses the code up. A second use means that it leaked: all tokens that
// came from it die (RFC 6749 §4.1.2).
func (m *memory) redeem(value, client, redirectURI, verifier string, now time.Time) (*code, *failure) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.codes.Get(value, now)
	switch {
	case !ok || c.grant.client != client:
		return nil, invalidGrant("the code is unknown or too old")
	case c.used:
		c.grant.revoked = true
		return nil, invalidGrant("the code was used before")
	case c.redirectURI != redirectURI:
		return nil, invalidGrant("redirect_uri is not the one of the authorization request")
	}
	if failed := verifyPKCE(c.challenge, c.challengeMethod, verifier); failed != nil {
		return nil, failed
	}
	c.used = true
	return c, nil
}

// rotate uses the refresh token up, when it is good for once. A second use kills the whole family (RFC 9700 §4.14.2).
func (m *memory) rotate(value, client string, asked []string, once bool, now time.Time) (*token, *failure) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, ok := m.tokens.Get(value, now)
	switch {
	case !ok || t.grant.client != client || !t.refresh || t.revoked || t.grant.revoked:
		return nil, invalidGrant("the refresh token is unknown, revoked or too old")
	case t.used:
		t.grant.revoked = true
		return nil, invalidGrant("the refresh token was used before")
	}
	for _, scope := range asked {
		if !slices.Contains(t.scopes, scope) {
			return nil, invalidScope("refresh token missing requested scope")
		}
	}
	t.used = once
	return t, nil
}

// revoke ends a token, and with a refresh token all that came from its login (RFC 7009 §2.1).
func (m *memory) revoke(t *token) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t.revoked = true
	if t.refresh {
		t.grant.revoked = true
	}
}
