package strictjson_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

func TestStringsReadsAListOfStrings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{`[]`: nil, `["a"]`: {"a"}, `["a","\u0062"]`: {"a", "b"}} {
		v, err := strictjson.Parse(text)
		require.NoError(t, err)
		got, ok := v.Strings()
		assert.True(t, ok, text)
		assert.Equal(t, want, got)
	}
	for text, why := range map[string]string{
		`"a"`: "has a value of the wrong type", `["a",7]`: "has a value of the wrong type", `[null]`: "has a value of the wrong type", `["\ud800"]`: "has a value of the wrong type",
		`{}`: "has a value of the wrong type", `null`: "has a value of the wrong type", `"\ud800"`: "has half of a surrogate pair",
	} {
		v, err := strictjson.Parse(text)
		require.NoError(t, err)
		_, ok := v.Strings()
		assert.False(t, ok, text)
		assert.Equal(t, why, v.Misfit(), text)
	}
}
