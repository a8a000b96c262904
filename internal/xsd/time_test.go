package xsd

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		"2026-11-20T09:30:10Z":                     time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		"2024-02-29T23:59:59Z":                     time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC),
		"2026-11-20T09:30:10.5Z":                   time.Date(2026, 11, 20, 9, 30, 10, 5e8, time.UTC),
		"2026-11-20T09:30:10.000Z":                 time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		"2026-11-20T09:30:10.1234567Z":             time.Date(2026, 11, 20, 9, 30, 10, 123456700, time.UTC),
		"2026-11-20T09:30:10.1234567899999999999Z": time.Date(2026, 11, 20, 9, 30, 10, 123456789, time.UTC),
		"2026-11-20T09:30:10.09Z":                  time.Date(2026, 11, 20, 9, 30, 10, 9e7, time.UTC),
		"0001-01-01T00:00:00Z":                     {},
		// UTC without its Z (SAML Core §1.3.3), and as an offset (XML Schema part 2 §3.2.7.3).
		"2026-11-20T09:30:10":           time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		"2026-11-20T09:30:10.5":         time.Date(2026, 11, 20, 9, 30, 10, 5e8, time.UTC),
		"2026-11-20T09:30:10+00:00":     time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		"2026-11-20T09:30:10-00:00":     time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		"2026-11-20T09:30:10.000+00:00": time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		// White space is collapsed (XML Schema part 2 §3.2.7).
		" 2026-11-20T09:30:10Z":             time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		"\n\t2026-11-20T09:30:10+00:00\r\n": time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
	} {
		for name, parse := range map[string]func(string) (time.Time, error){"ParseTime": ParseTime, "ParseZonedTime": ParseZonedTime} {
			got, err := parse(text)
			require.NoError(t, err, "%s %q", name, text)
			assert.True(t, want.Equal(got), "%s %q", name, text)
			assert.Equal(t, time.UTC, got.Location(), "%s %q", name, text)
		}
	}
}

func TestParseZonedTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		"2026-11-20T17:30:10+08:00":     time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		"2026-11-20T03:30:10.250-06:00": time.Date(2026, 11, 20, 9, 30, 10, 25e7, time.UTC),
		"2026-11-20T15:15:10+05:45":     time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		"2026-11-20T23:30:10+14:00":     time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
		"2026-11-19T19:30:10-14:00 ":    time.Date(2026, 11, 20, 9, 30, 10, 0, time.UTC),
	} {
		got, err := ParseZonedTime(text)
		require.NoError(t, err, text)
		assert.True(t, want.Equal(got), text)
		assert.Equal(t, time.UTC, got.Location(), text)
		_, err = ParseTime(text)
		assert.ErrorIs(t, err, NotUTC, text)
	}
}

// A time without zone, the offset zero and white space around a time are no longer among these: SAML Core §1.3.3 fixes
// the zone, and XML Schema part 2 §3.2.7 says that they are the same value.
func TestSAML45OtherTimesAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "Z", "2026-11-20", "2026-11-20Z", "2026-11-20T09:30:10z", "2026-11-20t09:30:10Z", "2026-11-20 09:30:10Z", "2026-11-20T09:30:10ZZ",
		"2026-11-20T09:30:10.Z", "2026-11-20T09:30:10,5Z", "2026-11-20T09:30:10.5.5Z", "2026-11-20T09:30:10.-5Z", "2026-11-20T09:30Z",
		"2026-11-20T9:30:10Z", "2026-11-20T09:30:1Z", "26-11-20T09:30:10Z", "-2026-11-20T09:30:10Z", "12026-11-20T09:30:10Z",
		"2026-13-20T09:30:10Z", "2026-02-29T09:30:10Z", "2026-11-20T24:00:00Z", "2026-11-20T09:30:60Z", "2026-11-20T09:60:10Z",
		"２０26-11-20T09:30:10Z", "2026-11-20T09:30:10.12345678999999999999999Z",
		"2026-11-20T09:30:10.12345678999999999999Z", // 41 bytes; TestParseTime has one of 40
		"2026-11-20T09:30:10.5/Z", "2026-11-20T09:30:10.5:Z", "/026-11-20T09:30:10Z", ":026-11-20T09:30:10Z", "2026-11-20T09:30:1:Z", "2026-11-20T09:30:1/Z",
		"2026-11-20T09:30", "2026-11-20T09:30:10.", "2026-11-20T09:30:10.+00:00", "2026-11-20T24:00:00", "2026-11-20T09:30:60+00:00",
		"2026-11-20T09:30:10+0000", "2026-11-20T09:30:10+00", "2026-11-20T09:30:10 00:00", "2026-11-20T09:30:1000:00", "2026-11-20T09:30:10Z+00:00",
		"2026-11-20T09:30:10+00:00Z", "2026-11-20T09:30:10+14:01", "2026-11-20T09:30:10+15:00", "2026-11-20T09:30:10+13:60", "2026-11-20T09:30:10+00:0x",
		// There is no year 0 (XML Schema part 2 §3.2.7), and JSON has none beyond 9999, also where the offset leads there.
		"0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "0001-01-01T00:00:00.5+14:00", "9999-12-31T23:59:59.999-14:00",
		"2026-11-20T 09:30:10Z", "\u00a02026-11-20T09:30:10Z", "\ufeff2026-11-20T09:30:10Z",
	} {
		_, err := ParseTime(text)
		assert.ErrorIs(t, err, NotTime, "%q", text)
		_, err = ParseZonedTime(text)
		assert.ErrorIs(t, err, NotTime, "%q", text)
	}
}

func FuzzParseTime(f *testing.F) {
	f.Add("2026-11-20T09:30:10Z")
	f.Add("2026-11-20T09:30:10.123456789Z")
	f.Add(" 2026-11-20T17:30:10.5+08:00\n")
	f.Fuzz(func(t *testing.T, s string) {
		zoned, zonedErr := ParseZonedTime(s)
		got, err := ParseTime(s)
		if err != nil {
			assert.Equal(t, errors.Is(err, NotUTC), zonedErr == nil)
			return
		}
		require.NoError(t, zonedErr)
		assert.Equal(t, zoned, got)
		again, err := ParseTime(got.Format("2006-01-02T15:04:05.999999999Z"))
		require.NoError(t, err)
		assert.True(t, got.Equal(again))
	})
}
