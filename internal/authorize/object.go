package authorize

import (
	"encoding/json"
	"strconv"
	"time"
)

// Object is a JSON object that is written member by member, as encoding/json would write it but without reflection: each
// login is stored. It begins empty, and Done ends it.
type Object []byte

// Text adds a string.
func (o Object) Text(name, value string) Object {
	o = o.name(name)
	for i := range len(value) {
		switch c := value[i]; {
		case c < ' ', c > '~', c == '"', c == '\\', c == '<', c == '>', c == '&':
			text, _ := json.Marshal(value) // a string has no error
			return append(o, text...)
		}
	}
	return append(append(append(o, '"'), value...), '"')
}

// Number adds a whole number.
func (o Object) Number(name string, value int64) Object {
	return strconv.AppendInt(o.name(name), value, 10)
}

// Texts adds a list of strings, and null for nil.
func (o Object) Texts(name string, values []string) Object {
	if values == nil {
		return append(o.name(name), "null"...)
	}
	text, _ := json.Marshal(values)
	return append(o.name(name), text...)
}

// Time adds a time. A year outside of 0 to 9999 is an error (RFC 3339 §1).
func (o Object) Time(name string, value time.Time) (Object, error) {
	b, err := value.AppendText(append(o.name(name), '"'))
	return append(b, '"'), err
}

// Done returns the object.
func (o Object) Done() []byte { return append(o, '}') }

func (o Object) name(name string) Object {
	separator := byte(',')
	if len(o) == 0 {
		separator = '{'
	}
	return append(append(append(o, separator, '"'), name...), '"', ':')
}
