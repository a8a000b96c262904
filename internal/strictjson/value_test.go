package strictjson_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

func parse(t testing.TB, text string) strictjson.Value {
	t.Helper()
	v, err := strictjson.Parse(text)
	require.NoError(t, err)
	return v
}

func TestKindAndRaw(t *testing.T) {
	t.Parallel()
	for text, kind := range map[string]strictjson.Kind{
		"null": strictjson.Null, "true": strictjson.Bool, "false": strictjson.Bool, "-1.5e3": strictjson.Number, `""`: strictjson.String,
		"[ 1 , 2 ]": strictjson.Array, `{ "a" : { } }`: strictjson.Object,
	} {
		v := parse(t, " \r\n\t"+text+" ")
		assert.Equal(t, kind, v.Kind(), text)
		assert.Equal(t, text, v.Raw())
	}
	assert.Equal(t, strictjson.Null, strictjson.Value{}.Kind())
	assert.Nil(t, strictjson.Value{}.Any())
}

func TestStr(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`""`: "", `"世界"`: "世界", `"\"\\\/\b\f\n\r\t"`: "\"\\/\b\f\n\r\t", `"a\u4e16b"`: "a世b", `"\uD83D\ude00"`: "😀",
		`"\ud83d"`: "\ufffd", `"\ude00"`: "\ufffd", `"\ud83dx"`: "\ufffdx", `"\ud83d\n"`: "\ufffd\n", `"\ud83d\u0041"`: "\ufffdA",
		`"\ud83d\ud83d\ude00"`: "\ufffd😀", `"\\u0041"`: `\u0041`, `"\u0000"`: "\x00",
	} {
		got, ok := parse(t, text).Str()
		assert.True(t, ok)
		assert.Equal(t, want, got, text)
		var std string
		require.NoError(t, json.Unmarshal([]byte(text), &std))
		assert.Equal(t, std, got, text)
	}
	for _, text := range []string{"null", "1", "true", `["a"]`, `{"a":"a"}`} {
		_, ok := parse(t, text).Str()
		assert.False(t, ok, text)
		assert.Empty(t, parse(t, text).Text(), text)
	}
}

// Each half has the whole character as its twin.
func TestExactStr(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`""`: "", `"世界"`: "世界", `"\ud83d\ude00"`: "😀", `"a\uD83D\uDE00b\ud83d\ude00"`: "a😀b😀", `"\\ud83d"`: `\ud83d`, `"\ufffd"`: "\ufffd",
		`"\ud7ff"`: "\ud7ff", `"\ue000"`: "\ue000", `"\ud800\udc00"`: "\U00010000", `"\udbff\udfff"`: "\U0010ffff", `"\n\ud83d\ude00\""`: "\n😀\"",
	} {
		got, ok := parse(t, text).ExactStr()
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		`"\ud800"`, `"\udbff"`, `"\udc00"`, `"\udfff"`, `"a\ud83d"`, `"\ud83dx"`, `"\ud83d\n"`, `"\ud83d\u0041"`, `"\ud83d\ud83d\ude00"`,
		`"\ude00\ud83d"`, `"\ud83d\ude00\ude00"`, `"\ud83d\\ude00"`, `"\udbff\ue000"`, `"\ud83d\udbff"`, "null", "1", "true", `["a"]`, `{"a":"a"}`,
	} {
		got, ok := parse(t, text).ExactStr()
		assert.False(t, ok, text)
		assert.Empty(t, got, text)
	}
	_, ok := strictjson.Value{}.ExactStr()
	assert.False(t, ok)
}

func TestBool(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]bool{"true": {true, true}, "false": {false, true}, `"true"`: {}, "1": {}, "null": {}} {
		value, ok := parse(t, text).Bool()
		assert.Equal(t, want, [2]bool{value, ok}, text)
	}
}

func TestInt64(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "-0": 0, "1600000000": 1600000000, "-5": -5, "1.6e9": 1600000000, "1600000000.5": 1600000000, "-1.9": -1, "-0.9": 0,
		"16E8": 1600000000, "1.6E+9": 1600000000, "16000000005e-1": 1600000000, "1e-1": 0, "1e0": 1, "0.0000000016e18": 1600000000,
		"9223372036854775807": 9223372036854775807, "-9223372036854775808": -9223372036854775808, "9223372036854775807.9": 9223372036854775807,
		"0e999999999999999999999": 0, "1e-999999999999999999999": 0, "0.000e5": 0, "1.2345e2": 123, "1e18": 1e18,
		"1" + strings.Repeat("0", 400) + "e-400": 1, "0." + strings.Repeat("0", 400) + "17e402": 17, "92233720368547758079e-1": 9223372036854775807,
	} {
		got, ok := parse(t, text).Int64()
		assert.True(t, ok, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"9223372036854775808", "-9223372036854775809", "1e19", "1e400", "-1e999999999999999999999", "18446744073709551616", "100000000000000000000",
		`"1600000000"`, "null", "true", "[1]",
	} {
		_, ok := parse(t, text).Int64()
		assert.False(t, ok, text)
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	v := parse(t, ` { "a" : "}" , "\u0062" : [ { "]" : "\"" } , -1 , [ ] ] , "c":true } `)
	var names, raws []string
	for name, m := range v.Members {
		names, raws = append(names, name), append(raws, m.Raw())
	}
	assert.Equal(t, []string{"a", "b", "c"}, names)
	assert.Equal(t, []string{`"}"`, `[ { "]" : "\"" } , -1 , [ ] ]`, "true"}, raws)
	var kinds []strictjson.Kind
	for e := range parse(t, raws[1]).Elements {
		kinds = append(kinds, e.Kind())
	}
	assert.Equal(t, []strictjson.Kind{strictjson.Object, strictjson.Number, strictjson.Array}, kinds)
	for range v.Members {
		names = nil
		break
	}
	assert.Nil(t, names)
	for range v.Elements {
		t.Error("an object has no elements")
	}
	for range parse(t, "[1]").Members {
		t.Error("an array has no members")
	}
}

func TestAny(t *testing.T) {
	t.Parallel()
	assert.Equal(t, map[string]any{"s": "x", "n": json.Number("1.50"), "l": []any{nil, true, []any{}}, "o": map[string]any{}},
		parse(t, `{"s":"x","n":1.50,"l":[null,true,[]],"o":{}}`).Any())
}

func TestParseObject(t *testing.T) {
	t.Parallel()
	space := make([]strictjson.Member, 1, 8)
	members, err := strictjson.ParseObject(` { "a" : { "a" : 1 } , "\u0062" : [ { "c" : 2 } ] } `, space)
	require.NoError(t, err)
	require.Len(t, members, 3)
	assert.Equal(t, "a b", members[1].Name+" "+members[2].Name)
	assert.Equal(t, `{ "a" : 1 } [ { "c" : 2 } ]`, members[1].Value.Raw()+" "+members[2].Value.Raw())
	for _, text := range []string{`[{"a":1}]`, "null", `"{}"`, "1"} {
		members, err = strictjson.ParseObject(text, nil)
		refused(t, err, strictjson.Misfit)
		assert.Nil(t, members)
	}
	members, err = strictjson.ParseObject(`{"a":1,"a":2}`, space)
	refused(t, err, strictjson.Duplicate)
	assert.Nil(t, members)
}
