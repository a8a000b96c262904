package callback_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/callback"
)

func TestAge(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	for age, want := range map[time.Duration]string{
		time.Hour:                  "",
		time.Hour + time.Second:    "the logout began 1h0m1s ago, at most 1h0m0s is allowed (LoginLifetime)",
		-time.Minute:               "",
		-time.Minute - time.Second: "the logout began 1m1s ahead of this clock, at most 1m0s is allowed: the clocks of the instances differ",
	} {
		assert.Equal(t, want, callback.Age("logout", now.Add(-age), now, time.Hour), age)
	}
}
