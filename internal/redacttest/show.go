package redacttest

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// form is a value, alone or in a container.
type form struct {
	name  string
	value any
	alone bool
}

// containers are the value, the pointer, and types in which a program may log them.
func containers(pointer reflect.Value, byValue bool) []form {
	all := []form{{"the pointer", pointer.Interface(), true}}
	held := []reflect.Value{pointer}
	if byValue {
		all = append(all, form{"the value", pointer.Elem().Interface(), true})
		held = append(held, pointer.Elem())
	}
	for _, v := range held {
		slice := reflect.MakeSlice(reflect.SliceOf(v.Type()), 1, 1)
		slice.Index(0).Set(v)
		table := reflect.MakeMap(reflect.MapOf(reflect.TypeFor[string](), v.Type()))
		table.SetMapIndex(reflect.ValueOf("k"), v)
		foreign := reflect.New(reflect.StructOf([]reflect.StructField{{Name: "Inner", Type: v.Type()}})).Elem()
		foreign.Field(0).Set(v)
		for name, c := range map[string]any{
			"a slice": slice.Interface(), "a slice of any": []any{v.Interface()}, "a map": table.Interface(),
			"a map of any": map[string]any{"k": v.Interface()}, "a struct": foreign.Interface(), "a pointer to a struct": foreign.Addr().Interface(),
			"a struct of any": struct{ Inner any }{v.Interface()}, "a struct in a slice": []any{struct{ Inner any }{v.Interface()}},
		} {
			all = append(all, form{fmt.Sprintf("%s in %s", v.Type(), name), c, false})
		}
	}
	return all
}

// prints is v with every verb and flag. For %w of a value that is not an error, and %p of one that is not a pointer,
// package fmt calls no method; vet reports both.
func prints(v any, noNumbers bool) map[string]string {
	all := map[string]string{"Print": fmt.Sprint(v), "Println": fmt.Sprintln(v), "Errorf": fmt.Errorf("failed: %v", v).Error()}
	verbs := "vsqxXdbcotUeEfFgGOTz"
	if noNumbers {
		verbs = "vsqxXT"
	}
	for _, verb := range verbs {
		for _, flags := range []string{"", "+", "#", "-40", " ", "080", ".3"} {
			all["%"+flags+string(verb)] = fmt.Sprintf("%"+flags+string(verb), v)
		}
	}
	return all
}

func logs(v any) map[string]string {
	all := map[string]string{}
	var text, lines bytes.Buffer
	for name, h := range map[string]slog.Handler{"slog text": slog.NewTextHandler(&text, nil), "slog JSON": slog.NewJSONHandler(&lines, nil)} {
		slog.New(h).Info("m", "k", v, slog.Group("g", "k", v))
		slog.New(h).With("k", v).Info("m")
		all[name] = text.String() + lines.String()
		text.Reset()
		lines.Reset()
	}
	return all
}

func hides(t *testing.T, secrets []string, text, how string) {
	t.Helper()
	for _, s := range secrets {
		if s == "" {
			continue
		}
		for _, written := range []string{s, hex.EncodeToString([]byte(s)), strings.Trim(fmt.Sprintf("% x", s), " "), fmt.Sprint([]byte(s))} {
			if strings.Contains(strings.ToLower(text), strings.ToLower(written)) {
				assert.Fail(t, "a secret is shown", "%s: %.300s", how, text)
				return
			}
		}
	}
}

// silent prints and logs a nil pointer and a zero value, and calls an error's methods without arguments: nothing
// panics.
func silent(t *testing.T, none, zero reflect.Value) {
	t.Helper()
	for name, v := range map[string]reflect.Value{"nil": none, "zero": zero} {
		for how, text := range prints(v.Interface(), false) {
			assert.NotContains(t, text, "PANIC", "%s by %s", name, how)
		}
		// A nil pointer has no LogValue of the value type, and without LogValue a value would be logged completely.
		byPointer := func() bool {
			_, byValue := zero.Elem().Interface().(slog.LogValuer)
			return !byValue
		}
		if name == "zero" || byPointer() {
			for how, text := range logs(v.Interface()) {
				assert.NotContains(t, text, "panicked", "%s by %s", name, how)
				assert.NotContains(t, text, "PANIC", "%s by %s", name, how)
			}
		}
		if _, isError := v.Interface().(error); !isError {
			continue
		}
		for i := range v.NumMethod() {
			method := v.Method(i)
			args := make([]reflect.Value, method.Type().NumIn())
			for n := range args {
				args[n] = reflect.Zero(method.Type().In(n))
			}
			if _, byValue := v.Type().Elem().MethodByName(v.Type().Method(i).Name); byValue {
				continue // not callable on a nil pointer
			}
			assert.NotPanics(t, func() { method.Call(args) }, "%s: %s", name, v.Type().Method(i).Name)
		}
	}
}
