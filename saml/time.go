package saml

import (
	"strings"
	"time"
)

// maxTime is the longest time in bytes: a second's fraction has no bound of its own.
const maxTime = 40

// parseTime reads an instant: xs:dateTime in UTC with its Z, at most with a fraction of a second
// (SAML Core §1.3.3). Local times, other zones, leap seconds and white space are refused.
func parseTime(s string) (time.Time, error) {
	const shape = "dddd-dd-ddTdd:dd:dd"
	if len(s) <= len(shape) || len(s) > maxTime || s[len(s)-1] != 'Z' {
		return time.Time{}, errNoTime
	}
	for i := range len(shape) {
		if shape[i] == 'd' && !isDigit(s[i]) || shape[i] != 'd' && shape[i] != s[i] {
			return time.Time{}, errNoTime
		}
	}
	if fraction := s[len(shape) : len(s)-1]; fraction != "" {
		digits, ok := strings.CutPrefix(fraction, ".")
		if !ok || digits == "" {
			return time.Time{}, errNoTime
		}
		for i := range len(digits) {
			if !isDigit(digits[i]) {
				return time.Time{}, errNoTime
			}
		}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, errNoTime // its own text quotes s
	}
	return t, nil
}

// timeError is a constant error.
type timeError string

// Error is the text.
func (e timeError) Error() string { return string(e) }

const errNoTime timeError = "not a time in UTC, such as 2026-11-20T09:30:10Z"

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// formatTime writes an instant of a message of ours.
func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }
