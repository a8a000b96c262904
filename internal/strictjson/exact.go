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
func Exact(data []byte, into any) error {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		return &Error{Reason: Misfit, Offset: -1, Field: "a pointer to a struct is needed"}
	}
	v, err := Parse(string(data))
	if err != nil {
		return err
	}
	t := target.Elem().Type()
	if v.Kind() != Object {
		return &Error{Reason: Misfit, Offset: 0, Field: t.String()}
	}
	names := fields(t)
	for name, m := range v.Members {
		typ, ok := names[name]
		switch {
		case !ok:
			return &Error{Reason: Unknown, Offset: -1}
		case m.Kind() == Null && !nullable(typ):
			return &Error{Reason: Misfit, Offset: -1, Field: name}
		}
		delete(names, name)
	}
	if len(names) > 0 {
		return &Error{Reason: Missing, Offset: -1, Field: slices.Min(slices.Collect(maps.Keys(names)))}
	}
	fresh := reflect.New(t)
	if err := fill(v, fresh.Interface(), false); err != nil {
		return err
	}
	target.Elem().Set(fresh.Elem())
	return nil
}

func nullable(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		return true
	}
	return false
}
