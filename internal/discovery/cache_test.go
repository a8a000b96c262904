package discovery_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/discovery"
)

// source is what Make does: it fails, waits and counts.
type source struct {
	mu    sync.Mutex
	err   error
	wait  time.Duration
	calls int
	calm  []bool
	old   []*int
}

func (s *source) make(ctx context.Context, old *int, calm bool) (*int, error) {
	s.mu.Lock()
	s.calls++
	n, wait, err := s.calls, s.wait, s.err
	s.calm, s.old = append(s.calm, calm), append(s.old, old)
	s.mu.Unlock()
	select {
	case <-time.After(wait):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return &n, nil
}

func (s *source) set(wait time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wait, s.err = wait, err
}

func cached(t *testing.T, f func(t *testing.T, c *discovery.Cache[int], s *source)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &source{}
		f(t, &discovery.Cache[int]{Make: s.make, Now: time.Now}, s)
	})
}

var errDown = errors.New("down")

func TestCacheMakesOnceADay(t *testing.T) {
	t.Parallel()
	cached(t, func(t *testing.T, c *discovery.Cache[int], s *source) {
		assert.Nil(t, c.Load())
		for range 3 {
			v, err := c.Get(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 1, *v)
		}
		time.Sleep(24*time.Hour - 1)
		v, err := c.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 1, *v)
		time.Sleep(time.Nanosecond)
		v, err = c.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 2, *v)
		assert.Equal(t, 2, *c.Load())
		assert.Equal(t, []bool{true, true}, s.calm)
		assert.Equal(t, 1, *s.old[1])
	})
}

func TestCacheSetIsNeverMade(t *testing.T) {
	t.Parallel()
	cached(t, func(t *testing.T, c *discovery.Cache[int], s *source) {
		n := 7
		c.Set(&n)
		time.Sleep(1000 * time.Hour)
		v, err := c.Get(t.Context())
		require.NoError(t, err)
		assert.Same(t, &n, v)
		assert.Zero(t, s.calls)
	})
}

func TestCacheRestsAfterAFailure(t *testing.T) {
	t.Parallel()
	cached(t, func(t *testing.T, c *discovery.Cache[int], s *source) {
		s.set(0, errDown)
		_, err := c.Get(t.Context())
		require.ErrorIs(t, err, errDown)
		time.Sleep(discovery.Rest - 1)
		_, err = c.Get(t.Context())
		require.ErrorIs(t, err, errDown)
		assert.Equal(t, 1, s.calls)
		time.Sleep(time.Nanosecond)
		_, err = c.Get(t.Context())
		require.ErrorIs(t, err, errDown)
		assert.Equal(t, []bool{true, false}, s.calm, "after a failure one attempt is enough")
		require.ErrorIs(t, c.Failure(), errDown)
		s.set(0, nil)
		time.Sleep(discovery.Rest)
		_, err = c.Get(t.Context())
		require.NoError(t, err)
		require.NoError(t, c.Failure())
	})
}

// A clock that the application stopped keeps no failure for ever.
func TestCacheWithAFrozenClock(t *testing.T) {
	t.Parallel()
	cached(t, func(t *testing.T, c *discovery.Cache[int], s *source) {
		start := time.Now()
		c.Now = func() time.Time { return start }
		s.set(0, errDown)
		_, err := c.Get(t.Context())
		require.ErrorIs(t, err, errDown)
		s.set(0, nil)
		time.Sleep(discovery.Rest)
		_, err = c.Get(t.Context())
		require.NoError(t, err)
	})
}

func TestCacheKeepsTheOldWhileARefreshFails(t *testing.T) {
	t.Parallel()
	cached(t, func(t *testing.T, c *discovery.Cache[int], s *source) {
		_, err := c.Get(t.Context())
		require.NoError(t, err)
		s.set(0, errDown)
		time.Sleep(24 * time.Hour)
		for range 59 {
			v, err := c.Get(t.Context())
			require.NoError(t, err)
			assert.Equal(t, 1, *v)
			time.Sleep(time.Second)
		}
		assert.Equal(t, 2, s.calls, "once a minute")
		time.Sleep(time.Second)
		_, err = c.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 3, s.calls)

		s.set(5*time.Second, nil) // slow: nobody waits for longer than a second, and it is stored
		time.Sleep(time.Minute)
		began := time.Now()
		v, err := c.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, []any{1, time.Second}, []any{*v, time.Since(began)})
		time.Sleep(5 * time.Second)
		v, err = c.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 4, *v)
	})
}

// A refresh that failed in the future, by a clock that was set back, holds up no other.
func TestCacheWhoseClockWasSetBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, start := &source{}, time.Now()
		clock := start
		c := &discovery.Cache[int]{Make: s.make, Now: func() time.Time { return clock }}
		_, err := c.Get(t.Context())
		require.NoError(t, err)
		s.set(0, errDown)
		for i, age := range []time.Duration{48 * time.Hour, 25 * time.Hour} {
			clock = start.Add(age)
			_, err = c.Get(t.Context())
			require.NoError(t, err, "the old value")
			assert.Equal(t, 2+i, s.calls)
		}
	})
}

func TestCacheIsOneFlight(t *testing.T) {
	t.Parallel()
	cached(t, func(t *testing.T, c *discovery.Cache[int], s *source) {
		s.set(time.Second, nil)
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				v, err := c.Get(t.Context())
				assert.NoError(t, err)
				assert.Equal(t, 1, *v)
			})
		}
		all.Wait()
		assert.Equal(t, 1, s.calls)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := (&discovery.Cache[int]{Make: s.make, Now: time.Now}).Get(ctx)
		require.ErrorIs(t, err, context.Canceled)
		//lint:ignore SA1012 what a careless caller does must not panic
		_, err = c.Get(nil)
		require.Error(t, err)
		time.Sleep(time.Minute)
	})
}

func TestURLs(t *testing.T) {
	t.Parallel()
	const openID, oauth = "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"
	for _, c := range []struct {
		place  discovery.Place
		issuer string
		want   []string
	}{
		{discovery.OpenIDFirst, "https://a", []string{"https://a" + openID, "https://a" + oauth}},
		{discovery.OpenIDFirst, "https://a:1/b/c/", []string{"https://a:1/b/c" + openID, "https://a:1" + oauth + "/b/c"}},
		{discovery.OAuthFirst, "https://a/", []string{"https://a" + oauth, "https://a" + openID}},
		{discovery.OAuthFirst, "https://a/b", []string{"https://a" + oauth + "/b", "https://a" + openID + "/b", "https://a/b" + openID}},
		{discovery.OpenID, "https://a/b", []string{"https://a/b" + openID}},
		{discovery.OAuth, "https://[::1]:8443/b%2Fc", []string{"https://[::1]:8443" + oauth + "/b%2Fc"}},
	} {
		assert.Equal(t, c.want, c.place.URLs(c.issuer))
	}
}

// A caller who gives up while a refresh is slow gets that, and no value that it did not wait for.
func TestCacheCallerWhoGivesUpOnARefresh(t *testing.T) {
	t.Parallel()
	cached(t, func(t *testing.T, c *discovery.Cache[int], s *source) {
		_, err := c.Get(t.Context())
		require.NoError(t, err)
		time.Sleep(24 * time.Hour)
		s.wait = 5 * time.Second
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second/2, cancel)
		_, err = c.Get(ctx)
		require.ErrorIs(t, err, context.Canceled)
		v, err := c.Get(t.Context())
		require.NoError(t, err)
		assert.Equal(t, 1, *v, "the twin waits, and gets the old value")
		time.Sleep(time.Minute)
	})
}
