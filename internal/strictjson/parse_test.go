package strictjson_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

func refused(t *testing.T, err error, reason strictjson.Reason) *strictjson.Error {
	t.Helper()
	var e *strictjson.Error
	require.True(t, errors.As(err, &e), "got %v", err)
	require.Equal(t, reason, e.Reason)
	return e
}

// Each refused text has an accepted twin that differs in one fact.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	members := func(n int, last string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(`"m` + strconv.Itoa(i) + `":0,`)
		}
		return "{" + b.String() + `"` + last + `":1}`
	}
	for _, c := range []struct {
		name, bad, good string
		reason          strictjson.Reason
		offset          int
	}{
		{"empty", ``, `0`, strictjson.Syntax, 0},
		{"space alone", "  ", " 1", strictjson.Syntax, 2},
		{"two values", `{} {}`, `{} `, strictjson.Trailing, 3},
		{"bracket behind", `{}}`, `{}`, strictjson.Trailing, 2},
		{"nul behind", "{}\x00", "{}\n", strictjson.Trailing, 2},
		{"vertical tab", "{}\v", "{}\t", strictjson.Trailing, 2},
		{"no-break space", "\u00a0{}", " {}", strictjson.Syntax, 0},
		{"open object", `{"a":1`, `{"a":1}`, strictjson.Syntax, 6},
		{"open object after comma", `{"a":1,`, `{"a":1}`, strictjson.Syntax, 7},
		{"comma at end", `{"a":1,}`, `{"a":1}`, strictjson.Syntax, 7},
		{"comma at start", `{,"a":1}`, `{"a":1}`, strictjson.Syntax, 1},
		{"two commas", `[1,,2]`, `[1,2]`, strictjson.Syntax, 3},
		{"array comma at end", `[1,]`, `[1]`, strictjson.Syntax, 3},
		{"open array", `[1`, `[1]`, strictjson.Syntax, 2},
		{"mixed brackets", `[1}`, `[1]`, strictjson.Syntax, 2},
		{"bare name", `{a:1}`, `{"a":1}`, strictjson.Syntax, 1},
		{"single quotes", `{'a':1}`, `{"a":1}`, strictjson.Syntax, 1},
		{"no colon", `{"a" 1}`, `{"a" :1}`, strictjson.Syntax, 5},
		{"no value", `{"a":}`, `{"a":0}`, strictjson.Syntax, 5},
		{"comment", `{/**/}`, `{}`, strictjson.Syntax, 1},
		{"open string", `"a`, `"a"`, strictjson.Syntax, 2},
		{"string ends in backslash", `"a\`, `"a\\"`, strictjson.Syntax, 2},
		{"newline in string", "\"a\n\"", `"a\n"`, strictjson.Syntax, 2},
		{"nul in string", "\"a\x00\"", `"a\u0000"`, strictjson.Syntax, 2},
		{"escape x", `"\x41"`, `"\u0041"`, strictjson.Syntax, 1},
		{"escape '", `"\'"`, `"\""`, strictjson.Syntax, 1},
		{"short hex", `"\u004"`, `"\u0041"`, strictjson.Syntax, 1},
		{"no hex", `"\u00g1"`, `"\u00a1"`, strictjson.Syntax, 1},
		{"capital U", `"\U0041"`, `"\u0041"`, strictjson.Syntax, 1},
		{"plus", `+1`, `1`, strictjson.Syntax, 0},
		{"leading zero", `01`, `0`, strictjson.Syntax, 0},
		{"leading zero, negative", `-01`, `-0`, strictjson.Syntax, 1},
		{"minus alone", `-`, `-1`, strictjson.Syntax, 1},
		{"point at start", `.5`, `0.5`, strictjson.Syntax, 0},
		{"point at end", `5.`, `5.0`, strictjson.Syntax, 2},
		{"exponent empty", `5e`, `5e0`, strictjson.Syntax, 2},
		{"exponent sign alone", `5e+`, `5e+1`, strictjson.Syntax, 3},
		{"hex", `0x10`, `0`, strictjson.Trailing, 1},
		{"not a number", `NaN`, `null`, strictjson.Syntax, 0},
		{"infinity", `-Infinity`, `-1`, strictjson.Syntax, 1},
		{"capital literal", `True`, `true`, strictjson.Syntax, 0},
		{"short literal", `nul`, `null`, strictjson.Syntax, 0},
		{"long literal", `nulll`, `null`, strictjson.Trailing, 4},
		{"raw byte", "\"\xff\"", "\"\u00ff\"", strictjson.Encoding, 1},
		{"raw byte after U+FFFD", "\"\ufffd\xff\"", "\"\ufffd\"", strictjson.Encoding, 4},
		{"overlong slash", "\"\xc0\xaf\"", `"/"`, strictjson.Encoding, 1},
		{"raw surrogate", "\"\xed\xa0\x80\"", `"\ud800"`, strictjson.Encoding, 1},
		{"half a character", "\"\xe4\xb8", "\"\u4e16\"", strictjson.Encoding, 1},
		{"byte order mark", "\ufeff0", "0", strictjson.Mark, 0},
		{"byte order mark of an object", "\ufeff{}", "{}", strictjson.Mark, 0},
		{"byte order mark alone", "\ufeff", `"\ufeff"`, strictjson.Mark, 0},
		{"byte order mark behind a blank", " \ufeff0", " 0", strictjson.Syntax, 1},
		{"raw byte outside", "\xff", "0", strictjson.Encoding, 0},
		{"depth 65", nested(65), nested(64), strictjson.Depth, 64},
		{"depth 65 by objects", strings.Repeat(`{"a":`, 65) + "1" + strings.Repeat("}", 65),
			strings.Repeat(`{"a":`, 64) + "1" + strings.Repeat("}", 64), strictjson.Depth, 64 * 5},
		{"duplicate", `{"iss":1,"iss":1}`, `{"iss":1,"ISS":1}`, strictjson.Duplicate, 9},
		{"duplicate, escaped", `{"iss":1,"\u0069ss":1}`, `{"iss":1,"\u0049ss":1}`, strictjson.Duplicate, 9},
		{"duplicate, long s", `{"\u017fub":1,"ſub":1}`, `{"\u017fub":1,"sub":1}`, strictjson.Duplicate, 14},
		{"duplicate, empty", `{"":1,"":1}`, `{"":1," ":1}`, strictjson.Duplicate, 6},
		{"duplicate below", `{"a":[{"b":{"c":1,"c":1}}]}`, `{"a":[{"b":{"c":1,"d":1}}]}`, strictjson.Duplicate, 18},
		{"duplicate behind a nested one", `{"a":{"a":1},"a":1}`, `{"a":{"a":1},"b":1}`, strictjson.Duplicate, 13},
		{"duplicate of half surrogates", `{"\ud800":1,"\udc00":1}`, `{"\ud800":1,"\ud800\udc00":1}`, strictjson.Duplicate, 12},
		{"duplicate, 16th", members(15, "m0"), members(15, "x"), strictjson.Duplicate, 111},
		{"duplicate, 17th", members(16, "m15"), members(16, "x"), strictjson.Duplicate, 119},
		{"duplicate, 18th", members(17, "m16"), members(17, "x"), strictjson.Duplicate, 127},
		{"duplicate, 18th of 1st", members(17, "m0"), members(17, "m"), strictjson.Duplicate, 127},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := strictjson.Parse(c.bad)
			assert.Equal(t, c.offset, refused(t, err, c.reason).Offset)
			_, err = strictjson.Parse(c.good)
			assert.NoError(t, err)
		})
	}
}

func TestErrorNeverQuotesTheText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"hunter2":1,"hunter2":2}`, `{"a":hunter2}`, `"hunter2`, `{} hunter2`, "\"hunter2\xff\""} {
		_, err := strictjson.Parse(text)
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "hunter2")
		assert.Less(t, len(err.Error()), 80)
	}
	_, err := strictjson.Parse(`{"a":1,"a":1}`)
	assert.EqualError(t, err, "json: member name occurs twice at offset 7")
}

// One hundred thousand members take milliseconds with a lookup for each, and half a minute when each is compared with
// all before it.
func TestManyMembersTakeLinearTime(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 100_000 {
		b.WriteString(`,"member` + strconv.Itoa(i) + `":0`)
	}
	text := "{" + b.String()[1:] + "}"
	begun := time.Now()
	v, err := strictjson.Parse(text)
	require.NoError(t, err)
	assert.Less(t, time.Since(begun), 20*time.Second)
	n := 0
	for range v.Members {
		n++
	}
	assert.Equal(t, 100_000, n)
	_, err = strictjson.Parse(text[:len(text)-1] + `,"member0":0}`)
	refused(t, err, strictjson.Duplicate)
}
