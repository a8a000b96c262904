package oauth_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// onceStore is a Replay in memory.
type onceStore struct {
	mu   sync.Mutex
	keys map[string]time.Time
}

func (s *onceStore) First(_ context.Context, key string, until time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, used := s.keys[key]; used {
		return false, nil
	}
	if s.keys == nil {
		s.keys = map[string]time.Time{}
	}
	s.keys[key] = until
	return true, nil
}

func TestA3StateUsedBefore(t *testing.T) {
	t.Parallel()
	store := &onceStore{}
	c := with(t, tokenReply(200, good), func(c *oauth.Config) { c.Replay, c.LoginLifetime = store, 10*time.Minute })
	login := begin(t, c, oauth.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), login, callback(right(login)))
	require.NoError(t, err)
	refused(t, c, login, callback(right(login)), oauth.CheckReplay)

	other := begin(t, c, oauth.AuthorizeOptions{})
	_, err = c.CompleteLogin(t.Context(), other, callback(right(other)))
	require.NoError(t, err, "the accepted twin: another login")

	require.Len(t, store.keys, 2)
	for key, until := range store.keys {
		assert.Regexp(t, `^oauth-state:[0-9a-f]{64}$`, key, "the store does not learn the state")
		assert.False(t, until.Before(now.Add(10*time.Minute)), "kept as long as the login may be completed")
	}
}

// A3: of two simultaneous callbacks one fails, and the code is sent once.
func TestA3TwoAtOnce(t *testing.T) {
	t.Parallel()
	mock := tokenReply(200, good)
	c := with(t, mock, func(c *oauth.Config) { c.Replay = &onceStore{} })
	login := begin(t, c, oauth.AuthorizeOptions{})
	const callers = 8
	errs := make([]error, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() { _, errs[i] = c.CompleteLogin(t.Context(), login, callback(right(login))) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		assert.ErrorIs(t, err, oauth.CheckReplay)
	}
	assert.Equal(t, 1, won)
	assert.Equal(t, 1, mock.GetTotalCallCount())
}

// A refused callback must not use up the login.
func TestForeignCallbackDoesNotSpendTheLogin(t *testing.T) {
	t.Parallel()
	c := with(t, tokenReply(200, good), func(c *oauth.Config) { c.Replay, c.Issuer = &onceStore{}, server })
	login := begin(t, c, oauth.AuthorizeOptions{})
	params := right(login)
	params.Set("state", "guess")
	refused(t, c, login, callback(params), oauth.CheckState)
	params = right(login)
	params.Set("iss", "https://other.example")
	refused(t, c, login, callback(params), oauth.CheckIssuer)
	_, err := c.CompleteLogin(t.Context(), login, callback(right(login)))
	assert.NoError(t, err)
}

// full is a store that is down, or full.
type full struct{ err error }

func (f full) First(context.Context, string, time.Time) (bool, error) { return true, f.err }

func TestReplayStoreThatFailsEndsTheLogin(t *testing.T) {
	t.Parallel()
	down := errors.New("down")
	c := with(t, silent(t), func(c *oauth.Config) { c.Replay = full{down} })
	login := begin(t, c, oauth.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), login, callback(right(login)))
	require.ErrorIs(t, err, down)
	assert.EqualError(t, err, "oauth: replay store: down")
	var refusal *oauth.CallbackError
	assert.False(t, errors.As(err, &refusal), "a store that fails is not a refusal")
}
