package xsd

import (
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
	} {
		got, err := ParseTime(text)
		require.NoError(t, err, text)
		assert.True(t, want.Equal(got), text)
		assert.Equal(t, time.UTC, got.Location(), text)
	}
}

func TestSAML45OtherTimesAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "Z", "2026-11-20", "2026-11-20T09:30:10", "2026-11-20T09:30:10z", "2026-11-20t09:30:10Z", "2026-11-20 09:30:10Z",
		"2026-11-20T09:30:10+00:00", "2026-11-20T09:30:10-00:00", "2026-11-20T09:30:10+01:00", "2026-11-20T09:30:10ZZ",
		"2026-11-20T09:30:10.Z", "2026-11-20T09:30:10,5Z", "2026-11-20T09:30:10.5.5Z", "2026-11-20T09:30:10.-5Z", "2026-11-20T09:30Z",
		"2026-11-20T9:30:10Z", "2026-11-20T09:30:1Z", "26-11-20T09:30:10Z", "-2026-11-20T09:30:10Z", "12026-11-20T09:30:10Z",
		"2026-13-20T09:30:10Z", "2026-02-29T09:30:10Z", "2026-11-20T24:00:00Z", "2026-11-20T09:30:60Z", "2026-11-20T09:60:10Z",
		" 2026-11-20T09:30:10Z", "2026-11-20T09:30:10Z ", "２０26-11-20T09:30:10Z", "2026-11-20T09:30:10.12345678999999999999999Z",
		"2026-11-20T09:30:10.12345678999999999999Z", // 41 bytes; TestParseTime has one of 40
		"2026-11-20T09:30:10.5/Z", "2026-11-20T09:30:10.5:Z", "/026-11-20T09:30:10Z", ":026-11-20T09:30:10Z", "2026-11-20T09:30:1:Z", "2026-11-20T09:30:1/Z",
	} {
		_, err := ParseTime(text)
		assert.ErrorIs(t, err, NotTime, text)
	}
}

func FuzzParseTime(f *testing.F) {
	f.Add("2026-11-20T09:30:10Z")
	f.Add("2026-11-20T09:30:10.123456789Z")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := ParseTime(s)
		if err != nil {
			return
		}
		again, err := ParseTime(got.Format("2006-01-02T15:04:05.999999999Z"))
		require.NoError(t, err)
		assert.True(t, got.Equal(again))
	})
}
