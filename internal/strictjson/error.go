package strictjson

import "strconv"

// Reason says why a text was refused.
type Reason string

const (
	Syntax    Reason = "not valid JSON"
	Encoding  Reason = "not valid UTF-8"
	Mark      Reason = "a byte order mark before the value"
	Duplicate Reason = "member name occurs twice"
	Depth     Reason = "nested deeper than 64"
	Trailing  Reason = "text after the value"
	Missing   Reason = "member missing"
	Unknown   Reason = "member unknown"
	Misfit    Reason = "value does not fit its Go type"
)

// Error is why a text was refused; it never quotes the text.
//
// Offset counts bytes from the start, and is -1 when no position is known. Field is a name from the target Go type,
// never one from the text.
type Error struct {
	Reason Reason
	Offset int
	Field  string
	cause  error
}

// Error names the reason, field and offset, never the text.
func (e *Error) Error() string {
	if e == nil {
		return "json: no error"
	}
	text := "json: " + string(e.Reason)
	if e.Field != "" {
		text += ": " + e.Field
	}
	if e.Offset >= 0 {
		text += " at offset " + strconv.Itoa(e.Offset)
	}
	return text
}

// Unwrap returns the error of a Go type's own UnmarshalJSON or UnmarshalText, if any; its
// text may quote the input.
func (e *Error) Unwrap() error {
	if e == nil {
		return nil
	}
	return e.cause
}
