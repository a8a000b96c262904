package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// FuzzParse compares Parse with encoding/json: both accept the same texts, except for those that only the strict
// rules refuse, and read the same values from them.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		idToken, claimsText, storedText, `{"a":1,"A":2,"\u0061b":[{"a":null}]}`, `[1.5e-3,-0,true,"\ud83d\ude00\ud83d"]`, `{"a":1,"\u0061":2}`,
		"\"\xff\"", ` 1 `, `[[[[]]]]`, `{"":{"":{}}}`, `"\u017f"`, `{} {}`, `01`, `1e999`, "\x00", `{"a":[,]}`, "\ufeff{}",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := strictjson.Parse(text)
		if err != nil {
			var e *strictjson.Error
			require.True(t, errors.As(err, &e))
			require.True(t, e.Offset >= 0 && e.Offset <= len(text))
			require.Equal(t, !utf8.ValidString(text), e.Reason == strictjson.Encoding)
			if json.Valid([]byte(text)) && utf8.ValidString(text) {
				twice, depth := measure(t, text)
				require.True(t, twice || depth > 64, "refused for no reason of ours: %v", err)
			}
			return
		}
		require.True(t, json.Valid([]byte(text)))
		twice, depth := measure(t, text)
		require.False(t, twice)
		require.LessOrEqual(t, depth, 64)
		require.Equal(t, standard(t, text), v.Any())
		requireExact(t, v)
		again, err := strictjson.Parse(v.Raw())
		require.NoError(t, err)
		require.Equal(t, v, again)
		var walked []strictjson.Member
		for name, m := range v.Members {
			walked = append(walked, strictjson.Member{Name: name, Value: m})
		}
		members, err := strictjson.ParseObject(text, nil)
		require.Equal(t, v.Kind() == strictjson.Object, err == nil)
		require.Equal(t, len(walked), len(members))
		for i := range walked {
			require.Equal(t, walked[i], members[i])
		}
		var decoded any
		require.NoError(t, strictjson.Decode([]byte(text), &decoded))
		require.Equal(t, v.Any(), decoded)
	})
}

// FuzzDecode: for any text, a field has the value of the member with its exact name, as read by encoding/json.
func FuzzDecode(f *testing.F) {
	f.Add(claimsText)
	f.Add(`{"ISS":"x","\u017fub":"y","iss":"z","address":{"CITY":1,"city":"x"},"by_name":{"A":{"City":[]}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var got claims
		if strictjson.Decode([]byte(text), &got) != nil {
			return
		}
		members := map[string]json.RawMessage{}
		if json.Unmarshal([]byte(text), &members) != nil {
			return
		}
		for name, field := range map[string]string{"iss": got.Issuer, "sub": got.Subject} {
			var want string
			if raw, ok := members[name]; ok {
				require.NoError(t, json.Unmarshal(raw, &want))
			}
			require.Equal(t, want, field)
		}
		if _, ok := members["active"]; !ok {
			require.False(t, got.Active)
		}
	})
}

var (
	wholePair = regexp.MustCompile(`\\u[dD][89abAB][[:xdigit:]]{2}\\u[dD][c-fC-F][[:xdigit:]]{2}`)
	surrogate = regexp.MustCompile(`\\u[dD][89a-fA-F]`)
)

// requireExact compares ExactStr with Str, and with the halves of surrogate pairs that another reader finds.
func requireExact(t *testing.T, v strictjson.Value) {
	for e := range v.Elements {
		requireExact(t, e)
	}
	for _, m := range v.Members {
		requireExact(t, m)
	}
	lossy, isText := v.Str()
	exact, ok := v.ExactStr()
	rest := wholePair.ReplaceAllString(strings.ReplaceAll(v.Raw(), `\\`, "x"), "x")
	require.Equal(t, isText && !surrogate.MatchString(rest), ok)
	if ok {
		require.Equal(t, lossy, exact)
	}
}

func standard(t *testing.T, text string) (v any) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	return v
}

// measure reads a valid text token by token: whether a name occurs twice in an object, and how deep the text is.
func measure(t *testing.T, text string) (twice bool, depth int) {
	type level struct {
		names map[string]bool // nil for an array
		value bool            // a name was read and its value is next
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var open []*level
	for {
		token, err := d.Token()
		if err == io.EOF {
			return twice, depth
		}
		require.NoError(t, err)
		if token == json.Delim('}') || token == json.Delim(']') {
			open = open[:len(open)-1]
			continue
		}
		if len(open) > 0 && open[len(open)-1].names != nil {
			top := open[len(open)-1]
			if top.value = !top.value; top.value {
				twice = twice || top.names[token.(string)]
				top.names[token.(string)] = true
				continue
			}
		}
		switch token {
		case json.Delim('{'):
			open = append(open, &level{names: map[string]bool{}})
		case json.Delim('['):
			open = append(open, &level{})
		}
		depth = max(depth, len(open))
	}
}
