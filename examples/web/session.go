package main

import (
	"sync"
	"time"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// session is the session of one browser: the user and their tokens, which are never sent to the browser.
type session struct {
	created  time.Time
	renewing sync.Mutex // one refresh at a time: a rotating refresh token works once

	mu        sync.Mutex
	id        *authentication.Identity
	seen      time.Time
	refreshed time.Time
	refreshes int
}

const (
	idleLifetime     = 24 * time.Hour
	absoluteLifetime = 7 * 24 * time.Hour
)

// Identity is the user.
func (s *session) Identity() *authentication.Identity {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id
}

// renew replaces the identity by the result of refresh, and keeps the old one after a failure.
func (s *session) renew(refresh func(*authentication.Identity) (*authentication.Identity, error)) error {
	s.renewing.Lock()
	defer s.renewing.Unlock()
	next, err := refresh(s.Identity())
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id, s.refreshed = next, time.Now()
	s.refreshes++
	return nil
}

// touch notes that the session was used.
func (s *session) touch(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = now
}

// ends is when the session ends if it is not used again.
func (s *session) ends() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	idle, last := s.seen.Add(idleLifetime), s.created.Add(absoluteLifetime)
	if idle.Before(last) {
		return idle
	}
	return last
}
