package cas

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Kind is the type of an attribute's value. Values from XML are strings, lists and objects only.
type Kind uint8

const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Object
)

// String is a text for the kind, such as "a list".
func (k Kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "a list", "an object"}[k]
}

// Value is the value of an attribute, as the server wrote it: it is converted only on request. The zero Value is
// null.
type Value struct {
	kind  Kind
	text  string      // of a string its characters, of a boolean or number its JSON text
	parts []Attribute // of an object its members, of a list its elements, without names
}

// Kind returns the type of the value.
func (v Value) Kind() Kind { return v.kind }

// single returns the element of a list of one: servers send one value with or without a list.
func (v Value) single() Value {
	for v.kind == List && len(v.parts) == 1 {
		v = v.parts[0].Value
	}
	return v
}

// empty reports whether a server wrote no value: some write every name that they know.
func (v Value) empty() bool {
	one := v.single()
	return one.kind == Null || one.kind == String && one.text == "" || one.kind == List && len(one.parts) == 0
}

// Text returns a string's characters, a boolean or number as it was written, and "" for anything else. A
// list of one counts as its element, here and in the conversions below.
func (v Value) Text() string { return v.single().text }

// Bool returns true for true, True or 1 and false for false, False or 0; anything else is an error.
func (v Value) Bool() (bool, error) {
	switch one := v.single(); {
	case one.kind == Bool, one.kind == String, one.kind == Number:
		switch one.text {
		case "true", "True", "1":
			return true, nil
		case "false", "False", "0":
			return false, nil
		}
	}
	return false, v.mismatch("a boolean")
}

// Int64 returns a whole number; anything else is an error.
func (v Value) Int64() (int64, error) {
	if one := v.single(); one.kind == Number || one.kind == String {
		if n, err := strconv.ParseInt(one.text, 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, v.mismatch("a whole number")
}

// Time returns a date and time with its zone (RFC 3339), also one without seconds or with a region in brackets at its
// end, as Java writes them. For a JSON number it returns the seconds since 1970, without fractions. Anything else is an
// error.
func (v Value) Time() (time.Time, error) {
	switch one := v.single(); one.kind {
	case String:
		text := one.text
		if i := strings.IndexByte(text, '['); i > 0 && strings.HasSuffix(text, "]") {
			text = text[:i] // Java's ZonedDateTime
		}
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00"} {
			if t, err := time.Parse(layout, text); err == nil {
				return t, nil
			}
		}
	case Number:
		if f, err := strconv.ParseFloat(one.text, 64); err == nil && math.Abs(f) < lastSecond {
			return time.Unix(int64(f), 0).UTC(), nil
		}
	}
	return time.Time{}, v.mismatch("a time")
}

// lastSecond is the year 10000: a larger number counts a smaller unit than seconds.
const lastSecond = 253402300800

// Values returns a list's elements, none for a null, and otherwise the value alone.
func (v Value) Values() []Value {
	switch v.kind {
	case Null:
		return nil
	case List:
		all := make([]Value, len(v.parts))
		for i := range v.parts {
			all[i] = v.parts[i].Value
		}
		return all
	}
	return []Value{v}
}

// Texts returns the Text of each of Values.
func (v Value) Texts() []string {
	var all []string
	for _, e := range v.Values() {
		all = append(all, e.Text())
	}
	return all
}

// Object returns an object's members, none for anything else.
func (v Value) Object() Attributes {
	if one := v.single(); one.kind == Object {
		return one.parts
	}
	return nil
}

func (v Value) mismatch(want string) error {
	return fmt.Errorf("cas: the attribute is %s, not %s", v.single().kind, want)
}
