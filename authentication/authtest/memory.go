package authtest

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"time"
)

// shelfSize bounds each shelf; the oldest entry leaves first.
const shelfSize = 10_000

// memory is all that the server remembers; Server.mu guards it.
type memory struct {
	codes        shelf[*code]
	tokens       shelf[*token]
	sessions     shelf[*session]
	interactions shelf[*interaction]
	tickets      shelf[*ticket]
	pgts         shelf[*pgt]
	logouts      shelf[*samlChain]
	sent         map[string]string // the last SAML message of each kind to each application
}

// shelf is a bounded map whose entries expire.
type shelf[V any] struct {
	entries map[string]entry[V]
	order   []string
}

type entry[V any] struct {
	value V
	until time.Time
}

func (h *shelf[V]) put(key string, value V, until, now time.Time) {
	if h.entries == nil {
		h.entries = make(map[string]entry[V])
	}
	if _, known := h.entries[key]; !known {
		h.order = append(h.order, key)
	}
	h.entries[key] = entry[V]{value, until}
	if len(h.order) > shelfSize {
		h.tidy(now)
	}
}

func (h *shelf[V]) get(key string, now time.Time) (V, bool) {
	found, ok := h.entries[key]
	if !ok || !now.Before(found.until) {
		var none V
		return none, false
	}
	return found.value, true
}

func (h *shelf[V]) drop(key string) { delete(h.entries, key) }

// tidy forgets what expired, then the oldest, until an eighth of the shelf is free.
func (h *shelf[V]) tidy(now time.Time) {
	kept := h.order[:0]
	for _, key := range h.order {
		if found, ok := h.entries[key]; ok && now.Before(found.until) {
			kept = append(kept, key)
		} else {
			delete(h.entries, key)
		}
	}
	for len(kept) > shelfSize*7/8 {
		delete(h.entries, kept[0])
		kept = kept[1:]
	}
	h.order = kept
}

// opaque is an unguessable value in Authing's OIDC form: 43 base64url characters.
func opaque() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails (crypto/rand)
	return base64.RawURLEncoding.EncodeToString(b)
}

// opaqueHex is an unguessable value in Authing's OAuth form: 40 hex characters.
func opaqueHex() string {
	b := make([]byte, 20)
	rand.Read(b)
	return hex.EncodeToString(b)
}
