package xsd

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestParseDuration(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for text, want := range map[string]time.Duration{
		"PT0S": 0, "PT1S": time.Second, "PT604800S": 7 * day, "P1D": day, "PT1H30M": 90 * time.Minute, "P1DT1M": day + time.Minute,
		"P1Y2M3DT4H5M6.789S": 365*day + 60*day + 3*day + 4*time.Hour + 5*time.Minute + 6*time.Second, " PT5M\n": 5 * time.Minute,
		"P0Y": 0, "P10Y": maxDuration, "P11Y": maxDuration, "P9Y4000D": maxDuration, "P99999999999999999999Y": maxDuration,
		"PT99999999999999999999999999S": maxDuration, "PT00000000000000000000001M": time.Minute,
	} {
		got, ok := ParseDuration(text)
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"", "P", "PT", "P1DT", "1D", "-P1D", "P-1D", "P1", "PT1", "P1H", "PT1D", "P1M1Y", "PT1M1M", "PT1S1M", "P1.5D", "PT1.5M", "PT1.S", "PT.5S",
		"PT1,5S", "P 1D", "p1d", "PT1s", "P1D1", "PT1STT", "P1DT1DT1S", "PS", "PT+1S", "P1W", "PT" + strings.Repeat("1", 64) + "S",
	} {
		_, ok := ParseDuration(text)
		assert.False(t, ok, text)
	}
}
