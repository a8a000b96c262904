package strictjson

import (
	"encoding/json"
	"reflect"
)

// filter copies a value, leaving out the members that no field of the Go type names exactly: encoding/json
// would give them to a field whose name differs in case, or by U+017F for s.
type filter struct {
	out    []byte
	fields map[reflect.Type]map[string]reflect.Type
	unwrap bool // see DecodeUnwrapped
}

func (f *filter) value(v Value, t reflect.Type) {
	// A type may point to itself without end, so the steps are counted.
	for i := 0; i < maxDepth && t.Kind() == reflect.Pointer; i++ {
		t = t.Elem()
	}
	kind := t.Kind()
	list := (kind == reflect.Slice && t.Elem().Kind() != reflect.Uint8 || kind == reflect.Array) && !readsItself(t)
	if f.unwrap && !list {
		v = unwrapped(v)
	}
	switch {
	case f.unwrap && list && v.Kind() != Array && v.Kind() != Null:
		f.out = append(f.out, '[')
		f.value(v, t.Elem())
		f.out = append(f.out, ']')
	case f.unwrap && kind == reflect.Interface && v.Kind() == Object:
		f.object(v, nil, t)
	case f.unwrap && kind == reflect.Interface && v.Kind() == Array:
		f.list(v, t)
	case readsItself(t):
		f.out = append(f.out, v.Raw()...)
	case v.Kind() == Object && kind == reflect.Struct:
		f.object(v, f.names(t), nil)
	case v.Kind() == Object && kind == reflect.Map:
		f.object(v, nil, t.Elem())
	case v.Kind() == Array && (kind == reflect.Slice || kind == reflect.Array):
		f.list(v, t.Elem())
	default:
		f.out = append(f.out, v.Raw()...)
	}
}

// unwrapped returns the element of a list of one.
func unwrapped(v Value) Value {
	for v.Kind() == Array {
		n, only := 0, v
		for e := range v.Elements {
			if n++; n > 1 {
				return v
			}
			only = e
		}
		if n == 0 {
			return v
		}
		v = only
	}
	return v
}

func (f *filter) list(v Value, elem reflect.Type) {
	f.out = append(f.out, '[')
	for e := range v.Elements {
		f.value(e, elem)
		f.out = append(f.out, ',')
	}
	f.close(']')
}

// object copies the members in names, or all when names is nil; then the type of their values is elem.
func (f *filter) object(v Value, names map[string]reflect.Type, elem reflect.Type) {
	f.out = append(f.out, '{')
	for name, m := range v.Members {
		t := elem
		if names != nil {
			if t = names[name]; t == nil {
				continue
			}
		}
		quoted, _ := json.Marshal(name)
		f.out = append(append(f.out, quoted...), ':')
		f.value(m, t)
		f.out = append(f.out, ',')
	}
	f.close('}')
}

// close replaces a last comma by the bracket.
func (f *filter) close(bracket byte) {
	if last := len(f.out) - 1; f.out[last] == ',' {
		f.out = f.out[:last]
	}
	f.out = append(f.out, bracket)
}

func (f *filter) names(t reflect.Type) map[string]reflect.Type {
	names, ok := f.fields[t]
	if !ok {
		names = fields(t)
		f.fields[t] = names
	}
	return names
}
