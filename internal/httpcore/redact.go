package httpcore

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"strings"
)

// FormatRedacted is the body of a Format method: whatever the verb, it prints the type of v and its
// fields, of which only those named public show a value. A new field is hidden until it is named.
func FormatRedacted(f fmt.State, _ rune, v any, public ...string) {
	_, _ = io.WriteString(f, redacted(v, public))
}

// LogRedacted is the body of a LogValue method, with the same text.
func LogRedacted(v any, public ...string) slog.Value {
	return slog.StringValue(redacted(v, public))
}

// MarshalRedacted is the body of a MarshalJSON method of a type without a storage form: a string with the same text.
func MarshalRedacted(v any, public ...string) ([]byte, error) {
	return json.Marshal(redacted(v, public))
}

func redacted(v any, public []string) string {
	value := reflect.ValueOf(v)
	if value.Kind() != reflect.Struct {
		return fmt.Sprintf("%T{[redacted]}", v)
	}
	var b strings.Builder
	b.WriteString(value.Type().String())
	b.WriteByte('{')
	first := true
	for i := range value.NumField() {
		field := value.Type().Field(i)
		if !field.IsExported() || value.Field(i).IsZero() {
			continue
		}
		if !first {
			b.WriteByte(' ')
		}
		first = false
		b.WriteString(field.Name)
		b.WriteByte(':')
		if slices.Contains(public, field.Name) {
			b.WriteString(shown(value.Field(i)))
		} else {
			b.WriteString("[redacted]")
		}
	}
	b.WriteByte('}')
	return b.String()
}

// shown prints a public field. Some of these texts come from a server, and a line break in one could forge a log
// line.
func shown(v reflect.Value) string {
	if v.Kind() == reflect.String {
		return Clean(v.String())
	}
	if texts, ok := v.Interface().([]string); ok {
		return "[" + Clean(strings.Join(texts, " ")) + "]"
	}
	return fmt.Sprint(v.Interface())
}
