package httpcore

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestMaxAge(t *testing.T) {
	t.Parallel()
	const silent = -1
	for control, want := range map[string]time.Duration{
		"": silent, "private": silent, "s-maxage=60": silent, "xmax-age=60": silent, "max-age": 0, "max-age=": 0,
		"max-age=0": 0, "max-age=1": time.Second, "Max-Age=60": time.Minute, ` private ,max-age="60"`: time.Minute,
		"max-age=60, max-age=120": time.Minute, "max-age=120, max-age=60": time.Minute, "max-age=60, no-cache": 0, "no-store": 0,
		"max-age=-1": 0, "max-age=soon": 0, "max-age=60, max-age=soon": 0, "max-age=1.5": 0,
		"max-age=9223372036": 9223372036 * time.Second, "max-age=9223372037": 9223372036 * time.Second,
		"max-age=9223372036854775807": 9223372036 * time.Second, "max-age=9223372036854775808": 0,
	} {
		age, said := MaxAge(control)
		if want == silent {
			assert.False(t, said, control)
			continue
		}
		assert.True(t, said, control)
		assert.Equal(t, want, age, control)
	}
	assert.Empty(t, CacheControl(http.Header{}))
	assert.Equal(t, "private, max-age=60", CacheControl(http.Header{"Cache-Control": {"private", "max-age=60"}}))
}
