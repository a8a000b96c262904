package strictjson

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// oracle is a second way to Decode: it copies the text without the members that no field names exactly, and gives the
// rest to encoding/json.
type oracle struct {
	out    []byte
	unwrap bool
}

func (o *oracle) decode(v Value, into any) error {
	o.value(v, reflect.TypeOf(into).Elem())
	d := json.NewDecoder(bytes.NewReader(o.out))
	d.UseNumber()
	return d.Decode(into)
}

func (o *oracle) value(v Value, t reflect.Type) {
	for i := 0; i < maxDepth && t.Kind() == reflect.Pointer; i++ {
		t = t.Elem()
	}
	kind := t.Kind()
	list := (kind == reflect.Slice && t.Elem().Kind() != reflect.Uint8 || kind == reflect.Array) && !readsItself(t)
	if o.unwrap && !list {
		v = unwrapped(v)
	}
	switch {
	case o.unwrap && list && v.Kind() != Array && v.Kind() != Null:
		o.value(Value{"[" + v.text + "]"}, t)
	case o.unwrap && kind == reflect.Interface && v.Kind() == Object:
		o.object(v, nil, t)
	case o.unwrap && kind == reflect.Interface && v.Kind() == Array:
		o.list(v, t)
	case readsItself(t):
		o.out = append(o.out, v.Raw()...)
	case v.Kind() == Object && kind == reflect.Struct:
		o.object(v, fieldsOf(t), nil)
	case v.Kind() == Object && kind == reflect.Map:
		o.object(v, nil, t.Elem())
	case v.Kind() == Array && (kind == reflect.Slice || kind == reflect.Array):
		o.list(v, t.Elem())
	default:
		o.out = append(o.out, v.Raw()...)
	}
}

func (o *oracle) list(v Value, elem reflect.Type) {
	o.out = append(o.out, '[')
	for e := range v.Elements {
		o.value(e, elem)
		o.out = append(o.out, ',')
	}
	o.out = append(bytes.TrimSuffix(o.out, []byte(",")), ']')
}

func (o *oracle) object(v Value, fields map[string]*field, elem reflect.Type) {
	o.out = append(o.out, '{')
	for name, m := range v.Members {
		t := elem
		if f := fields[name]; f != nil {
			t = f.typ
		} else if fields != nil {
			continue
		}
		quoted, _ := json.Marshal(name)
		o.out = append(append(o.out, quoted...), ':')
		o.value(m, t)
		o.out = append(o.out, ',')
	}
	o.out = append(bytes.TrimSuffix(o.out, []byte(",")), '}')
}

type part struct {
	A string `json:"a"`
	B []part `json:"b"`
}

type level int

type Deep struct {
	Deep **float64 `json:"deep"`
	P    *part     `json:"p"`
}

type everything struct {
	part
	*Deep
	I8      int8
	U       uint16
	F       float32
	Bool    *bool
	N       json.Number
	Raw     json.RawMessage
	RawP    *json.RawMessage
	Time    time.Time
	TimeP   *time.Time
	Bytes   []byte
	Array   [2]part
	Strings []string
	Levels  map[level]string
	Times   map[string]*time.Time
	Maps    map[string]map[string]any
	Any     any
	Anys    []any
	Method  interface{ M() }
	QI      int64  `json:",string"`
	QS      string `json:",string"`
	QB      *bool  `json:",string"`
	Unicode string `json:"ſub"`
}

const everyText = `{"a":"x","A":1,"b":[{"a":"y"},{"b":[]},null],"deep":1.5,"p":{"a":"z"},"I8":-128,"U":65535,"F":1e2,"Bool":true,"N":1.50,"Raw":[1, 2],"RawP":{"x":1},` +
	`"Time":"2026-01-02T03:04:05Z","TimeP":null,"Bytes":"YWJj","Array":[{"a":"1"}],"Strings":["a","\ud83d"],"Levels":{"1":"one","-2":"two"},"Times":{"t":null,"u":"2026-01-02T03:04:05.123456789+08:00"},` +
	`"Maps":{"m":{"n":1,"o":[{"p":null}]},"q":{}},"Any":{"a":[1,{}]},"Anys":[1,[2]],"Method":null,"QI":"7","QS":"\"t\"","QB":"true","ſub":"u","sub":"v"}`

// FuzzDecodeStandard compares Decode with encoding/json: both accept the same texts, and fill the same values.
func FuzzDecodeStandard(f *testing.F) {
	for _, seed := range []string{
		everyText, `{"QI":"1 ","Levels":{"01":"a","1":"b"},"Method":1}`, `{"I8":128}`, `{"Bytes":[1,2]}`, `{"N":"1.5"}`, `{"N":"x"}`, `{"QB":"null","QI":null}`, `{"QI":["7"],"QB":[null],"QS":[["\"t\""]]}`, `{"QI":"[7]"}`, `{"deep":null}`,
		`[["x"]]`, `[null]`, `{"Bool":[true],"Strings":"a","b":{"a":["x"]},"Any":[[1]],"Bytes":["YQ=="],"TimeP":["2026-01-02T03:04:05Z"]}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if err != nil {
			return
		}
		for _, into := range []any{everything{}, []everything{}, map[string]everything{}, "", []string{}, [1]int{}, map[string]any{}, map[string]string{}, any(nil), (*bool)(nil), json.Number("")} {
			typ := reflect.TypeOf(into)
			if typ == nil {
				typ = reflect.TypeFor[any]()
			}
			for _, unwrap := range []bool{false, true} {
				got, want := reflect.New(typ), reflect.New(typ)
				err := decode(text, got.Interface(), &decoder{unwrap: unwrap})
				o := oracle{unwrap: unwrap}
				standard := o.decode(v, want.Interface())
				require.Equal(t, standard == nil, err == nil, "%v %v: %v, want %v", typ, unwrap, err, standard)
				if err == nil {
					require.Equal(t, want.Interface(), got.Interface())
				}
			}
		}
	})
}

func TestEveryKindOfFieldIsFilled(t *testing.T) {
	t.Parallel()
	var got everything
	require.NoError(t, Decode(everyText, &got))
	v := reflect.ValueOf(got)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; name != "TimeP" && name != "Method" {
			require.False(t, v.Field(i).IsZero(), name)
		}
	}
}
