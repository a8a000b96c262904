package strictjson

import (
	"encoding/json"
	"errors"
	"reflect"
)

// Decode checks data as [Parse] does and fills into, a pointer, as encoding/json would, but with exact member names.
//
// Numbers become [json.Number] when the target is an interface. The error is an [*Error]; as with encoding/json, some
// fields may be filled already. A type with its own UnmarshalJSON gets its text and is responsible for the content.
// Strings are views of one copy of data, which each of them keeps in memory.
func Decode[T ~string | ~[]byte](data T, into any) error {
	return decode(string(data), into, &decoder{})
}

// DecodeUnwrapped is [Decode] for a sender that writes one value with or without a list around it: where into has a
// list, a single value is a list of one, and elsewhere a list of one is its element.
func DecodeUnwrapped[T ~string | ~[]byte](data T, into any) error {
	return decode(string(data), into, &decoder{unwrap: true})
}

func decode(text string, into any, d *decoder) error {
	v, err := Parse(text)
	if err != nil {
		return err
	}
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		return &Error{Reason: Misfit, Offset: -1, Field: "a pointer is needed"}
	}
	if err := d.value(v, target.Elem()); err != nil {
		return err
	}
	return nil
}

// misfit is the error of encoding/json or of a Go type's own method. The text of the first quotes the value.
func misfit(err error) *Error {
	if err == nil {
		return nil
	}
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) {
		return &Error{Reason: Misfit, Offset: -1, Field: mistyped.Type.String()}
	}
	return &Error{Reason: Misfit, Offset: -1, cause: err}
}

// in adds the field of the Go type that refused its value.
func (e *Error) in(field string) *Error {
	if e.Field != "" {
		field += ", " + e.Field
	}
	return &Error{Reason: e.Reason, Offset: e.Offset, Field: field, cause: e.cause}
}
