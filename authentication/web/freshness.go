package web

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/seed6e7d3bb2/authing-go/internal/challenge"
)

// Freshness demands a recent or a strong login. The zero value demands nothing.
type Freshness struct {
	// MaxAge is the longest allowed time since the user authenticated, in whole seconds; zero allows any. A minute is
	// added, for the server's clock.
	MaxAge time.Duration
	// ACRValues is a space-separated list of authentication context classes, of which the login must have one; empty
	// allows any.
	ACRValues string
}

func (f Freshness) check() error {
	switch {
	case f.MaxAge < 0 || f.MaxAge%time.Second != 0:
		return errors.New("web: Freshness.MaxAge must be whole seconds, and not negative")
	case f.ACRValues != "" && !challenge.IsWordList(f.ACRValues):
		return errors.New(`web: Freshness.ACRValues must be words of visible ASCII without " and \, separated by one space`)
	}
	return nil
}

// missing says what a login lacks, and is empty when it lacks nothing (RFC 9470 §4).
func (f Freshness) missing(authTime time.Time, acr string, now time.Time) string {
	switch {
	case f.ACRValues != "" && !slices.Contains(strings.Split(f.ACRValues, " "), acr): // no word is empty: see check
		return "acr is missing, or not one of ACRValues"
	case f.MaxAge == 0:
		return ""
	case authTime.IsZero():
		return "auth_time is missing"
	case authTime.After(now.Add(skew)):
		return "auth_time is in the future"
	case now.Sub(authTime) > f.MaxAge+skew:
		return "auth_time is older than MaxAge"
	}
	return ""
}
