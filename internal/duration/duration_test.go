package duration_test

import (
	"math"
	"testing"
	"testing/quick"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/duration"
)

func TestSum(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, want time.Duration }{
		{0, 0, 0}, {time.Hour, time.Minute, 61 * time.Minute}, {time.Hour, -time.Minute, 59 * time.Minute},
		{math.MaxInt64 - 1, 1, math.MaxInt64}, {math.MaxInt64, 0, math.MaxInt64}, {math.MaxInt64, 1, math.MaxInt64},
		{math.MaxInt64, math.MaxInt64, math.MaxInt64}, {1, math.MaxInt64, math.MaxInt64},
		{math.MinInt64 + 1, -1, math.MinInt64}, {math.MinInt64, 0, math.MinInt64}, {math.MinInt64, -1, math.MinInt64},
		{math.MinInt64, math.MinInt64, math.MinInt64}, {math.MaxInt64, math.MinInt64, -1},
	} {
		assert.Equal(t, c.want, duration.Sum(c.a, c.b), "%d + %d", c.a, c.b)
		assert.Equal(t, c.want, duration.Sum(c.b, c.a), "%d + %d", c.b, c.a)
	}
	require.NoError(t, quick.Check(func(a, b int32) bool {
		return duration.Sum(time.Duration(a), time.Duration(b)) == time.Duration(a)+time.Duration(b)
	}, nil))
}
