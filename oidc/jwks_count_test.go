package oidc_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// cell is a provider and a client in a synctest bubble, where waiting takes no real time.
type cell struct {
	*provider
	t      *testing.T
	client *oidc.Client
	trial  *trial
	tokens sync.Map // by kid: made once, because signing is slow
}

// inCell runs f in a bubble whose clock starts at now. Fetching the JWKS takes a second.
func inCell(t *testing.T, f func(c *cell), fetch ...oidc.KeyFetch) {
	t.Helper()
	keys() // made outside the bubble, where their time does not count
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		tr := newTrial()
		tr.config.Now = func() time.Time { return now().Add(time.Since(start)) }
		tr.claims["exp"] = now().AddDate(1, 0, 0).Unix()
		if len(fetch) > 0 {
			tr.config.KeyFetch = fetch[0]
		}
		p := newProvider(t)
		c := &cell{provider: p, t: t, client: p.client(tr.config), trial: tr}
		_, err := c.client.Metadata(t.Context())
		require.NoError(t, err)
		c.slowly(time.Second, jwk("rsa"))
		f(c)
	})
}

// slowly publishes keys with a delay.
func (c *cell) slowly(wait time.Duration, members ...any) {
	reply := httpmock.NewJsonResponderOrPanic(http.StatusOK, map[string]any{"keys": members})
	c.on("/jwks", func(r *http.Request) (*http.Response, error) {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
			return reply(r)
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	})
}

// dead makes the JWKS unreachable.
func (c *cell) dead() {
	c.on("/jwks", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
}

// check verifies a token under a kid, signed by that key or, for a kid that does not exist, by "other". Without
// a kid it is signed by "rsa".
func (c *cell) check(kid string) error {
	raw, made := c.tokens.Load(kid)
	if !made {
		tr := *c.trial
		if tr.header = map[string]any{"kid": kid}; kid == "" {
			tr.header = nil
		}
		if kid != "rsa" && kid != "" {
			tr.key = keys()["other"]
		}
		raw = tr.token(c.t)
		c.tokens.Store(kid, raw)
	}
	return c.verify(raw.(string))
}

func (c *cell) verify(raw string) error {
	_, err := c.client.VerifyIDToken(c.t.Context(), raw, c.trial.expect)
	return err
}

// forged is a token under a kid, or none, that "other" signed.
func (c *cell) forged(kid string) string {
	tr := *c.trial
	tr.key = keys()["other"]
	if tr.header = map[string]any{"kid": kid}; kid == "" {
		tr.header = nil
	}
	return tr.token(c.t)
}

func (c *cell) fetches() int { return c.count("/jwks") }

// atOnce runs f n times concurrently and returns the errors.
func atOnce(n int, f func(i int) error) []error {
	results := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { results[i] = f(i) })
	}
	all.Wait()
	return results
}

func randomKid(i int) string { return fmt.Sprintf("random-%d", i) }

func TestK1RandomKidsInSequence(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		for i := range 50 {
			require.ErrorIs(t, c.check(randomKid(i)), oidc.CheckKey)
		}
		assert.Equal(t, 2, c.fetches(), "one fills the empty cache, one looks for the first kid")
		require.NoError(t, c.check("rsa"))
		time.Sleep(10 * time.Second)
		for i := range 50 {
			require.ErrorIs(t, c.check(randomKid(i)), oidc.CheckKey)
		}
		assert.Equal(t, 3, c.fetches(), "one in each cool-down")
	})
}

func TestK1RandomKidsAtOnce(t *testing.T) {
	t.Parallel()
	for _, warm := range []bool{true, false} {
		t.Run(fmt.Sprintf("warm=%t", warm), func(t *testing.T) {
			t.Parallel()
			inCell(t, func(c *cell) {
				if warm {
					require.NoError(t, c.check("rsa"))
				}
				for _, err := range atOnce(50, func(i int) error { return c.check(randomKid(i)) }) {
					require.ErrorIs(t, err, oidc.CheckKey)
				}
				assert.LessOrEqual(t, c.fetches(), 2)
				require.NoError(t, c.check("rsa"))
			})
		})
	}
}

// Any number of bad signatures, under any kid, costs one fetch in a cool-down.
func TestK1BadSignaturesUnderAKnownKid(t *testing.T) {
	t.Parallel()
	for name, kid := range map[string]string{"known kid": "rsa", "no kid": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCell(t, func(c *cell) {
				raw := c.forged(kid)
				verify := func(int) error { return c.verify(raw) }
				require.NoError(t, c.check("rsa"))
				for range 2 {
					before := c.fetches()
					for i := range 50 {
						require.ErrorIs(t, verify(i), oidc.CheckSignature)
					}
					for _, err := range atOnce(50, verify) {
						require.ErrorIs(t, err, oidc.CheckSignature)
					}
					for _, err := range atOnce(20, func(i int) error { return c.check(randomKid(i)) }) {
						require.ErrorIs(t, err, oidc.CheckKey)
					}
					assert.Equal(t, before+1, c.fetches(), "kids and signatures share the cool-down")
					time.Sleep(9*time.Second - 1)
					require.ErrorIs(t, verify(0), oidc.CheckSignature)
					assert.Equal(t, before+1, c.fetches(), "the cool-down begins with the fetch, which took a second")
					time.Sleep(time.Nanosecond)
				}
			})
		})
	}
}

// A bad signature must not delay valid tokens, and a valid token under a known kid costs no fetch.
func TestK1GoodTokensDoNotWaitForBadOnes(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		raw := c.forged("rsa")
		c.slowly(5*time.Second, jwk("rsa"))
		var bad sync.WaitGroup
		bad.Go(func() { require.ErrorIs(t, c.verify(raw), oidc.CheckSignature) })
		synctest.Wait()
		begin := time.Now()
		require.NoError(t, c.check("rsa"))
		assert.Zero(t, time.Since(begin))
		bad.Wait()
		assert.Equal(t, 2, c.fetches())
	})
}

// A key that was replaced under the same kid is found when a signature fails; then the old key is no longer used.
func TestK1KeyReplacedUnderItsName(t *testing.T) {
	t.Parallel()
	renamed := jwk("other", map[string]any{"kid": "rsa"})
	for name, kid := range map[string]string{"known kid": "rsa", "no kid": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCell(t, func(c *cell) {
				require.NoError(t, c.check("rsa"))
				c.slowly(time.Second, renamed)
				raw := c.forged(kid)
				for _, err := range atOnce(1000, func(int) error { return c.verify(raw) }) {
					require.NoError(t, err)
				}
				assert.Equal(t, 2, c.fetches())
				require.ErrorIs(t, c.check("rsa"), oidc.CheckSignature)
				assert.Equal(t, 2, c.fetches(), "in the cool-down")
				time.Sleep(10 * time.Second)
				require.ErrorIs(t, c.check("rsa"), oidc.CheckSignature)
				require.NoError(t, c.verify(raw))
				assert.Equal(t, 3, c.fetches())
			})
		})
	}
	t.Run("for another algorithm", func(t *testing.T) {
		t.Parallel()
		inCell(t, func(c *cell) {
			c.publish(jwk("rsa", map[string]any{"alg": "RS384"}))
			require.ErrorIs(t, c.check("rsa"), oidc.CheckKey)
			time.Sleep(10 * time.Second)
			c.publish(jwk("rsa"))
			require.NoError(t, c.check("rsa"), "now a key that fits")
		})
	})
}

// When the keys cannot be fetched, the cached keys decide: a token with a known kid is refused. Without a kid, or
// with an unknown one, the result is an error.
func TestK1BadSignatureWhileTheKeysCannotBeHad(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		c.text("/jwks", http.StatusNotFound, "text/plain", "")
		err := c.verify(c.forged("rsa"))
		require.ErrorIs(t, err, oidc.CheckSignature)
		require.ErrorContains(t, err, "no key of the server verifies the signature, and the keys could not be fetched again: oidc: JWKS: ")
		require.ErrorContains(t, err, "404")
		var refused *oidc.TokenError
		err = c.verify(c.forged(""))
		require.ErrorContains(t, err, "404")
		require.NotErrorAs(t, err, &refused)
		require.NoError(t, c.check("rsa"))
		require.NoError(t, c.check(""))
	})
}

func TestK1RotationWithAThousandAtOnce(t *testing.T) {
	t.Parallel()
	for name, published := range map[string][]any{"old key stays": {jwk("rsa"), jwk("other")}, "old key goes": {jwk("other")}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inCell(t, func(c *cell) {
				require.NoError(t, c.check("rsa"))
				c.slowly(time.Second, published...)
				for _, err := range atOnce(1000, func(int) error { return c.check("other") }) {
					require.NoError(t, err)
				}
				assert.Equal(t, 2, c.fetches())
			})
		})
	}
}

func TestKeysColdWithAThousandAtOnce(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		for _, err := range atOnce(1000, func(int) error { return c.check("rsa") }) {
			require.NoError(t, err)
		}
		assert.Equal(t, 1, c.fetches())
	})
}

// A server may rotate just after the set was fetched; the first token signed by the new key is accepted.
func TestK1RotationRightAfterTheFirstFetch(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		c.publish(jwk("rsa"), jwk("other"))
		require.NoError(t, c.check("other"))
		assert.Equal(t, 2, c.fetches())
	})
}

// Invented kids delay a rotation for no longer than the cool-down.
func TestK1RotationDuringAStorm(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.ErrorIs(t, c.check(randomKid(0)), oidc.CheckKey)
		c.publish(jwk("rsa"), jwk("other"))
		require.ErrorIs(t, c.check("other"), oidc.CheckKey)
		time.Sleep(10 * time.Second)
		require.NoError(t, c.check("other"))
		assert.Equal(t, 3, c.fetches())
	})
}

func TestKeysAtHandNeverWait(t *testing.T) {
	t.Parallel()
	inCell(t, func(c *cell) {
		require.NoError(t, c.check("rsa"))
		c.slowly(time.Minute, jwk("rsa"))
		var storm sync.WaitGroup
		storm.Go(func() {
			require.ErrorContains(t, c.check("unknown"), "context deadline exceeded")
		})
		synctest.Wait() // now the fetch for the unknown kid hangs
		begin := time.Now()
		require.NoError(t, c.check("rsa"))
		assert.Zero(t, time.Since(begin))
		storm.Wait()
		assert.Equal(t, 10*time.Second, time.Since(begin), "the deadline of a fetch")
	})
}
