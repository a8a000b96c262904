package cas

import (
	"encoding/json"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

// Attribute is one attribute of the user (CAS §2.5.5, §2.5.7). Several XML elements with the same name are one
// attribute with a list.
type Attribute struct {
	// Name is the attribute's name, as the server wrote it.
	Name string
	// Value is its value.
	Value Value
}

// Attributes are in the server's order. No name occurs twice; names that differ in case are different.
type Attributes []Attribute

// Get returns the value of the attribute with exactly this name; ok is false when there is none.
func (a Attributes) Get(name string) (v Value, ok bool) {
	for i := range a {
		if a[i].Name == name {
			return a[i].Value, true
		}
	}
	return Value{}, false
}

// Text returns Value.Text of the attribute with this name, "" when there is none.
func (a Attributes) Text(name string) string {
	v, _ := a.Get(name)
	return v.Text()
}

// Claims fills v, a pointer, from the JSON form of the attributes, with exact names. XML cannot tell a list of one from
// a single value, so v decides: a slice has a single value as its only element, and anything else has the element of a
// list of one. Values from XML consist of strings.
func (a Attributes) Claims(v any) error {
	data, err := a.MarshalJSON()
	if err != nil {
		return err
	}
	return strictjson.DecodeUnwrapped(data, v)
}

// MarshalJSON returns the attributes as an object, in their order.
func (a Attributes) MarshalJSON() ([]byte, error) { return appendObject(nil, a), nil }

// MarshalJSON returns the value as JSON; a value from XML consists of strings.
func (v Value) MarshalJSON() ([]byte, error) { return v.appendJSON(nil), nil }

func (v Value) appendJSON(b []byte) []byte {
	switch v.kind {
	case Bool, Number:
		return append(b, v.text...)
	case String:
		return appendString(b, v.text)
	case Object:
		return appendObject(b, v.parts)
	case List:
		b = append(b, '[')
		for i := range v.parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = v.parts[i].Value.appendJSON(b)
		}
		return append(b, ']')
	}
	return append(b, "null"...)
}

func appendObject(b []byte, members []Attribute) []byte {
	b = append(b, '{')
	for i := range members {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, members[i].Name), ':')
		b = members[i].Value.appendJSON(b)
	}
	return append(b, '}')
}

func appendString(b []byte, s string) []byte {
	quoted, _ := json.Marshal(s) // a string can always be JSON
	return append(b, quoted...)
}

// attributeSet collects attributes; a repeated name makes a list.
type attributeSet struct {
	list  []Attribute
	index map[string]int
}

func (s *attributeSet) add(name string, v Value) {
	i := s.find(name)
	if i < 0 {
		s.list = append(s.list, Attribute{name, v})
		if s.index != nil {
			s.index[name] = len(s.list) - 1
		}
		return
	}
	old := &s.list[i].Value
	if old.kind != List {
		*old = Value{kind: List, parts: []Attribute{{Value: *old}}}
	}
	old.parts = append(old.parts, Attribute{Value: v})
}

// with returns the attributes in s, and those beside the user whose names s lacks. A server may write each attribute in
// both places, as django-cas-server does.
func (s attributeSet) with(beside []Attribute) []Attribute {
	all := s.list
	for _, a := range beside {
		if s.find(a.Name) < 0 {
			all = append(all, a)
		}
	}
	return all
}

func (s *attributeSet) find(name string) int {
	if s.index == nil {
		for i := range s.list {
			if s.list[i].Name == name {
				return i
			}
		}
		// Comparing each name with all before it would cost quadratic time.
		if len(s.list) >= 64 {
			s.index = make(map[string]int, 2*len(s.list))
			for i := range s.list {
				s.index[s.list[i].Name] = i
			}
		}
		return -1
	}
	if i, ok := s.index[name]; ok {
		return i
	}
	return -1
}
