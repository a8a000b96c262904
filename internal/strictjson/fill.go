package strictjson

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"time"
)

// decoder fills Go values from a checked text by the rules of encoding/json, to which it leaves the rare ones: fractions,
// bytes in base64, and types that read themselves from text. It fills structs itself, because their names are exact.
type decoder struct{ unwrap bool } // see DecodeUnwrapped

func (d *decoder) value(v Value, to reflect.Value) *Error {
	if d.unwrap {
		v = rewrap(v, to.Type())
	}
	null := v.Kind() == Null
	to, nulled := follow(to, null)
	switch {
	case nulled:
		return nil
	case !to.CanInterface(): // a struct that is embedded under a name and not exported
		return d.kind(v, to)
	}
	switch self := to.Addr().Interface().(type) {
	case *time.Time: // it would be below too, with a copy of the text on the heap
		return misfit(self.UnmarshalJSON([]byte(v.text)))
	case *json.RawMessage: // with a second copy
		*self = json.RawMessage(v.text)
		return nil
	case json.Unmarshaler:
		return misfit(self.UnmarshalJSON([]byte(v.text)))
	case encoding.TextUnmarshaler:
		return standard(v, to)
	case *map[string]any:
		if v.Kind() == Object {
			p := plain{s: v.text, unwrap: d.unwrap}
			*self = p.object(*self)
			return nil
		}
	}
	return d.kind(v, to)
}

// follow goes through pointers, and interfaces that hold pointers, to the value to fill, and makes what is nil. A null
// ends at the first pointer.
func follow(to reflect.Value, null bool) (_ reflect.Value, nulled bool) {
	// A chain of pointers may end in itself, so the steps are counted.
	for range maxDepth {
		switch to.Kind() {
		case reflect.Pointer:
			switch {
			case !to.CanSet():
				return to, false
			case null:
				to.SetZero()
				return to, true
			case to.IsNil():
				to.Set(reflect.New(to.Type().Elem()))
			}
			to = to.Elem()
		case reflect.Interface:
			held := to.Elem()
			if null || held.Kind() != reflect.Pointer || held.IsNil() {
				return to, false
			}
			to = held.Elem()
		default:
			return to, false
		}
	}
	return to, false
}

// kind fills a value whose type has no method for it.
func (d *decoder) kind(v Value, to reflect.Value) *Error {
	from, kind := v.Kind(), to.Kind()
	switch {
	case from == Null && nullable(to.Type()) && to.CanSet():
		to.SetZero()
	case from == Null: // it changes nothing, as in encoding/json
	case kind == reflect.Pointer || !to.CanSet() && from != Object: // it points to itself, or is not exported
		return wrongType(to)
	case kind == reflect.Interface && to.NumMethod() == 0:
		p := plain{s: v.text, unwrap: d.unwrap}
		to.Set(reflect.ValueOf(p.value()))
	case from == Object && kind == reflect.Struct:
		return d.object(v, to)
	case from == Object && kind == reflect.Map:
		return d.mapping(v, to)
	case from == Array && (kind == reflect.Slice || kind == reflect.Array):
		return d.list(v, to)
	case from == String && kind == reflect.String && to.Type() != reflect.TypeFor[json.Number]():
		to.SetString(v.Text())
	case from == Bool && kind == reflect.Bool:
		to.SetBool(v.text == "true")
	case from == Number && to.CanInt():
		n, err := strconv.ParseInt(v.text, 10, 64)
		if err != nil || to.OverflowInt(n) {
			return wrongType(to)
		}
		to.SetInt(n)
	default:
		return standard(v, to)
	}
	return nil
}

// standard leaves a value to encoding/json. It is no object for a struct.
func standard(v Value, to reflect.Value) *Error {
	return misfit(json.Unmarshal([]byte(v.text), to.Addr().Interface()))
}

func wrongType(to reflect.Value) *Error {
	return &Error{Reason: Misfit, Offset: -1, Field: to.Type().String()}
}
