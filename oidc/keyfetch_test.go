package oidc_test

import (
	"context"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// K3, K4: each time of the cache can be set, and is exact to the nanosecond.
func TestK3TimesOfTheCacheCanBeSet(t *testing.T) {
	t.Parallel()
	times := oidc.KeyFetch{
		Timeout: 3 * time.Second, MinFresh: 20 * time.Second, Fresh: 30 * time.Second, MaxFresh: 40 * time.Second,
		MaxStale: 50 * time.Second, CoolDown: 2 * time.Second,
	}
	for control, fresh := range map[string]time.Duration{
		"max-age=1": times.MinFresh, "": times.Fresh, "max-age=3600": times.MaxFresh,
	} {
		inCell(t, func(c *cell) {
			c.on("/jwks", func(*http.Request) (*http.Response, error) {
				res := httpmock.NewStringResponse(http.StatusOK, mustJSON(map[string]any{"keys": []any{jwk("rsa")}}))
				res.Header.Set("Cache-Control", control)
				return res, nil
			})
			require.NoError(t, c.check("rsa"))
			time.Sleep(fresh - 1)
			require.NoError(t, c.check("rsa"))
			assert.Equal(t, 1, c.fetches(), control)
			time.Sleep(time.Nanosecond)
			require.NoError(t, c.check("rsa"))
			assert.Equal(t, 2, c.fetches(), control)

			c.dead()
			time.Sleep(fresh + times.MaxStale)
			require.NoError(t, c.check("rsa"))
			time.Sleep(time.Nanosecond)
			require.Error(t, c.check("rsa"))
		}, times)
	}
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		require.Error(t, c.check("unknown"))
		before := c.fetches()
		time.Sleep(times.CoolDown - time.Second - 1) // a fetch takes a second
		require.Error(t, c.check("unknown"))
		assert.Equal(t, before, c.fetches())
		time.Sleep(time.Nanosecond)
		require.Error(t, c.check("unknown"))
		assert.Equal(t, before+1, c.fetches())
	}, times)
	inCell(t, func(c *cell) {
		c.slowly(times.Timeout-1, jwk("rsa"))
		require.NoError(t, c.check("rsa"))
	}, times)
	inCell(t, func(c *cell) {
		c.slowly(times.Timeout+1, jwk("rsa"))
		require.ErrorIs(t, c.check("rsa"), context.DeadlineExceeded)
	}, times)
}

// K4: with a cool-down of a nanosecond unknown kids cost one fetch at a time, and one per second while the server is down.
func TestK4ShortestCoolDownInAStorm(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		before := c.fetches()
		for _, err := range atOnce(300, func(i int) error { return c.check([]string{"rsa", "other", "another"}[i%3]) }) {
			var refused *oidc.TokenError
			if err != nil {
				require.ErrorAs(t, err, &refused)
			}
		}
		assert.Equal(t, before+1, c.fetches())

		c.dead()
		before = c.fetches()
		for range 200 {
			require.NoError(t, c.check("rsa"), "a known key needs no fetch")
			require.Error(t, c.check("other"))
			time.Sleep(50 * time.Millisecond)
		}
		assert.LessOrEqual(t, c.fetches()-before, 3+10, "a fetch with two retries, then one per second")
		time.Sleep(time.Hour)
		before = c.fetches()
		for range 200 {
			require.NoError(t, c.check("rsa"), "stale, and still usable")
			time.Sleep(50 * time.Millisecond)
		}
		assert.LessOrEqual(t, c.fetches()-before, 10)
		c.slowly(0, jwk("other"))
		time.Sleep(time.Second)
		require.NoError(t, c.check("other"))
	}, oidc.KeyFetch{CoolDown: 1})
}

// K3: no sum of times overflows, and the shortest times keep nothing.
func TestK3ExtremeTimes(t *testing.T) {
	t.Parallel()
	const most = time.Duration(math.MaxInt64)
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		require.Error(t, c.check("other"))
		c.dead()
		time.Sleep(1000 * time.Hour)
		require.NoError(t, c.check("rsa"))
		require.Error(t, c.check("other"), "the cool-down is not over")
		assert.Equal(t, 2, c.fetches())
	}, oidc.KeyFetch{Timeout: most, MinFresh: most, Fresh: most, MaxFresh: most, MaxStale: most, CoolDown: most})
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		c.dead()
		time.Sleep(1000 * time.Hour)
		require.NoError(t, c.check("rsa"), "an hour and the longest time are the longest time")
	}, oidc.KeyFetch{MaxStale: most})
	inCell(t, func(c *cell) {
		c.slowly(0, jwk("rsa"))
		require.NoError(t, c.check("rsa"))
		require.NoError(t, c.check("rsa"), "used again within the same nanosecond")
		assert.Equal(t, 1, c.fetches())
		c.dead()
		time.Sleep(3 * time.Nanosecond)
		require.Error(t, c.check("rsa"), "neither fresh nor usable any longer")
	}, oidc.KeyFetch{MinFresh: 1, Fresh: 1, MaxFresh: 1, MaxStale: 1, CoolDown: 1})
}
