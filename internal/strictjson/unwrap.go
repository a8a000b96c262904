package strictjson

import "reflect"

// rewrap adds or removes a list around a value, as its Go type needs; see DecodeUnwrapped. A list of one value in an
// interface is for plain.
func rewrap(v Value, t reflect.Type) Value {
	// A type may point to itself without end, so the steps are counted.
	for i := 0; i < maxDepth && t.Kind() == reflect.Pointer; i++ {
		t = t.Elem()
	}
	list := t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 || t.Kind() == reflect.Array
	switch {
	case !list || readsItself(t):
		return unwrapped(v)
	case v.Kind() != Array && v.Kind() != Null:
		return Value{"[" + v.text + "]"}
	}
	return v
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
