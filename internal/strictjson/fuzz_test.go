package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// FuzzParse holds Parse against encoding/json: both accept the same texts, but for those that only the strict rules refuse,
// and read the same values from them.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		idToken, claimsText, storedText, `{"a":1,"A":2,"\u0061b":[{"a":null}]}`, `[1.5e-3,-0,true,"\ud83d\ude00\ud83d"]`, `{"a":1,"\u0061":2}`,
		"\"\xff\"", ` 1 `, `[[[[]]]]`, `{"":{"":{}}}`, `"\u017f"`, `{} {}`, `01`, `1e999`, "\x00", `{"a":[,]}`,
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
		again, err := strictjson.Parse(v.Raw())
		require.NoError(t, err)
		require.Equal(t, v, again)
		var decoded any
		require.NoError(t, strictjson.Decode([]byte(text), &decoded))
		require.Equal(t, v.Any(), decoded)
	})
}

// FuzzDecode: whatever the text, a field holds what the member of its exact name says, read alone by encoding/json.
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
		value bool            // a name was read and its value is due
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

const idToken = `{"iss":"https://example.authing.cn/oidc","sub":"5f719946524ee1099229496b","aud":"5f17a529f64fb009b794a2ff","exp":1601460494,"iat":1601456894,` +
	`"nonce":"2n4VZ2Kk1yHf0kUoZsWfUw","at_hash":"MNcnG9KuEa-CxbqyPQj8Xw","auth_time":1601456890,"acr":null,"amr":["pwd","otp"],"name":"Ada","email":"ada@example.com",` +
	`"email_verified":true,"address":{"country":"GB","formatted":""}}`

func TestTypicalTokenIsReadWithoutAllocation(t *testing.T) {
	var issuer string
	var expiry int64
	methods := 0
	read := func() {
		v, err := strictjson.Parse(idToken)
		if err != nil {
			panic(err)
		}
		methods = 0
		for name, m := range v.Members {
			switch name {
			case "iss":
				issuer, _ = m.Str()
			case "exp":
				expiry, _ = m.Int64()
			case "amr":
				for range m.Elements {
					methods++
				}
			}
		}
	}
	assert.Zero(t, testing.AllocsPerRun(100, read))
	assert.Equal(t, "https://example.authing.cn/oidc", issuer)
	assert.Equal(t, int64(1601460494), expiry)
	assert.Equal(t, 2, methods)
	assert.LessOrEqual(t, reflect.TypeFor[strictjson.Value]().Size(), uintptr(16))
}

func BenchmarkRead(b *testing.B) {
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(idToken)))
		for b.Loop() {
			v, _ := strictjson.Parse(idToken)
			for name, m := range v.Members {
				if name == "exp" {
					m.Int64()
				}
			}
		}
	})
	b.Run("parse alone", func(b *testing.B) {
		b.SetBytes(int64(len(idToken)))
		for b.Loop() {
			strictjson.Parse(idToken)
		}
	})
	b.Run("valid alone", func(b *testing.B) {
		text := []byte(idToken)
		b.SetBytes(int64(len(idToken)))
		for b.Loop() {
			json.Valid(text)
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		text := []byte(idToken)
		b.ReportAllocs()
		b.SetBytes(int64(len(idToken)))
		for b.Loop() {
			var v struct {
				Iss, Sub, Aud, Nonce string
				Exp, Iat             int64
			}
			json.Unmarshal(text, &v)
		}
	})
}
