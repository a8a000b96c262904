package strictjson

import (
	"maps"
	"reflect"
	"slices"
)

// Exact fills into, a pointer to a struct, from an object that has exactly one member for every exported field.
//
// A null is allowed only for a pointer, map, slice or interface. Nested structs are filled as by [Decode]. On an
// error, an [*Error], into is not changed. The struct must not use omitempty, and its UnmarshalJSON, if it has one,
// must pass a type without that method.
func Exact[T ~string | ~[]byte](data T, into any) error {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		return &Error{Reason: Misfit, Offset: -1, Field: "a pointer to a struct is needed"}
	}
	v, err := Parse(string(data))
	if err != nil {
		return err
	}
	return exact(v, target.Elem())
}

func exact(v Value, to reflect.Value) error {
	if v.Kind() != Object {
		return &Error{Reason: Misfit, Offset: 0, Field: to.Type().String()}
	}
	fields, fresh, found := fieldsOf(to.Type()), reflect.New(to.Type()).Elem(), 0
	for name, m := range v.Members {
		f := fields[name]
		switch {
		case f == nil:
			return &Error{Reason: Unknown, Offset: -1}
		case m.Kind() == Null && !nullable(f.typ):
			return &Error{Reason: Misfit, Offset: -1, Field: name}
		}
		if err := new(decoder).field(m, f, fresh); err != nil {
			return err.in(name)
		}
		found++
	}
	if found < len(fields) {
		return &Error{Reason: Missing, Offset: -1, Field: missing(v, fields)}
	}
	to.Set(fresh)
	return nil
}

func missing(v Value, fields map[string]*field) string {
	names := maps.Clone(fields)
	for name := range v.Members {
		delete(names, name)
	}
	return slices.Min(slices.Collect(maps.Keys(names)))
}

func nullable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		return true
	}
	return false
}
