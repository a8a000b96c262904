package oidc_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func TestK3RemovedKeyIsRefusedAfterItsTime(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		c.publish(jwk("rsa"), jwk("other"))
		require.NoError(t, c.check("rsa"))
		c.publish(jwk("other"))
		time.Sleep(time.Hour - time.Second)
		require.NoError(t, c.check("rsa"), "the set is still fresh")
		time.Sleep(time.Second)
		require.ErrorIs(t, c.check("rsa"), oidc.CheckKey)
		require.NoError(t, c.check("other"))
	})
}

func TestK3FreshnessFollowsCacheControl(t *testing.T) {
	t.Parallel()
	for header, fresh := range map[string]time.Duration{
		"": time.Hour, "max-age=600": 10 * time.Minute, "public, MAX-AGE=7200": 2 * time.Hour, `max-age="600"`: 10 * time.Minute,
		"max-age=0": 5 * time.Minute, "max-age=1": 5 * time.Minute, "no-store": 5 * time.Minute, "no-cache, max-age=600": 5 * time.Minute,
		"max-age=999999999": 24 * time.Hour, "max-age=-1": 5 * time.Minute, "max-age=soon": 5 * time.Minute, "max-age=99999999999999999999": 5 * time.Minute,
		"private": time.Hour, "public|max-age=600": 10 * time.Minute, "max-age=600|no-store": 5 * time.Minute, "max-age=7200|max-age=600": 10 * time.Minute,
		"max-age=600, max-age=7200": 10 * time.Minute, "x|": time.Hour, "max-age=299": 5 * time.Minute, "max-age=300": 5 * time.Minute,
		"max-age=301": 5*time.Minute + time.Second, "max-age=86399": 24*time.Hour - time.Second, "max-age=86400": 24 * time.Hour, "max-age=86401": 24 * time.Hour,
		"max-age=9223372036854775807": 24 * time.Hour, "max-age=9223372036854775808": 5 * time.Minute, "s-maxage=600": time.Hour, "xmax-age=600": time.Hour,
	} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			inCell(t, func(c *cell) {
				c.on("/jwks", func(*http.Request) (*http.Response, error) {
					res := httpmock.NewStringResponse(http.StatusOK, mustJSON(map[string]any{"keys": []any{jwk("rsa")}}))
					res.Header["Cache-Control"] = strings.Split(header, "|")
					return res, nil
				})
				require.NoError(t, c.check("rsa"))
				time.Sleep(fresh - 1)
				require.NoError(t, c.check("rsa"))
				assert.Equal(t, 1, c.fetches())
				time.Sleep(time.Nanosecond)
				require.NoError(t, c.check("rsa"))
				assert.Equal(t, 2, c.fetches())
			})
		})
	}
}

// brokenJWKS are replies that are not a key set, with the text of the error.
var brokenJWKS = map[string]struct {
	status            int
	contentType, body string
	message           string
}{
	"not found":    {http.StatusNotFound, "text/plain", "no", "oidc: JWKS: GET https://op.example/jwks: status 404, want 200"},
	"server error": {http.StatusInternalServerError, "text/plain", "no", "oidc: JWKS: GET https://op.example/jwks: status 500, want 200"},
	"a page":       {http.StatusOK, "text/html; charset=utf-8", "<html>", "oidc: JWKS: GET https://op.example/jwks: status 200 with an HTML page (text/html): is the address right, is a proxy in the way?"},
	"a redirect":   {http.StatusFound, "text/plain", "", "oidc: JWKS: GET https://op.example/jwks: refused a redirect (status 302)"},
	"too large":    {http.StatusOK, "application/json", `{"keys":[]}` + strings.Repeat(" ", 1<<20), "oidc: JWKS: GET https://op.example/jwks: the reply is too large: over 1048576 bytes (MaxReply)"},
	"half":         {http.StatusOK, "application/json", `{"keys":[`, "oidc: JWKS: jose: malformed: the key set: json: not valid JSON at offset 9"},
	"no keys":      {http.StatusOK, "application/json", `{"Keys":[]}`, "oidc: JWKS: jose: malformed: the key set holds no array of keys"},
	"no good key":  {http.StatusOK, "application/json", `{"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"rsa"}]}`, "oidc: JWKS: jose: key: the key set holds no key that can verify: kid \"rsa\": kty oct is a symmetric key"},
}

func TestK4BrokenSetKeepsTheLastGoodOne(t *testing.T) {
	t.Parallel()
	for name, b := range brokenJWKS {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCell(t, func(c *cell) {
				c.text("/jwks", b.status, b.contentType, b.body)
				require.EqualError(t, c.check("rsa"), b.message, "nothing to fall back to")
				c.publish(jwk("rsa"))
				time.Sleep(time.Second)
				require.NoError(t, c.check("rsa"), "a failure is not kept for longer")

				c.text("/jwks", b.status, b.contentType, b.body)
				require.EqualError(t, c.check("unknown"), b.message, "this kid is neither known nor refused")
				require.EqualError(t, c.check("unknown"), b.message)
				time.Sleep(time.Hour)
				require.NoError(t, c.check("rsa"))
				time.Sleep(24*time.Hour - time.Minute)
				require.NoError(t, c.check("rsa"))
				time.Sleep(2 * time.Minute)
				require.EqualError(t, c.check("rsa"), b.message, "stale for at most a day")
				var refused *oidc.TokenError
				require.NotErrorAs(t, c.check("rsa"), &refused)
				c.publish(jwk("rsa"))
				time.Sleep(time.Second)
				require.NoError(t, c.check("rsa"))
				require.ErrorIs(t, c.check("unknown"), oidc.CheckKey)
			})
		})
	}
}

// A set without a usable key does not replace a good set, whatever its Cache-Control says. The first set of a server
// may be empty.
func TestK4EmptySetAfterAGoodOne(t *testing.T) {
	t.Parallel()
	empty := func(*http.Request) (*http.Response, error) {
		res := httpmock.NewStringResponse(http.StatusOK, `{"keys":[]}`)
		res.Header.Set("Cache-Control", "max-age=86400")
		return res, nil
	}
	const message = "oidc: JWKS: the key set is empty, and was not before"
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		c.on("/jwks", empty)
		require.EqualError(t, c.check("unknown"), message, "reported")
		require.NoError(t, c.check("rsa"))
		time.Sleep(time.Hour)
		require.NoError(t, c.check("rsa"), "the last good set is used")
		time.Sleep(24 * time.Hour)
		require.NoError(t, c.check("rsa"))
		time.Sleep(time.Nanosecond)
		require.EqualError(t, c.check("rsa"), message, "for at most a day")
		c.publish(jwk("rsa"))
		time.Sleep(time.Second)
		require.NoError(t, c.check("rsa"))
	})
	inCell(t, func(c *cell) {
		c.on("/jwks", empty)
		require.ErrorIs(t, c.check("rsa"), oidc.CheckKey)
		require.ErrorIs(t, c.check(""), oidc.CheckKey)
		assert.Equal(t, 2, c.fetches(), "one fills the empty cache, one looks for the key")
		c.publish(jwk("rsa"))
		time.Sleep(10 * time.Second)
		require.NoError(t, c.check(""))
	})
}

func TestK4DeadServerIsNotAskedByEveryToken(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		c.dead()
		time.Sleep(time.Hour)
		for range 50 {
			require.NoError(t, c.check("rsa"))
		}
		assert.Equal(t, 1+3, c.fetches(), "one fetch with its two retries")
		time.Sleep(10*time.Second - 1)
		require.NoError(t, c.check("rsa"))
		assert.Equal(t, 1+3, c.fetches())
		time.Sleep(time.Nanosecond)
		require.NoError(t, c.check("rsa"))
		assert.Equal(t, 1+3+1, c.fetches(), "after a failure one attempt is enough")
	})
}

// A fetch that failed in the future, by a clock that was set back, holds up no other.
func TestK4DeadServerAndAClockThatWasSetBack(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		clock := now()
		c.trial.config.Now = func() time.Time { return clock }
		c.client = c.provider.client(c.trial.config)
		require.NoError(t, c.check("rsa"))
		c.dead()
		for _, at := range []struct {
			age     time.Duration
			fetches int
		}{{3 * time.Hour, 1 + 3}, {3*time.Hour + 9*time.Second, 1 + 3}, {2 * time.Hour, 1 + 3 + 1}} {
			clock = now().Add(at.age)
			require.NoError(t, c.check("rsa"), "the old set")
			assert.Equal(t, at.fetches, c.fetches(), at.age)
			time.Sleep(2 * time.Second) // the failure is kept for a second
		}
	})
}

// After a second the old set is used; a late reply is still stored.
func TestK4SlowServerHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		c.slowly(5*time.Second, jwk("other"))
		time.Sleep(time.Hour)
		begin := time.Now()
		require.NoError(t, c.check("rsa"))
		assert.Equal(t, time.Second, time.Since(begin))
		begin = time.Now()
		require.NoError(t, c.check("rsa"))
		assert.Zero(t, time.Since(begin))
		time.Sleep(5 * time.Second)
		require.ErrorIs(t, c.check("rsa"), oidc.CheckKey, "the new set has come")
		require.NoError(t, c.check("other"))
		assert.Equal(t, 3, c.fetches(), "the last one looked for the removed kid")
	})
}

// A set that comes just in time is used at once; while a later one is on its way, the old set is used.
func TestK4PatienceHasAnEdge(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]error{time.Second - 1: oidc.CheckKey, time.Second + 1: nil} {
		inCell(t, func(c *cell) {
			require.NoError(t, c.check("rsa"))
			time.Sleep(time.Hour)
			c.slowly(wait, jwk("other"))
			require.ErrorIs(t, c.check("rsa"), want)
			time.Sleep(time.Minute)
		})
	}
}

// A fetch has ten seconds.
func TestKeysDeadlineHasAnEdge(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		c.slowly(10*time.Second+1, jwk("rsa"))
		require.ErrorIs(t, c.check("rsa"), context.DeadlineExceeded)
		time.Sleep(time.Second)
		c.slowly(10*time.Second-1, jwk("rsa"))
		require.NoError(t, c.check("rsa"))
	})
}

func TestK7CancelledFirstCallerDoesNotFailTheOthers(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		ctx, cancel := context.WithCancel(c.t.Context())
		raw := c.trial.token(t)
		first := make(chan error)
		go func() {
			_, err := c.client.VerifyIDToken(ctx, raw, c.trial.expect)
			first <- err
		}()
		synctest.Wait()
		others := make(chan []error)
		go func() { others <- atOnce(20, func(int) error { return c.check("rsa") }) }()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-first, context.Canceled)
		for _, err := range <-others {
			require.NoError(t, err)
		}
		assert.Equal(t, 1, c.fetches())
	})
}

func TestKeysContextEndIsReturnedAtOnce(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		c.slowly(time.Minute, jwk("rsa"))
		ctx, cancel := context.WithTimeout(c.t.Context(), 300*time.Millisecond)
		defer cancel()
		begin := time.Now()
		_, err := c.client.VerifyIDToken(ctx, c.trial.token(t), c.trial.expect)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, 300*time.Millisecond, time.Since(begin))
		time.Sleep(time.Minute)
	})
}

// H5: the end of the context is no wait for the patience, and no use of the old set.
func TestH5ContextEndWhileTheKeysAreFetchedAgain(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		c.slowly(time.Minute, jwk("rsa"))
		time.Sleep(time.Hour)
		ctx, cancel := context.WithTimeout(c.t.Context(), 300*time.Millisecond)
		defer cancel()
		_, err := c.client.VerifyIDToken(ctx, c.trial.token(t), c.trial.expect)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NoError(t, c.check("rsa"), "the accepted twin waits for the patience")
		time.Sleep(time.Minute)
	})
}

// A fetch without a reply costs at most its deadline.
func TestKeysRecoverAtTheFetchDeadline(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		c.slowly(time.Hour, jwk("rsa"))
		begin := time.Now()
		require.ErrorIs(t, c.check("rsa"), context.DeadlineExceeded)
		assert.Equal(t, 10*time.Second, time.Since(begin))
		c.publish(jwk("rsa"))
		time.Sleep(time.Second)
		require.NoError(t, c.check("rsa"))
	})
}
