package xsd

import (
	"strings"
	"time"
)

// maxDuration is the longest duration that ParseDuration returns.
const maxDuration = 10 * 365 * 24 * time.Hour

// ParseDuration reads an xs:duration, such as a cacheDuration (SAML Metadata §2.3.1). A year has 365 days and a month
// has 30. Fractions of a second are dropped. More than ten years is ten years. A negative duration is refused.
func ParseDuration(s string) (time.Duration, bool) {
	rest, ok := strings.CutPrefix(Trim(s), "P")
	if !ok || len(rest) > 64 {
		return 0, false
	}
	date, clock, timed := strings.Cut(rest, "T")
	const day = 24 * time.Hour
	total, found := time.Duration(0), false
	for _, part := range []struct {
		text  string
		units string
		size  []time.Duration
	}{
		{date, "YMD", []time.Duration{365 * day, 30 * day, day}},
		{clock, "HMS", []time.Duration{time.Hour, time.Minute, time.Second}},
	} {
		text, next := part.text, 0
		for text != "" {
			n, unit, after, ok := number(text)
			at := strings.IndexByte(part.units[next:], unit)
			if !ok || at < 0 || unit != 'S' && strings.Contains(text[:len(text)-len(after)], ".") {
				return 0, false
			}
			if n > int64(maxDuration/part.size[next+at]) {
				total = maxDuration
			} else {
				total = min(total+time.Duration(n)*part.size[next+at], maxDuration)
			}
			text, next, found = after, next+at+1, true
		}
	}
	return total, found && (!timed || clock != "")
}

// number reads digits, an optional fraction, and the unit after them.
func number(s string) (n int64, unit byte, rest string, ok bool) {
	i := 0
	for ; i < len(s) && isDigit(s[i]); i++ {
		n = min(n*10+int64(s[i]-'0'), int64(maxDuration))
	}
	if i == 0 {
		return 0, 0, "", false
	}
	if i < len(s) && s[i] == '.' {
		from := i + 1
		for i = from; i < len(s) && isDigit(s[i]); i++ {
		}
		if i == from {
			return 0, 0, "", false
		}
	}
	if i == len(s) {
		return 0, 0, "", false
	}
	return n, s[i], s[i+1:], true
}
