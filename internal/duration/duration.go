// Package duration adds durations from configuration, which may have any value.
package duration

import (
	"math"
	"time"
)

// Sum is a plus b, or the largest or smallest duration when the sum would overflow.
func Sum(a, b time.Duration) time.Duration {
	switch {
	case a > 0 && b > math.MaxInt64-a:
		return math.MaxInt64
	case a < 0 && b < math.MinInt64-a:
		return math.MinInt64
	}
	return a + b
}
