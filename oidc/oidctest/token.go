package oidctest

import (
	"slices"
	"time"
)

// Lifetimes of tokens.
const (
	accessLifetime  = time.Hour
	refreshLifetime = 14 * 24 * time.Hour
)

// token is an access token or a refresh token.
type token struct {
	grant       *grant
	value       string
	id          string // jti
	refresh     bool
	bound       binding // of a refresh token: guarded by memory.mu
	scopes      []string
	resources   []string // the APIs that it is for, when the request named some
	details     details  // what it allows in detail
	issued, end time.Time
	used        bool // a refresh token that was exchanged; guarded by memory.mu
	revoked     bool // guarded by memory.mu
}

// dead is called under memory.mu.
func (t *token) dead() bool { return t.used || t.revoked || t.grant.revoked }

func (t *token) has(scope string) bool { return slices.Contains(t.scopes, scope) }
