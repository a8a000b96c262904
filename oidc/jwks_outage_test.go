package oidc_test

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Without keys every token waits for them: then many callers cost one attempt per second, and no more.
func TestK4DeadServerAndNoKeys(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		c.dead()
		require.ErrorContains(t, c.check("rsa"), "connection refused")
		assert.Equal(t, 3, c.fetches(), "a fetch and its two retries")
		began := time.Now()
		for time.Since(began) < 10*time.Second {
			for _, err := range atOnce(100, func(i int) error { return c.check([]string{"rsa", "other", ""}[i%3]) }) {
				var refused *oidc.TokenError
				require.ErrorContains(t, err, "connection refused")
				require.NotErrorAs(t, err, &refused)
			}
			time.Sleep(50 * time.Millisecond)
		}
		assert.LessOrEqual(t, c.fetches(), 3+10)
		assert.GreaterOrEqual(t, c.fetches(), 3+9)
		c.publish(jwk("rsa"))
		time.Sleep(time.Second)
		require.NoError(t, c.check("rsa"), "found again within a second")
	})
}

// A fetch that hangs is shared: nobody starts another one.
func TestK4HangingServerAndNoKeys(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		c.slowly(time.Minute, jwk("rsa"))
		began := time.Now()
		for _, err := range atOnce(1000, func(int) error { return c.check("rsa") }) {
			require.ErrorContains(t, err, "context deadline exceeded")
		}
		assert.Equal(t, 10*time.Second, time.Since(began))
		require.ErrorContains(t, c.check("rsa"), "context deadline exceeded")
		assert.Equal(t, 1, c.fetches(), "the last one did not ask")
	})
}

// The edge: the failure is kept for one second from its end.
func TestK4RestHasAnEdge(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		c.text("/jwks", http.StatusNotFound, "text/plain", "")
		require.ErrorContains(t, c.check("rsa"), "404")
		c.publish(jwk("rsa"))
		time.Sleep(time.Second - 1)
		require.ErrorContains(t, c.check("rsa"), "404")
		assert.Equal(t, 1, c.fetches())
		time.Sleep(time.Nanosecond)
		require.NoError(t, c.check("rsa"))
		assert.Equal(t, 2, c.fetches())
	})
}

// At a rotation the fetch for the new key is lost. The known key verifies all the time without a wait, and the new one
// a second after the server is back.
func TestK1LostFetchAtARotation(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		require.ErrorIs(t, c.check("unknown"), oidc.CheckKey, "the cool-down began")
		time.Sleep(10 * time.Second)
		c.dead()
		before := c.fetches()
		for _, err := range atOnce(1000, func(int) error { return c.check("other") }) {
			require.ErrorContains(t, err, "connection refused", "an outage, no refusal")
		}
		assert.Equal(t, before+3, c.fetches(), "one fetch with its retries")
		for range 20 {
			began := time.Now()
			require.NoError(t, c.check("rsa"))
			assert.Zero(t, time.Since(began))
			require.ErrorContains(t, c.check("other"), "connection refused")
			time.Sleep(100 * time.Millisecond)
		}
		assert.LessOrEqual(t, c.fetches(), before+3+2, "one attempt per second")
		c.publish(jwk("rsa"), jwk("other"))
		time.Sleep(time.Second)
		require.NoError(t, c.check("other"))
		require.NoError(t, c.check("rsa"))
	})
}

// However the one fetch was lost, the new key is accepted a second after the server is back, and the storm of unknown
// kids beside it costs one fetch in a cool-down again.
func TestK1NewKeyAfterOneLostFetch(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*cell){
		"refused": (*cell).dead,
		"hangs":   func(c *cell) { c.slowly(time.Minute, jwk("rsa")) },
		"503":     func(c *cell) { c.text("/jwks", http.StatusServiceUnavailable, "text/html", "<p>back soon") },
		"cut": func(c *cell) {
			c.on("/jwks", func(*http.Request) (*http.Response, error) {
				body := io.NopCloser(io.MultiReader(strings.NewReader(`{"keys":[`), iotest.ErrReader(io.ErrUnexpectedEOF)))
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: body}, nil
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCell(t, func(c *cell) {
				require.NoError(t, c.check("rsa"))
				require.ErrorIs(t, c.check("unknown"), oidc.CheckKey, "the cool-down began")
				time.Sleep(10 * time.Second)
				lose(c)
				var refused *oidc.TokenError
				require.NotErrorAs(t, c.check("other"), &refused, "an outage, no refusal")
				c.slowly(0, jwk("rsa"), jwk("other"))
				time.Sleep(time.Second)
				before := c.fetches()
				require.NoError(t, c.check("other"))
				assert.Equal(t, before+1, c.fetches())
				for _, err := range atOnce(1000, func(i int) error { return c.check(randomKid(i)) }) {
					require.ErrorIs(t, err, oidc.CheckKey)
				}
				assert.LessOrEqual(t, c.fetches(), before+1, "in the cool-down of the new key's fetch")
				time.Sleep(10 * time.Second)
				for _, err := range atOnce(1000, func(i int) error { return c.check(randomKid(i)) }) {
					require.ErrorIs(t, err, oidc.CheckKey)
				}
				assert.Equal(t, before+2, c.fetches())
			})
		})
	}
}

// A refusal is an answer: a storm of unknown kids does not ask more often because the keys cannot be used.
func TestK1StormAtARefusal(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		c.text("/jwks", http.StatusNotFound, "text/plain", "")
		before := c.fetches()
		for i := range 100 {
			require.ErrorContains(t, c.check(randomKid(i)), "404")
			time.Sleep(99 * time.Millisecond)
		}
		assert.Equal(t, before+1, c.fetches())
		time.Sleep(time.Second)
		require.ErrorContains(t, c.check(randomKid(0)), "404")
		assert.Equal(t, before+2, c.fetches())
	})
}

// A clock that stands still, as in tests of applications, keeps no failure for ever.
func TestK4FrozenClock(t *testing.T) {
	t.Parallel()
	keys()
	synctest.Test(t, func(t *testing.T) {
		tr, p := newTrial(), newProvider(t)
		raw, client := tr.token(t), p.client(tr.config)
		p.on("/jwks", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
		_, err := client.VerifyIDToken(t.Context(), raw, tr.expect)
		require.ErrorContains(t, err, "connection refused")
		p.publish(jwk("rsa"))
		time.Sleep(time.Second)
		_, err = client.VerifyIDToken(t.Context(), raw, tr.expect)
		require.NoError(t, err)
	})
}

// Rotations and outages leave nothing behind. It counts goroutines and bytes of the whole program, so it must run
// alone: it is not parallel.
func TestK1RotationsLeaveNothingBehind(t *testing.T) {
	tr, p := newTrial(), newProvider(t)
	clock := now()
	tr.config.Now = func() time.Time { return clock }
	tr.claims["exp"] = now().AddDate(1, 0, 0).Unix()
	raw := map[string]string{}
	for _, kid := range []string{"rsa", "other"} {
		own := *tr
		own.key, own.header = keys()[kid], map[string]any{"kid": kid}
		raw[kid] = own.token(t)
	}
	client := p.client(tr.config)
	rotate := func() {
		for _, kid := range []string{"rsa", "other"} {
			clock = clock.Add(11 * time.Second)
			p.publish(jwk(kid))
			for _, err := range atOnce(50, func(int) error {
				_, err := client.VerifyIDToken(t.Context(), raw[kid], tr.expect)
				return err
			}) {
				require.NoError(t, err)
			}
		}
	}
	measure := func() (goroutines int, bytes uint64) {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return runtime.NumGoroutine(), m.HeapAlloc
	}
	rotate()
	goroutines, before := measure()
	for range 50 {
		rotate()
	}
	left, after := measure()
	assert.LessOrEqual(t, left, goroutines)
	assert.Less(t, after, before+128<<10, "100 key sets were fetched, and one is kept")
}
