package strictjson_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// nestedText has every kind of value, inside objects and arrays, with spaces wherever they are allowed.
const nestedText = ` { "a" : [ 1 , -0.5e+10 , true , false , null , "x\u00e9\ud83d\ude00\\\"世" , { } , [ ] , [ [ { "b" : { "c" : [ { } ] } } ] ] ] ,` +
	` "\u0064" : { "e" : { "f" : "" , "g" : 1e-2 } } , "h":"12345678 and more than eight"}`

func TestEveryProperPrefixIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{nestedText, idToken, claimsText, storedText} {
		_, err := strictjson.Parse(text)
		require.NoError(t, err, "the accepted twin")
		whole := strings.TrimRight(text, " ")
		for i := range whole {
			prefix := text[:i]
			_, err := strictjson.Parse(prefix)
			var e *strictjson.Error
			require.True(t, errors.As(err, &e), prefix)
			require.LessOrEqual(t, e.Offset, len(prefix))
			_, err = strictjson.ParseObject(prefix, nil)
			require.Error(t, err, prefix)
			var any any
			require.Error(t, strictjson.Decode([]byte(prefix), &any), prefix)
			require.Nil(t, any)
			_, err = strictjson.Parse(`{"a":` + prefix + "}")
			require.Error(t, err, prefix)
		}
		for i := range len(text) { // also cut inside a character
			_, err := strictjson.Parse(text[:i])
			require.True(t, err != nil || i >= len(whole))
		}
	}
	v := parse(t, nestedText)
	var standard map[string]any
	require.NoError(t, json.Unmarshal([]byte(nestedText), &standard))
	assert.Len(t, v.Any(), len(standard))
}

// All 256 bytes in each place where a class of bytes is allowed, compared with encoding/json.
func TestEveryByteInEveryPlace(t *testing.T) {
	t.Parallel()
	for _, place := range []string{
		"@", "@1", "1@", "-@", "1.@", "1@5", "1e@", "1e@5", "1e+@", "0@", "-0@", "@{}", "{}@", "{@}", `{@"a":1}`, `{"a"@:1}`, `{"a":@1}`, `{"a":1@}`,
		`{"a":1@"b":2}`, `{"a"@1}`, "[1@2]", "[@]", "[1@]", `"@"`, `"\@"`, `"\u@000"`, `"\u0@00"`, `"\u00@0"`, `"\u000@"`, "tru@", "@rue", "fals@", "nul@", "n@ll",
		`"1234567@"`, `"12345678@"`, `"1234567@90123456"`, `"12345678@0123456\n"`,
	} {
		for c := range 256 {
			text := strings.Replace(place, "@", string([]byte{byte(c)}), 1)
			_, err := strictjson.Parse(text)
			want := utf8.ValidString(text) && json.Valid([]byte(text))
			require.Equal(t, want, err == nil, "%q", text)
		}
	}
}

// A special byte, at every distance from the start of a string and with any other byte before it.
func TestSpecialBytesAtEveryOffset(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		for _, fill := range []string{"a", "!", "#", "[", "]", "\x7f", " ", "\u00df", "\u00a2\u00a2"} {
			before := strings.Repeat(fill, n)
			assert.Equal(t, before+"\n"+before, parse(t, `"`+before+`\n`+before+`"`).Text())
			assert.Equal(t, before+`"`, parse(t, `"`+before+`\""`).Text())
			for _, bad := range []string{"\x1f", "\x00", "\n"} {
				_, err := strictjson.Parse(`"` + before + bad + before + `"`)
				refused(t, err, strictjson.Syntax)
			}
			_, err := strictjson.Parse(`"` + before + `"` + before + `"`)
			require.Error(t, err)
		}
	}
}

// Names are kept in a list first and then in a map: a repeated name is found on both sides of the change, wherever it
// was before.
func TestDuplicatesAroundTheListOfNames(t *testing.T) {
	t.Parallel()
	for n := 30; n <= 36; n++ {
		var b strings.Builder
		for i := range n {
			b.WriteString(`"m` + strconv.Itoa(i) + `":0,`)
		}
		_, err := strictjson.Parse("{" + b.String() + `"last":1}`)
		require.NoError(t, err)
		for i := range n {
			_, err := strictjson.Parse("{" + b.String() + `"m` + strconv.Itoa(i) + `":1}`)
			refused(t, err, strictjson.Duplicate)
		}
		_, err = strictjson.Parse("{" + b.String() + `"last":1,"last":2}`)
		refused(t, err, strictjson.Duplicate)
	}
}

// At most 64 levels, for every kind of nesting.
func TestDepthInEveryWayIn(t *testing.T) {
	t.Parallel()
	for depth, ok := range map[int]bool{63: true, 64: true, 65: false} {
		for _, text := range []string{
			`{"a":` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + "}", strings.Repeat(`{"a":`, depth) + "1" + strings.Repeat("}", depth),
			`{"b":[],"a":` + strings.Repeat(`[{"a":`, (depth-1)/2) + []string{"1", "[1]"}[(depth-1)%2] + strings.Repeat("}]", (depth-1)/2) + "}",
		} {
			var any any
			var kept struct {
				A json.RawMessage `json:"a"`
				B []int           `json:"b"`
			}
			_, err := strictjson.ParseObject(text, nil)
			for _, err := range []error{err, strictjson.Decode([]byte(text), &any), strictjson.Decode([]byte(text), &kept)} {
				if ok {
					require.NoError(t, err, text)
				} else {
					refused(t, err, strictjson.Depth)
				}
			}
		}
	}
}
