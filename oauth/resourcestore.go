package oauth

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"
)

// ResourceStore keeps what a ResourceClient needs again: its registrations, by the issuer that made them, because no
// other server may see them (RFC 6749 §2.2), and its tokens, by the API. The keys do not name the user: give each user a
// store of their own, or calls of one user go out with the token of another one. The values are secrets: keep them as a
// password is kept, in a keychain or a file that its user alone can read. It must be safe for concurrent use.
type ResourceStore interface {
	// Load returns the value of a key, and nil when there is none.
	Load(ctx context.Context, key string) ([]byte, error)
	// Save replaces the value of a key.
	Save(ctx context.Context, key string, value []byte) error
}

func clientKey(issuer string) string  { return "client " + issuer }
func tokenKey(resource string) string { return "token " + resource }

// memoryStore is the ResourceStore of a program that forgets at its end.
type memoryStore struct{ values sync.Map }

func (s *memoryStore) Load(_ context.Context, key string) ([]byte, error) {
	value, _ := s.values.Load(key)
	text, _ := value.([]byte)
	return text, nil
}

func (s *memoryStore) Save(_ context.Context, key string, value []byte) error {
	s.values.Store(key, value)
	return nil
}

// save stores the JSON form of a value.
func (c *ResourceClient) save(ctx context.Context, key string, value any) error {
	text, err := json.Marshal(value)
	if err == nil {
		err = c.cfg.Store.Save(ctx, key, text)
	}
	if err != nil {
		return fmt.Errorf("oauth: ResourceConfig.Store: %w", err)
	}
	return nil
}

// resourceGrant is a token of the API, and what it came from.
type resourceGrant struct {
	Issuer   string   `json:"issuer"`
	ClientID string   `json:"client_id"`
	Scope    string   `json:"scope"` // all that was asked for
	Resource []string `json:"resource"`
	Token    *Token   `json:"token"`

	got    time.Time // when this process got it
	mended bool      // it replaced a token that the API refused: when it is refused too, only a login can help
}

// resourceState is what changes in a ResourceClient.
type resourceState struct {
	login, meeting, reading lock // one caller logs the user in, meets a server, reads the store

	mu     sync.Mutex
	loaded bool
	server *resourceServer
	grant  *resourceGrant
}

func newResourceState() *resourceState {
	return &resourceState{login: make(lock, 1), meeting: make(lock, 1), reading: make(lock, 1)}
}

// lock is a mutex for which nobody waits longer than their context.
type lock chan struct{}

// take waits for the lock. The caller must call the result.
func (l lock) take(ctx context.Context) (func(), error) {
	select {
	case l <- struct{}{}:
		return func() { <-l }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("oauth: resource client: waiting for another caller: %w", ctx.Err())
	}
}

// serverOf returns the server of an issuer, nil when it must be met first.
func (s *resourceState) serverOf(issuer string, now time.Time) *resourceServer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != nil && s.server.issuer == issuer && !(&Registration{ClientSecretExpiresAt: s.server.end}).Expired(now) {
		return s.server
	}
	return nil
}

func (s *resourceState) setServer(server *resourceServer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.server = server
}

// drop forgets a server, unless another caller replaced it.
func (s *resourceState) drop(server *resourceServer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server != server {
		return false
	}
	s.server = nil
	return true
}

func (s *resourceState) current() (grant *resourceGrant, loaded bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.grant, s.loaded
}

// replace sets the grant, unless another caller replaced old.
func (s *resourceState) replace(old, next *resourceGrant) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.grant != old {
		return false
	}
	s.grant, s.loaded = next, true
	return true
}
