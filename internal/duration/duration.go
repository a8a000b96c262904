// Package duration adds lengths of time that users may set to anything.
package duration

import (
	"math"
	"time"
)

// Sum is a plus b, or the longest or shortest length there is where that would overflow and change its sign.
func Sum(a, b time.Duration) time.Duration {
	switch {
	case a > 0 && b > math.MaxInt64-a:
		return math.MaxInt64
	case a < 0 && b < math.MinInt64-a:
		return math.MinInt64
	}
	return a + b
}
