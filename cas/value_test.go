package cas

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func valueOf(t *testing.T, text string) Value {
	t.Helper()
	var v Value
	v.readJSON(mustParse(t, text))
	return v
}

func TestConversionsFailLoudly(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]any{
		`true`: true, `false`: false, `"true"`: true, `"0"`: false, `1`: true, `["false"]`: false, `"True"`: true, `"False"`: false,
		`"yes"`: nil, `"TRUE"`: nil, `""`: nil, `null`: nil, `[]`: nil, `[true,true]`: nil, `{}`: nil, `2`: nil,
	} {
		got, err := valueOf(t, in).Bool()
		assert.Equal(t, want == nil, err != nil, in)
		if want != nil {
			assert.Equal(t, want, got, in)
		}
	}
	for in, want := range map[string]any{
		`12`: int64(12), `"-12"`: int64(-12), `["7"]`: int64(7),
		`1.5`: nil, `1e3`: nil, `"1x"`: nil, `""`: nil, `true`: nil, `9223372036854775808`: nil,
	} {
		got, err := valueOf(t, in).Int64()
		assert.Equal(t, want == nil, err != nil, in)
		if want != nil {
			assert.Equal(t, want, got, in)
		}
	}
	noon := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for in, ok := range map[string]bool{
		`"2026-11-20T12:00:00Z"`: true, `"2026-11-20T20:00:00.000+08:00"`: true, `"2026-11-20T12:00:00Z[UTC]"`: true, `"2026-11-20T12:00Z[UTC]"`: true, `"2026-11-20T13:00+01:00"`: true,
		`["2026-11-20T12:00:00Z"]`: true, `1795176000`: true, `1795176000.9`: true,
		`"2026-11-20T12:00:00"`: false, `"2026-11-20T12:00"`: false, `"2026-11-20T12Z"`: false, `"2026-11-20"`: false, `"1795176000"`: false, `1795176000000`: false, `""`: false, `null`: false,
		`"[UTC]"`: false, `"Fri Nov 20 12:00:00 UTC 2026"`: false,
	} {
		got, err := valueOf(t, in).Time()
		assert.Equal(t, ok, err == nil, in)
		if ok {
			assert.True(t, noon.Equal(got), in)
		}
	}
	_, err := valueOf(t, `"secret"`).Bool()
	assert.EqualError(t, err, "cas: the attribute is a string, not a boolean")
}

func TestValuesOfAnyKind(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"a", "1", "true", "", "", "b"}, valueOf(t, `["a",1,true,null,{"x":"y"},["b"]]`).Texts())
	assert.Equal(t, []string{"a"}, valueOf(t, `"a"`).Texts())
	assert.Empty(t, valueOf(t, `null`).Values())
	assert.Empty(t, valueOf(t, `[]`).Values())
	assert.Nil(t, valueOf(t, `"a"`).Object())
	assert.Equal(t, "y", valueOf(t, `[{"x":"y"}]`).Object().Text("x"))
	assert.Empty(t, Attributes(nil).Text("x"))
}

func TestJSONFormKeepsOrderAndNumbers(t *testing.T) {
	t.Parallel()
	const in = `{"z":1.50,"a":[null,true,"\"<"],"m":{"y":{},"b":[]},"e":""}`
	out, err := json.Marshal(Attributes(jsonMembers(mustParse(t, in))))
	require.NoError(t, err)
	assert.Equal(t, `{"z":1.50,"a":[null,true,"\"\u003c"],"m":{"y":{},"b":[]},"e":""}`, string(out))
	out, err = json.Marshal(struct{ A Attributes }{})
	require.NoError(t, err)
	assert.Equal(t, `{"A":{}}`, string(out))
	out, err = json.Marshal(Value{})
	require.NoError(t, err)
	assert.Equal(t, `null`, string(out))
}
