package strictjson

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// object fills a struct. encoding/json would give a member to a field whose name differs in case, or by U+017F for s.
func (d *decoder) object(v Value, to reflect.Value) *Error {
	fields := fieldsOf(to.Type())
	for name, m := range v.Members {
		if f := fields[name]; f != nil {
			if err := d.field(m, f, to); err != nil {
				return err.in(name)
			}
		}
	}
	return nil
}

// field fills a field of a struct, which may be in an embedded one.
func (d *decoder) field(v Value, f *field, to reflect.Value) *Error {
	for i, at := range f.index {
		if i > 0 && to.Kind() == reflect.Pointer {
			if to.IsNil() {
				if !to.CanSet() { // it is embedded and not exported
					return wrongType(to)
				}
				to.Set(reflect.New(to.Type().Elem()))
			}
			to = to.Elem()
		}
		to = to.Field(at)
	}
	if !f.quoted {
		return d.value(v, to)
	}
	if d.unwrap {
		v = unwrapped(v)
	}
	if v.Kind() != Null {
		text, ok := v.Str()
		quoted, err := Parse(text)
		if !ok || err != nil || quoted.text != text {
			return wrongType(to)
		}
		v = quoted
	}
	return new(decoder).value(v, to) // a list within the quotes is none that the sender added
}

// mapping adds the members to a map.
func (d *decoder) mapping(v Value, to reflect.Value) *Error {
	t := to.Type()
	if to.IsNil() {
		to.Set(reflect.MakeMap(t))
	}
	plainKey := t.Key().Kind() == reflect.String && !reflect.PointerTo(t.Key()).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
	for name, m := range v.Members {
		key, elem := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		if plainKey {
			key.SetString(name)
		} else if err := otherKey(name, key); err != nil {
			return err
		}
		if err := d.value(m, elem); err != nil {
			return err
		}
		to.SetMapIndex(key, elem)
	}
	return nil
}

// otherKey reads a key as encoding/json does: from a map that has only this one.
func otherKey(name string, key reflect.Value) *Error {
	only := reflect.New(reflect.MapOf(key.Type(), reflect.TypeFor[*int]()))
	text, err := json.Marshal(map[string]any{name: nil})
	if err == nil {
		err = json.Unmarshal(text, only.Interface())
	}
	if err != nil {
		return misfit(err)
	}
	key.Set(only.Elem().MapKeys()[0])
	return nil
}

// list fills a new slice, or an array, whose other elements become zero.
func (d *decoder) list(v Value, to reflect.Value) *Error {
	size := 0
	for range v.Elements {
		size++
	}
	if to.Kind() == reflect.Slice {
		to.Set(reflect.MakeSlice(to.Type(), size, size))
	} else {
		to.SetZero()
	}
	i := 0
	for e := range v.Elements {
		if i == to.Len() {
			break
		}
		if err := d.value(e, to.Index(i)); err != nil {
			return err
		}
		i++
	}
	return nil
}
