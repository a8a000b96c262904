package strictjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
)

// Decode checks data as [Parse] does and fills into, a pointer, as encoding/json would, but with exact member names.
//
// Numbers become [json.Number] when the target is an interface. The error is an [*Error]; as with encoding/json, some
// fields may be filled already. A type with its own UnmarshalJSON gets its text and is responsible for the content.
// So is a pointer in an interface below the first level.
func Decode(data []byte, into any) error {
	v, err := Parse(string(data))
	if err != nil {
		return err
	}
	return fill(v, into, false)
}

// DecodeUnwrapped is [Decode] for a sender that writes one value with or without a list around it: where into has a
// list, a single value is a list of one, and elsewhere a list of one is its element.
func DecodeUnwrapped(data []byte, into any) error {
	v, err := Parse(string(data))
	if err != nil {
		return err
	}
	return fill(v, into, true)
}

func fill(v Value, into any, unwrap bool) error {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return &Error{Reason: Misfit, Offset: -1, Field: "a pointer is needed"}
	}
	t := targetType(target)
	f := filter{unwrap: unwrap, fields: map[reflect.Type]map[string]reflect.Type{}}
	f.value(v, t)
	d := json.NewDecoder(bytes.NewReader(f.out))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return misfit(err, f.fields[t])
	}
	return nil
}

// targetType follows pointers, and interfaces that hold pointers, to the type that encoding/json would fill.
func targetType(v reflect.Value) reflect.Type {
	// A chain of pointers may end in itself, so the steps are counted.
	for range maxDepth {
		switch {
		case v.Kind() == reflect.Pointer && !v.IsNil():
			v = v.Elem()
		case v.Kind() == reflect.Interface && !v.IsNil() && v.Elem().Kind() == reflect.Pointer:
			v = v.Elem()
		default:
			return v.Type()
		}
	}
	return v.Type()
}

// misfit names the field of the Go type that refused its value; the text of the cause quotes the value.
func misfit(err error, names map[string]reflect.Type) error {
	out := &Error{Reason: Misfit, Offset: -1}
	var mistyped *json.UnmarshalTypeError
	if !errors.As(err, &mistyped) {
		out.cause = err
		return out
	}
	out.Field = mistyped.Type.String()
	if name, _, _ := strings.Cut(mistyped.Field, "."); names[name] != nil {
		out.Field = name + ", " + out.Field
	}
	return out
}
