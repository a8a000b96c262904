package xsd

import (
	"strings"
	"time"
)

// maxTime is the longest time in bytes: the fraction of a second has no bound of its own.
const maxTime = 40

// TimeError is a text that is no time. It is an error, for errors.Is.
type TimeError string

// NotTime is the error of ParseTime. It does not quote the text.
const NotTime TimeError = "not a time in UTC, such as 2026-11-20T09:30:10Z"

// Error is the text.
func (e TimeError) Error() string { return string(e) }

// ParseTime reads an xs:dateTime in UTC with its Z, and with a fraction of a second at most
// (SAML Core §1.3.3). Local times, other zones, leap seconds and white space are refused.
func ParseTime(s string) (time.Time, error) {
	const shape = "dddd-dd-ddTdd:dd:dd"
	if len(s) <= len(shape) || len(s) > maxTime || s[len(s)-1] != 'Z' {
		return time.Time{}, NotTime
	}
	for i := range len(shape) {
		if shape[i] == 'd' && !isDigit(s[i]) || shape[i] != 'd' && shape[i] != s[i] {
			return time.Time{}, NotTime
		}
	}
	if fraction := s[len(shape) : len(s)-1]; fraction != "" {
		digits, ok := strings.CutPrefix(fraction, ".")
		if !ok || digits == "" {
			return time.Time{}, NotTime
		}
		for i := range len(digits) {
			if !isDigit(digits[i]) {
				return time.Time{}, NotTime
			}
		}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, NotTime // the text of err quotes s
	}
	return t, nil
}

// FormatTime writes an xs:dateTime in UTC, in whole seconds.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
