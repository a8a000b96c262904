package saml_test

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// A lifetime near the longest there is must not end in the past: then a request could be answered twice.
func TestSAML49LongestLifetime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lifetime, skew time.Duration }{
		{math.MaxInt64, 0}, {math.MaxInt64, math.MaxInt64}, {math.MaxInt64 - time.Minute, time.Minute + 1}, {1 << 62, 1 << 62},
	} {
		kept := &store{}
		m := signedAssertion()
		m.config = func(config *saml.Config) { config.Replay, config.LoginLifetime, config.Skew = kept, c.lifetime, c.skew }
		_, err := m.complete(t)
		require.NoError(t, err)
		require.Len(t, kept.until, 2)
		for _, until := range kept.until {
			assert.True(t, until.After(clock), "%s %s", c.lifetime, until)
		}
	}
}

// Without a login the lifetime alone says how long an assertion is remembered.
func TestSAML49LongestLifetimeOfAnUnaskedAssertion(t *testing.T) {
	t.Parallel()
	for _, lifetime := range []time.Duration{time.Hour, math.MaxInt64} {
		kept := &store{}
		m := unasked()
		allow := m.config
		m.config = func(c *saml.Config) {
			allow(c)
			c.Replay, c.LoginLifetime = kept, lifetime
		}
		_, err := m.complete(t)
		require.NoError(t, err)
		require.Len(t, kept.until, 1)
		assert.True(t, kept.until[0].After(clock), "%s %s", lifetime, kept.until[0])
	}
}

// The longest Skew and the oldest authentication do not add up to a young one, nor the other way round.
func TestSAML46LongestSkew(t *testing.T) {
	refusals(t, signedAssertion, map[string]refusal{
		"no Skew for it": {
			all(says(instant, `AuthnInstant="0001-01-01T00:00:00Z"`), seconds(math.MaxInt64)), saml.CheckAuthn,
			all(says(instant, `AuthnInstant="0001-01-01T00:00:00Z"`), seconds(math.MaxInt64), with(func(c *saml.Config) { c.Skew = math.MaxInt64 })),
		},
		"an age below none": {
			all(says(instant, `AuthnInstant="2026-11-20T09:28:49Z"`), seconds(math.MinInt64)), saml.CheckAuthn,
			all(says(instant, `AuthnInstant="2026-11-20T09:29:10Z"`), seconds(math.MinInt64)),
		},
	})
}

func ExampleNewReplay() {
	store := saml.NewReplay(20_000) // two keys for each of 10,000 logins
	ctx, hour := context.Background(), time.Now().Add(time.Hour)
	first, err := store.First(ctx, "an assertion", hour)
	fmt.Println(first, err)
	again, err := store.First(ctx, "an assertion", hour)
	fmt.Println(again, err)
	// Output:
	// true <nil>
	// false <nil>
}

// A login takes two keys: a store of one is full before the assertion is marked.
func TestSAML49ALoginTakesTwoKeys(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]string{1: "saml: replay store: replay: the store in memory is full (Replay)", 2: ""} {
		m := signedAssertion()
		m.config = func(c *saml.Config) { c.Replay = saml.NewReplay(size) }
		_, err := m.complete(t)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, want)
	}
}
