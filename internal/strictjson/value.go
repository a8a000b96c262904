package strictjson

import "strings"

// Kind is the kind of a JSON value.
type Kind uint8

const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// Value is a view of one value in a text that [Parse] accepted; the zero Value is a null without text.
type Value struct{ text string }

// Kind returns the kind of the value.
func (v Value) Kind() Kind {
	if v.text == "" {
		return Null
	}
	switch v.text[0] {
	case 'n':
		return Null
	case 't', 'f':
		return Bool
	case '"':
		return String
	case '[':
		return Array
	case '{':
		return Object
	}
	return Number
}

// Raw returns the text of the value as it was received.
func (v Value) Raw() string { return v.text }

// Str returns the characters of a string; ok is false for any other kind.
//
// Half of a surrogate pair becomes U+FFFD, so this is for texts for display: [Value.ExactStr] is for texts that are
// compared or identify a user.
func (v Value) Str() (text string, ok bool) {
	if v.Kind() != String {
		return "", false
	}
	inner := v.text[1 : len(v.text)-1]
	if strings.IndexByte(inner, '\\') >= 0 {
		return unescape(inner), true
	}
	return inner, true
}

// ExactStr is [Value.Str] without loss: ok is false for half of a surrogate pair too (RFC 7493 §2.1).
//
// Otherwise "a\ud800" and "a\udc00" would be one text, and two users would become one.
func (v Value) ExactStr() (text string, ok bool) {
	if v.Kind() != String || hasHalf(v.text) {
		return "", false
	}
	return v.Str()
}

// Text returns the characters of a string as [Value.Str] does, "" for any other kind.
func (v Value) Text() string {
	text, _ := v.Str()
	return text
}

// Bool returns true or false; ok is false for any other kind.
func (v Value) Bool() (value, ok bool) {
	return v.text == "true", v.Kind() == Bool
}

// Int64 returns the whole part of a number: the exponent is applied and the fraction removed.
//
// ok is false for any other kind and for a number outside the range of int64.
func (v Value) Int64() (n int64, ok bool) {
	if v.Kind() != Number {
		return 0, false
	}
	return integer(v.text)
}

// Strings reads a list of strings, each as ExactStr does.
func (v Value) Strings() (list []string, ok bool) {
	if v.Kind() != Array {
		return nil, false
	}
	for e := range v.Elements {
		s, ok := e.ExactStr()
		if !ok {
			return nil, false
		}
		list = append(list, s)
	}
	return list, true
}

// Misfit says why a value could not be read: for an error, after the name of the member.
func (v Value) Misfit() string {
	if _, ok := v.ExactStr(); !ok && v.Kind() == String {
		return "has half of a surrogate pair"
	}
	return "has a value of the wrong type"
}
