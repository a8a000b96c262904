package strictjson_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

type loud string

func (l *loud) MarshalText() ([]byte, error) { return []byte(*l + "!"), nil }

type (
	minutes time.Duration
	list    []string
)

// written has every kind of field, plain or not.
type written struct {
	Text   string `json:"text"`
	Own    shouting
	Loud   loud          `json:"<loud>"`
	Texts  []string      `json:"texts"`
	Yes    bool          `json:"yes"`
	Number int64         `json:"number"`
	Small  int8          `json:"small"`
	Long   time.Duration `json:"long"`
	Short  minutes       `json:"short"`
	At     time.Time     `json:"at"`
	Raw    json.RawMessage
	Form   map[string][]string `json:"form"`
	Size   uint                `json:"size"`
	Part   float64             `json:"part"`
	Digits json.Number         `json:"digits"`
	Inner  *address            `json:"inner"`
	Any    any                 `json:"any"`
	Louds  []loud              `json:"louds"`
	List   list
	Left   string `json:"-"`
	hidden string
}

type (
	withOmit struct {
		A, B string `json:",omitempty"`
	}
	withQuotes struct {
		A int `json:"a,string"`
	}
	withEmbedded struct {
		address
		A string
	}
	withNamed struct {
		address `json:"inner"` // not exported, and encoding/json writes it
		A       string
	}
	writesItself written
)

func (writesItself) MarshalJSON() ([]byte, error) { return []byte(`"itself"`), nil }

func TestMarshalIsEncodingJSON(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 600, time.FixedZone("", 3600))
	full := written{
		Text: "plain", Own: "x", Loud: "x", Texts: []string{"a", "<b>"}, Yes: true, Number: -1 << 63, Small: -8, Long: time.Hour, Short: 5, At: at,
		Raw: json.RawMessage(` { "a" : 1 } `), Form: map[string][]string{"b": {"c"}, "a": nil}, Size: 7, Part: 1.5, Digits: "1.50", Inner: &address{"c"},
		Any: map[string]int{"x": 1}, Louds: []loud{"y"}, List: list{"z"}, Left: "no", hidden: "no",
	}
	all := []any{
		&full, &written{}, &written{Texts: []string{}}, &withOmit{}, &withOmit{A: "a"}, &withQuotes{3}, &withEmbedded{address{"c"}, "a"}, &withNamed{address{"c"}, "a"},
		(*written)(nil), full, nil, 7, &writesItself{}, new(struct{}), &struct{ At time.Time }{at.UTC()},
	}
	for _, text := range []string{"", `"`, `\`, "<", ">", "&", "\x00", "\n", "\x1f", "\x7f", "é", "\u2028", "\xff", "~ !"} {
		all = append(all, &written{Text: text, Texts: []string{text}})
	}
	for _, v := range all {
		want, err := json.Marshal(v)
		require.NoError(t, err)
		got, err := strictjson.Marshal(v)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got))
	}
	for _, bad := range []any{&written{At: at.AddDate(9000, 0, 0)}, &written{Raw: json.RawMessage("{")}, &written{Any: func() {}}, &written{Digits: "x"}} {
		_, err := json.Marshal(bad)
		require.Error(t, err)
		_, err = strictjson.Marshal(bad)
		require.Error(t, err)
	}
}

// What Marshal writes, Exact reads: one list of fields.
func TestExactReadsWhatMarshalWrites(t *testing.T) {
	t.Parallel()
	want := stored{URL: "https://a.example/?a=b&c=d", State: "s", MaxAge: 3, Data: json.RawMessage(`{"a":1}`), Form: map[string]string{"a": "b"}, Inner: address{"c"}}
	text, err := strictjson.Marshal(&want)
	require.NoError(t, err)
	var got stored
	require.NoError(t, strictjson.Exact(text, &got))
	assert.Equal(t, want, got)
}
