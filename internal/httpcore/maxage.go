package httpcore

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// CacheControl joins the lines of Cache-Control, which have the same meaning as one line (RFC 9110 §5.3).
func CacheControl(h http.Header) string { return strings.Join(h.Values("Cache-Control"), ", ") }

// MaxAge reads a Cache-Control; said is false when it does not say how long a reply is fresh (RFC 9111 §5.2.2). Of
// several ages the shortest counts, and an invalid age counts as 0.
func MaxAge(control string) (age time.Duration, said bool) {
	age = math.MaxInt64
	for _, part := range strings.Split(strings.ToLower(control), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "no-store", "no-cache":
			return 0, true
		case "max-age":
			seconds, err := strconv.ParseInt(strings.Trim(value, `"`), 10, 64)
			if err != nil || seconds < 0 {
				return 0, true
			}
			age, said = min(age, time.Duration(min(seconds, math.MaxInt64/int64(time.Second)))*time.Second), true
		}
	}
	if !said {
		return 0, false
	}
	return age, true
}
