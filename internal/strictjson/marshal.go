package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Marshal writes the struct that from points to, byte for byte as encoding/json does, from the same list of fields that
// [Exact] reads, and faster. What is not plain it leaves to encoding/json.
func Marshal(from any) ([]byte, error) {
	v := reflect.ValueOf(from)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return json.Marshal(from)
	}
	s := structureOf(v.Type().Elem())
	if !s.plain {
		return json.Marshal(from)
	}
	var space [1024]byte
	text, v := append(space[:0], '{'), v.Elem()
	for i, m := range s.order {
		if i > 0 {
			text = append(text, ',')
		}
		var err error
		if text, err = m.append(append(text, m.name...), v.Field(m.at)); err != nil {
			return nil, err
		}
	}
	return bytes.Clone(append(text, '}')), nil
}

// member is a field as Marshal writes it.
type member struct {
	name string // as JSON, with its colon
	at   int
	form form
}

type form int

const (
	formOther form = iota // encoding/json writes it
	formText
	formTexts
	formBool
	formInt
	formTime
)

// membersOf returns the fields in their order; plain is false when one is embedded, is not exported, may be left out, or
// is quoted, or when the type writes itself.
func membersOf(t reflect.Type, fields map[string]*field) (order []member, plain bool) {
	for name, f := range fields {
		first := t.Field(f.index[0])
		_, options, _ := strings.Cut(first.Tag.Get("json"), ",")
		if len(f.index) > 1 || !first.IsExported() || options != "" {
			return nil, false
		}
		text, err := json.Marshal(name)
		if err != nil {
			return nil, false
		}
		order = append(order, member{string(text) + ":", f.index[0], formOf(f.typ)})
	}
	slices.SortFunc(order, func(a, b member) int { return a.at - b.at })
	return order, !writesItself(t)
}

func formOf(t reflect.Type) form {
	switch kind := t.Kind(); {
	case t == reflect.TypeFor[time.Time]():
		return formTime
	case writesItself(t), t == reflect.TypeFor[json.Number]():
		return formOther
	case kind == reflect.String:
		return formText
	case t == reflect.TypeFor[[]string]():
		return formTexts
	case kind == reflect.Bool:
		return formBool
	case kind >= reflect.Int && kind <= reflect.Int64:
		return formInt
	}
	return formOther
}

// writesItself reports whether a type encodes its own JSON.
func writesItself(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Marshaler]()) || p.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

func (m *member) append(to []byte, v reflect.Value) ([]byte, error) {
	switch m.form {
	case formText:
		return appendText(to, v.String()), nil
	case formTexts:
		return appendTexts(to, *v.Addr().Interface().(*[]string)), nil
	case formBool:
		return strconv.AppendBool(to, v.Bool()), nil
	case formInt:
		return strconv.AppendInt(to, v.Int(), 10), nil
	case formTime:
		text, err := v.Addr().Interface().(*time.Time).AppendText(append(to, '"'))
		return append(text, '"'), err
	}
	text, err := json.Marshal(v.Addr().Interface())
	return append(to, text...), err
}

func appendTexts(to []byte, list []string) []byte {
	if list == nil {
		return append(to, "null"...)
	}
	to = append(to, '[')
	for i, text := range list {
		if i > 0 {
			to = append(to, ',')
		}
		to = appendText(to, text)
	}
	return append(to, ']')
}

// appendText leaves a text to encoding/json when it has a character that is escaped, or may be.
func appendText(to []byte, text string) []byte {
	for i := range len(text) {
		if !asItIs[text[i]] {
			escaped, _ := json.Marshal(text) // a string has no error
			return append(to, escaped...)
		}
	}
	return append(append(append(to, '"'), text...), '"')
}

// asItIs are the characters that encoding/json does not escape: those of ASCII that mean nothing in JSON and HTML.
var asItIs = func() (is [256]bool) {
	for c := ' '; c <= '~'; c++ {
		is[c] = !strings.ContainsRune(`"\<>&`, c)
	}
	return is
}()
