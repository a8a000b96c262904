package session_test

import (
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/session"
)

// plainStore has what a Store needs, and nothing more.
type plainStore struct {
	mu      sync.Mutex
	records map[string][]byte
	ends    map[string]time.Time
	finds   int
	fail    error
}

func newStore() *plainStore {
	return &plainStore{records: map[string][]byte{}, ends: map[string]time.Time{}}
}

func (s *plainStore) Find(token string) ([]byte, bool, error) {
	defer runtime.Gosched() // as a store in a network lets others run
	s.mu.Lock()
	defer s.mu.Unlock()
	s.finds++
	b, found := s.records[token]
	return b, found, s.fail
}

func (s *plainStore) Commit(token string, b []byte, expiry time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail == nil {
		s.records[token], s.ends[token] = b, expiry
	}
	return s.fail
}

func (s *plainStore) Delete(token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail == nil {
		delete(s.records, token)
	}
	return s.fail
}

func (s *plainStore) copy() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.records)
}

// other returns a key that is not among these.
func (s *plainStore) other(keys ...string) string {
	for key := range s.copy() {
		if !slices.Contains(keys, key) {
			return key
		}
	}
	return ""
}

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 5, 4, 3, 2, 1, 5, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

const base = "https://app.test"

func newKeeper(store session.Store, c *clock) *session.Keeper {
	return &session.Keeper{Store: store, Realm: []string{base, "session"}, Idle: time.Hour, Absolute: 8 * time.Hour, Now: c.now}
}

// stores are the two ways in which a Keeper uses a Store.
func stores(t *testing.T, test func(t *testing.T, k *session.Keeper, c *clock)) {
	t.Helper()
	for name, store := range map[string]func(c *clock) session.Store{
		"store":  func(*clock) session.Store { return newStore() },
		"memory": func(c *clock) session.Store { return session.NewMemory(c.now) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			test(t, newKeeper(store(c), c), c)
		})
	}
}

func alice() session.Head {
	return session.Head{
		Flow: "oidc", Protocol: "oidc", Issuer: "https://id.test", Subject: "alice", SessionID: "sid-1",
		IssuedAt: time.Date(2026, 5, 4, 3, 2, 0, 123456789, time.UTC), Login: "hash", Return: "/there?x=1",
	}
}
