package redacttest

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"
	"unsafe"
)

const (
	planted = "s3cr3t-PLANTED"
	inner   = "s3cr3t-INNER" // in unexported fields
)

const deepest = 4 // types may contain themselves

const module = "github.com/seed6e7d3bb2/authing-go/"

// plant fills the empty fields of v. It does not change values of other packages or in interfaces.
func plant(v reflect.Value, exported bool) { plantAt(v, exported, 0) }

func plantAt(v reflect.Value, exported bool, depth int) {
	if depth > deepest {
		return
	}
	if !v.CanSet() {
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	text := planted
	if !exported {
		text = inner
	}
	switch v.Kind() {
	case reflect.String:
		if v.Len() == 0 {
			v.SetString(text)
		}
	case reflect.Slice:
		if v.Len() > 0 {
			return
		}
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			v.SetBytes([]byte(`"` + text + `"`))
			return
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(text))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		plantAt(v.Index(0), exported, depth+1)
	case reflect.Map:
		plantMap(v, text, exported, depth)
	case reflect.Pointer:
		if v.IsNil() && ours(v.Type().Elem()) {
			v.Set(reflect.New(v.Type().Elem()))
			plantAt(v.Elem(), exported, depth+1)
		}
	case reflect.Struct:
		if !ours(v.Type()) {
			return
		}
		for i := range v.NumField() {
			plantAt(v.Field(i), exported && v.Type().Field(i).IsExported(), depth+1)
		}
	}
}

func plantMap(v reflect.Value, text string, exported bool, depth int) {
	typ := v.Type()
	if v.Len() > 0 || typ.Key().Kind() != reflect.String {
		return
	}
	element := reflect.New(typ.Elem()).Elem()
	if typ.Elem() == reflect.TypeFor[any]() {
		element.Set(reflect.ValueOf(text))
	}
	plantAt(element, exported, depth+1)
	v.Set(reflect.MakeMap(typ))
	v.SetMapIndex(reflect.ValueOf("k").Convert(typ.Key()), element)
}

func ours(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]() &&
		strings.HasPrefix(t.PkgPath()+"/", module) && !strings.Contains(t.PkgPath(), "/internal/")
}
