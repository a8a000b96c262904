package strictjson_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

type address struct {
	City string `json:"city"`
}

type hidden struct {
	Nick string `json:"nick"`
}

type shouting string

func (s *shouting) UnmarshalJSON(b []byte) error {
	if string(b) == `"quiet"` {
		return errQuiet
	}
	*s = shouting(b) + "!"
	return nil
}

var errQuiet = errors.New("quiet")

type claims struct {
	Issuer    string `json:"iss"`
	Subject   string `json:"sub"`
	Active    bool   `json:"active"`
	Plain     int
	Left      string             `json:"-"`
	Address   *address           `json:"address"`
	Addresses []address          `json:"addresses"`
	ByName    map[string]address `json:"by_name"`
	Seen      time.Time          `json:"seen"`
	Raw       json.RawMessage    `json:"raw"`
	Number    json.Number        `json:"number"`
	Any       any                `json:"any"`
	Own       shouting           `json:"own"`
	Quoted    int                `json:"quoted,string"`
	*Promoted
	hidden
}

type Promoted struct {
	Role string `json:"role"`
	Nick string `json:"Nick"`
}

const claimsText = `{"iss":"i","sub":"s","active":true,"Plain":1,"address":{"city":"c","x":1},"addresses":[{"city":"d"},null],"by_name":{"CITY":{"city":"e"}},
"seen":"2026-01-02T03:04:05Z","raw":{"ISS":[1, 2]},"number":1.50,"any":{"n":12345678901234567890,"ISS":1},"own":"x","quoted":"7","role":"r","nick":"n","Nick":"m","unknown":1}`

func TestDecodeIsEncodingJSON(t *testing.T) {
	t.Parallel()
	var got, want claims
	require.NoError(t, strictjson.Decode([]byte(claimsText), &got))
	require.NoError(t, json.Unmarshal([]byte(claimsText), &want))
	want.Any.(map[string]any)["n"], want.Any.(map[string]any)["ISS"] = json.Number("12345678901234567890"), json.Number("1")
	assert.Equal(t, want, got)
	assert.Equal(t, "n m", got.hidden.Nick+" "+got.Promoted.Nick, "names that differ only in case are two names")
}

func TestDecodeIntoPlainGo(t *testing.T) {
	t.Parallel()
	var any1 any
	require.NoError(t, strictjson.Decode([]byte(`[1,{"A":1,"a":2}]`), &any1))
	assert.Equal(t, []any{json.Number("1"), map[string]any{"A": json.Number("1"), "a": json.Number("2")}}, any1)
	m := map[string]string{"kept": "k"}
	require.NoError(t, strictjson.Decode([]byte(`{"x":"<\u0022>"}`), &m))
	assert.Equal(t, map[string]string{"kept": "k", "x": `<">`}, m)
	var held any = &address{}
	require.NoError(t, strictjson.Decode([]byte(`{"CITY":"no","city":"c"}`), &held))
	assert.Equal(t, &address{"c"}, held)
	var deep ***address
	require.NoError(t, strictjson.Decode([]byte(`{"city":"c"}`), &deep))
	assert.Equal(t, address{"c"}, ***deep)
	type loop *loop
	var l loop
	require.NoError(t, strictjson.Decode([]byte(`null`), &l))
}

func TestI34NamesMatchByteForByte(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ bad, good string }{
		{`{"ISS":"x"}`, `{"iss":"x"}`},
		{`{"Iss":"x"}`, `{"\u0069ss":"x"}`},
		{`{"\u017fub":"x"}`, `{"sub":"x"}`},
		{`{"ſub":"x"}`, `{"\u0073ub":"x"}`},
		{`{"Active":true}`, `{"active":true}`},
		{`{"plain":1}`, `{"Plain":1}`},
		{`{"left":"x"}`, `{"role":"x"}`},
		{`{"Role":"x"}`, `{"nick":"x"}`},
		{`{"NICK":"x"}`, `{"Nick":"x"}`},
	} {
		var bad, good claims
		require.NoError(t, strictjson.Decode([]byte(c.bad), &bad), c.bad)
		assert.Equal(t, claims{}, bad, c.bad)
		require.NoError(t, strictjson.Decode([]byte(c.good), &good), c.good)
		assert.NotEqual(t, claims{}, good, c.good)
	}
	var both claims
	require.NoError(t, strictjson.Decode([]byte(`{"iss":"right","ISS":"wrong","\u017fub":"wrong","sub":"right"}`), &both))
	assert.Equal(t, claims{Issuer: "right", Subject: "right"}, both)
	var nested claims
	require.NoError(t, strictjson.Decode([]byte(`{"address":{"City":"x"},"addresses":[{"CITY":"x"}],"by_name":{"a":{"City":"x"}}}`), &nested))
	assert.Equal(t, claims{Address: &address{}, Addresses: []address{{}}, ByName: map[string]address{"a": {}}}, nested)
}

// When two fields hide each other, a third one in another case must not get their member.
func TestI34HiddenNames(t *testing.T) {
	t.Parallel()
	type a struct{ Iss string }
	type b struct{ Iss string }
	var tie struct {
		a
		b
		ISS string
	}
	require.NoError(t, strictjson.Decode([]byte(`{"Iss":"x"}`), &tie))
	assert.Empty(t, tie.ISS+tie.a.Iss+tie.b.Iss)
	require.NoError(t, strictjson.Decode([]byte(`{"ISS":"x"}`), &tie))
	assert.Equal(t, "x", tie.ISS)
	var tagged struct {
		a    `json:"in"`
		Name string `json:"a b,omitempty"`
	}
	require.NoError(t, strictjson.Decode([]byte(`{"in":{"Iss":"x"},"a b":"y"}`), &tagged))
	assert.Equal(t, "xy", tagged.Iss+tagged.Name)
}

// encoding/json panics here: it cannot set a pointer in a field that is not exported.
func TestDecodeIntoAFieldThatIsNotExported(t *testing.T) {
	t.Parallel()
	var c struct {
		*hidden `json:"h"`
		Other   int
	}
	require.NoError(t, strictjson.Decode(`{"h":null,"Other":1}`, &c))
	assert.Equal(t, 1, c.Other)
	e := refused(t, strictjson.Decode(`{"h":{"nick":"x"},"Other":1}`, &c), strictjson.Misfit)
	assert.EqualError(t, e, "json: value does not fit its Go type: h, *strictjson_test.hidden")
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	var c claims
	refused(t, strictjson.Decode([]byte(`{"iss":"a","iss":"b"}`), &c), strictjson.Duplicate)
	refused(t, strictjson.Decode([]byte("{\"iss\":\"\xff\"}"), &c), strictjson.Encoding)
	refused(t, strictjson.Decode([]byte(`{} {}`), &c), strictjson.Trailing)
	assert.Equal(t, claims{}, c)
	refused(t, strictjson.Decode([]byte(`{}`), nil), strictjson.Misfit)
	refused(t, strictjson.Decode([]byte(`{}`), c), strictjson.Misfit)
	refused(t, strictjson.Decode([]byte(`{}`), (*claims)(nil)), strictjson.Misfit)

	e := refused(t, strictjson.Decode([]byte(`{"Plain":12345678901234567890}`), &c), strictjson.Misfit)
	assert.EqualError(t, e, "json: value does not fit its Go type: Plain, int")
	e = refused(t, strictjson.Decode([]byte(`{"by_name":{"hunter2":{"city":7}}}`), &c), strictjson.Misfit)
	assert.EqualError(t, e, "json: value does not fit its Go type: by_name, city, string")
	e = refused(t, strictjson.Decode([]byte(`{"own":"quiet"}`), &c), strictjson.Misfit)
	assert.ErrorIs(t, e, errQuiet)
	e = refused(t, strictjson.Decode([]byte(`{"seen":"hunter2"}`), &c), strictjson.Misfit)
	assert.NotContains(t, e.Error(), "hunter2")
	assert.NoError(t, strictjson.Decode([]byte(`{"seen":"2026-01-02T03:04:05Z","own":"loud","Plain":1}`), &c))
}
