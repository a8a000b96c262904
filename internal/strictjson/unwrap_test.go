package strictjson_test

import (
	"encoding/json"
	"net"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// words reads itself: one text of several words.
type words []string

func (w *words) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	*w = strings.Fields(text)
	return nil
}

// A value with and without a list around it fills a Go type in one way.
func TestDecodeUnwrapped(t *testing.T) {
	t.Parallel()
	type inner struct {
		A []int `json:"a"`
	}
	type quoted struct {
		N int `json:"n,string"`
	}
	for _, c := range []struct {
		into  any
		want  any
		texts []string
	}{
		{new(string), "x", []string{`"x"`, `["x"]`, `[["x"]]`}},
		{new([]string), []string{"x"}, []string{`"x"`, `["x"]`}},
		{new([]string), []string{"x", "y"}, []string{`["x","y"]`, `[["x"],["y"]]`}},
		{new([]string), []string{}, []string{`[]`}},
		{new([]string), []string(nil), []string{`null`}},
		{new([2]int), [2]int{1}, []string{`1`, `[1]`}},
		{new([]byte), []byte("abc"), []string{`"YWJj"`, `["YWJj"]`}},
		{new(json.RawMessage), json.RawMessage(`{"a":[1]}`), []string{`{"a":[1]}`, `[{"a":[1]}]`}},
		{new(net.IP), net.IPv4(127, 0, 0, 1), []string{`"127.0.0.1"`, `["127.0.0.1"]`}},
		{new(words), words{"a", "b"}, []string{`"a b"`, `["a b"]`}},
		{new(inner), inner{[]int{1}}, []string{`{"a":1}`, `[{"a":[1],"A":2}]`}},
		{new([]inner), []inner{{[]int{1}}}, []string{`{"a":1}`, `[[{"a":[1]}]]`}},
		{new(quoted), quoted{7}, []string{`{"n":"7"}`, `{"n":["7"]}`, `[{"n":[["7"]]}]`}},
		{new(map[string]inner), map[string]inner{"b": {[]int{1}}}, []string{`{"b":{"a":1}}`, `{"b":[{"a":1}]}`}},
		{new(map[string][]string), map[string][]string{"b": {"x"}}, []string{`{"b":"x"}`, `[{"b":["x"]}]`}},
		{new(any), map[string]any{"a": "x", "b": []any{"y", json.Number("1")}, "c": []any{}, "d": map[string]any{"e": nil}},
			[]string{`{"a":"x","b":["y",1],"c":[],"d":{"e":null}}`, `[{"a":["x"],"b":[["y"],[1]],"c":[],"d":[{"e":[null]}]}]`}},
	} {
		for _, text := range c.texts {
			into := reflect.New(reflect.TypeOf(c.into).Elem())
			require.NoError(t, strictjson.DecodeUnwrapped([]byte(text), into.Interface()), text)
			assert.Equal(t, c.want, into.Elem().Interface(), text)
		}
	}
	for _, text := range []string{`["x","y"]`, `[]`, `{"x":1}`, `["x"`, `{"a":1,"a":1}`} {
		require.Error(t, strictjson.DecodeUnwrapped([]byte(text), new(string)), text)
	}
	for _, text := range []string{`{"n":"[7]"}`, `{"n":["[7]"]}`, `{"n":[7]}`, `{"n":["7","7"]}`} {
		require.Error(t, strictjson.DecodeUnwrapped(text, new(quoted)), text)
	}
	require.Error(t, strictjson.Decode([]byte(`["x"]`), new(string)), "the twin")
	require.Error(t, strictjson.Decode([]byte(`"x"`), new([]string)), "the twin")
}
