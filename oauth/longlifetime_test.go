package oauth_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// A lifetime near the maximum must not overflow into the past: then a state could be used twice.
func TestA3LongestLifetime(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []time.Duration{math.MaxInt64, math.MaxInt64 - time.Minute, math.MaxInt64 - time.Minute + 1} {
		store := &onceStore{}
		c := with(t, tokenReply(200, good), func(c *oauth.Config) { c.Replay, c.LoginLifetime = store, lifetime })
		login := begin(t, c, oauth.AuthorizeOptions{})
		_, err := c.CompleteLogin(t.Context(), login, callback(right(login)))
		require.NoError(t, err)
		for _, until := range store.keys {
			assert.True(t, until.After(now.AddDate(290, 0, 0)), until)
		}
		c = with(t, tokenReply(200, good), func(c *oauth.Config) { c.Replay, c.LoginLifetime = oauth.NewReplay(1), lifetime })
		_, err = c.CompleteLogin(t.Context(), login, callback(right(login)))
		require.NoError(t, err)
		refused(t, c, login, callback(right(login)), oauth.CheckReplay)
	}
}

func TestLongestLeeway(t *testing.T) {
	t.Parallel()
	token := &oauth.Token{Expiry: now.AddDate(100, 0, 0)}
	assert.True(t, token.Expired(now, math.MaxInt64))
	assert.False(t, token.Expired(now, math.MinInt64))
}

// The store has the requested size, and refuses when it is full.
func TestNewReplayIsBounded(t *testing.T) {
	t.Parallel()
	for asked, size := range map[int]int{1: 1, 7: 7, 0: 100_000, -1: 100_000} {
		store := oauth.NewReplay(asked)
		for i := range size {
			first, err := store.First(t.Context(), fmt.Sprint(i), time.Now().Add(time.Hour))
			require.True(t, err == nil && first, i)
		}
		_, err := store.First(t.Context(), "one more", time.Now().Add(time.Hour))
		require.EqualError(t, err, "replay: the store in memory is full (Replay)", size)
		first, err := store.First(t.Context(), "0", time.Now().Add(time.Hour))
		require.NoError(t, err)
		assert.False(t, first)
	}
}

func ExampleNewReplay() {
	store := oauth.NewReplay(10_000) // Config.Replay of one instance with up to 10,000 pending logins
	ctx, hour := context.Background(), time.Now().Add(time.Hour)
	first, err := store.First(ctx, "a state", hour)
	fmt.Println(first, err)
	again, err := store.First(ctx, "a state", hour)
	fmt.Println(again, err)
	// Output:
	// true <nil>
	// false <nil>
}
