package callback

import (
	"fmt"
	"time"
)

// maxAhead is the clock skew that two instances of an application may have.
const maxAhead = time.Minute

// Age returns what is wrong with the age of a login or a logout, which is called what; empty is nothing. LoginLifetime is
// the option that sets lifetime.
func Age(what string, began, now time.Time, lifetime time.Duration) string {
	switch age := now.Sub(began); {
	case age > lifetime:
		return fmt.Sprintf("the %s began %s ago, at most %s is allowed (LoginLifetime)", what, age.Truncate(time.Second), lifetime)
	case age < -maxAhead:
		return fmt.Sprintf("the %s began %s ahead of this clock, at most %s is allowed: the clocks of the instances differ", what, -age.Truncate(time.Second), maxAhead)
	}
	return ""
}
