package strictjson_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

type stored struct {
	URL    string          `json:"url"`
	State  string          `json:"state"`
	MaxAge int             `json:"max_age"`
	Data   json.RawMessage `json:"data"`
	Form   map[string]string
	Inner  address `json:"inner"`
	secret string
	Left   string `json:"-"`
}

// readsExactly has its own UnmarshalJSON, which passes the type without that method to Exact.
type readsExactly stored

func (r *readsExactly) UnmarshalJSON(b []byte) error { return strictjson.Exact(b, (*stored)(r)) }

const storedText = `{"url":"u","state":"s","max_age":1,"data":{"a":1},"Form":null,"inner":{"city":"c","more":1}}`

func TestExact(t *testing.T) {
	t.Parallel()
	want := stored{URL: "u", State: "s", MaxAge: 1, Data: json.RawMessage(`{"a":1}`), Inner: address{"c"}}
	var got stored
	require.NoError(t, strictjson.Exact([]byte(storedText), &got))
	assert.Equal(t, want, got)
	again, err := json.Marshal(got)
	require.NoError(t, err)
	require.NoError(t, strictjson.Exact(again, &got))
	var own readsExactly
	require.NoError(t, json.Unmarshal([]byte(storedText), &own))
	assert.Equal(t, want, stored(own))
}

func TestExactRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, field string
		reason            strictjson.Reason
	}{
		{"missing", `{"url":"u","max_age":1,"data":{},"Form":null,"inner":{}}`, "state", strictjson.Missing},
		{"all missing", `{}`, "Form", strictjson.Missing},
		{"unknown", `{"url":"u","state":"s","max_age":1,"data":{},"Form":null,"inner":{},"hunter2":1}`, "", strictjson.Unknown},
		{"other case", `{"URL":"u","state":"s","max_age":1,"data":{},"Form":null,"inner":{}}`, "", strictjson.Unknown},
		{"unexported", `{"url":"u","state":"s","max_age":1,"data":{},"Form":null,"inner":{},"secret":"x"}`, "", strictjson.Unknown},
		{"left out", `{"url":"u","state":"s","max_age":1,"data":{},"Form":null,"inner":{},"Left":"x"}`, "", strictjson.Unknown},
		{"null string", `{"url":"u","state":null,"max_age":1,"data":{},"Form":null,"inner":{}}`, "state", strictjson.Misfit},
		{"null struct", `{"url":"u","state":"s","max_age":1,"data":{},"Form":null,"inner":null}`, "inner", strictjson.Misfit},
		{"wrong kind", `{"url":"u","state":"s","max_age":"1","data":{},"Form":null,"inner":{}}`, "max_age, int", strictjson.Misfit},
		{"twice", `{"url":"u","url":"u"}`, "", strictjson.Duplicate},
		{"array", `[]`, "strictjson_test.stored", strictjson.Misfit},
		{"null", `null`, "strictjson_test.stored", strictjson.Misfit},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			into := stored{State: "before", secret: "kept"}
			err := strictjson.Exact([]byte(c.text), &into)
			assert.Equal(t, c.field, refused(t, err, c.reason).Field)
			assert.NotContains(t, err.Error(), "hunter2")
			assert.Equal(t, stored{State: "before", secret: "kept"}, into)
		})
	}
	refused(t, strictjson.Exact([]byte(storedText), stored{}), strictjson.Misfit)
	refused(t, strictjson.Exact([]byte(storedText), &[]int{}), strictjson.Misfit)
	refused(t, strictjson.Exact([]byte(storedText), nil), strictjson.Misfit)
}
