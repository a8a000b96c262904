package oidc_test

import (
	"context"
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
			time.Sleep(1)
			require.NoError(t, c.check("rsa"))
			assert.Equal(t, 2, c.fetches(), control)

			c.dead()
			time.Sleep(fresh + times.MaxStale)
			require.NoError(t, c.check("rsa"))
			time.Sleep(1)
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
		time.Sleep(1)
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
