package xsd

import "time"

// maxTime is the longest time in bytes: the fraction of a second has no bound of its own.
const maxTime = 40

// TimeError is why a text is not taken as a time. It is an error, for errors.Is. It does not quote the text.
type TimeError string

const (
	// NotTime is a text that is no time at all.
	NotTime TimeError = "not a time in UTC, such as 2026-11-20T09:30:10Z"
	// NotUTC is a time with an offset, which ParseZonedTime reads.
	NotUTC TimeError = "a time with an offset from UTC"
)

// Error is the text.
func (e TimeError) Error() string { return string(e) }

// ParseTime reads an xs:dateTime in UTC (SAML Core §1.3.3, XML Schema part 2 §3.2.7). UTC is Z, the offset zero, or no
// time zone: SAML has all times in UTC. Another offset is NotUTC. Leap seconds, 24:00:00, and years other than 1 to 9999 in
// UTC are refused.
func ParseTime(s string) (time.Time, error) {
	t, err := parseTime(s)
	if err != nil {
		return time.Time{}, err
	}
	if _, offset := t.Zone(); offset != 0 {
		return time.Time{}, NotUTC
	}
	return t.UTC(), nil
}

// ParseZonedTime is ParseTime for times with any offset; the result is in UTC.
func ParseZonedTime(s string) (time.Time, error) {
	t, err := parseTime(s)
	return t.UTC(), err
}

func parseTime(s string) (time.Time, error) {
	const shape = "dddd-dd-ddTdd:dd:dd"
	s = Trim(s)
	if len(s) > maxTime || !fits(s, shape) {
		return time.Time{}, NotTime
	}
	zone := len(shape)
	if zone < len(s) && s[zone] == '.' {
		from := zone + 1
		for zone = from; zone < len(s) && isDigit(s[zone]); zone++ {
		}
		if zone == from {
			return time.Time{}, NotTime
		}
	}
	switch z := s[zone:]; {
	case z == "":
		s += "Z"
	case z != "Z" && !isOffset(z):
		return time.Time{}, NotTime
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, NotTime // the text of err quotes s
	}
	// There is no year 0. A year after 9999 has no form in JSON, in which a caller may store the time.
	if year := t.UTC().Year(); year < 1 || year > 9999 {
		return time.Time{}, NotTime
	}
	return t, nil
}

// isOffset tells whether s is an offset from UTC, at most 14 hours (XML Schema part 2 §3.2.7.3).
func isOffset(s string) bool {
	return len(s) == len("+dd:dd") && (s[0] == '+' || s[0] == '-') && fits(s[1:], "dd:dd") && s[1:] <= "14:00" && s[4] < '6'
}

// fits tells whether s begins like shape, in which d is a digit.
func fits(s, shape string) bool {
	if len(s) < len(shape) {
		return false
	}
	for i := range len(shape) {
		if shape[i] == 'd' && !isDigit(s[i]) || shape[i] != 'd' && shape[i] != s[i] {
			return false
		}
	}
	return true
}

// FormatTime writes an xs:dateTime in UTC, in whole seconds.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
