// Package redacttest checks what every exported type of a package prints, logs and marshals. A type that is not
// listed fails, so that a new type is checked before it is logged.
package redacttest

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Form is the result of json.Marshal for a type.
type Form int

const (
	// Redacted has no secret.
	Redacted Form = iota
	// Stored is the complete storage form. slog's JSON handler writes it for a value inside another value.
	Stored
	// Sent shows the exported fields, for pages, and hides unexported ones.
	Sent
)

// Type is a type and what it may show.
type Type struct {
	// Value is a value of the type, or a pointer to it. Its empty fields are filled with secrets.
	Value any
	// Secrets are further texts that must not be shown, of values that cannot be filled, such as keys.
	Secrets []string
	// Public are the fields that are shown.
	Public []string
	// Form is the result of json.Marshal.
	Form Form
	// Whole is what Stored and Sent must show; empty means one of the secrets in the fields.
	Whole string
	// Open says that the type has nothing to hide: it may show everything, and must not panic.
	Open bool
	// Pointer says that the type is not used by value.
	Pointer bool
	// Numbers says that verbs for numbers print everything: its field Format makes a method Format impossible.
	Numbers bool
}

// Judge checks the types of the package in the working directory. Names of strings and numbers, functions and
// interfaces need no line.
func Judge(t *testing.T, types ...Type) {
	t.Helper()
	var listed []string
	for _, judged := range types {
		typ := reflect.TypeOf(judged.Value)
		if typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		listed = append(listed, typ.Name())
		t.Run(typ.Name(), func(t *testing.T) { judged.judge(t, typ) })
	}
	assert.ElementsMatch(t, exported(t), listed, "every exported type is checked")
}

func (j Type) judge(t *testing.T, typ reflect.Type) {
	pointer := reflect.New(typ)
	value := reflect.ValueOf(j.Value)
	if value.Kind() == reflect.Pointer {
		pointer = value
	} else {
		pointer.Elem().Set(value)
	}
	silent(t, reflect.Zero(reflect.PointerTo(typ)), reflect.New(typ))
	if j.Open {
		return
	}
	if !j.Pointer && typ.Kind() == reflect.Struct {
		for i := range typ.NumField() {
			if !contains(j.Public, typ.Field(i).Name) {
				plant(pointer.Elem().Field(i), typ.Field(i).IsExported())
			}
		}
	}
	secrets := append([]string{planted, inner}, j.Secrets...)
	forms := containers(pointer, !j.Pointer)
	for _, form := range forms {
		for how, text := range prints(form.value, j.Numbers) {
			hides(t, secrets, text, form.name+" by "+how)
		}
		for how, text := range logs(form.value) {
			if form.alone || j.Form == Redacted || how == "slog text" {
				hides(t, secrets, text, form.name+" by "+how)
			}
		}
		text, err := json.Marshal(form.value)
		if err != nil {
			continue // a function in it, say
		}
		switch j.Form {
		case Redacted:
			hides(t, secrets, string(text), form.name+" by json.Marshal")
		case Stored:
			assert.Regexp(t, j.whole(planted+"|"+inner), string(text), "%s by json.Marshal: the storage form is complete", form.name)
		case Sent:
			assert.Regexp(t, j.whole(planted), string(text), "%s by json.Marshal", form.name)
			hides(t, append([]string{inner}, j.Secrets...), string(text), form.name+" by json.Marshal")
		}
	}
}

func (j Type) whole(filled string) string {
	if j.Whole != "" {
		return regexp.QuoteMeta(j.Whole)
	}
	return filled
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// exported are the types of the package that can contain values: structs, maps, slices.
func exported(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	var names []string
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() {
				return true
			}
			switch spec.Type.(type) {
			case *ast.StructType, *ast.MapType, *ast.ArrayType, *ast.StarExpr:
				names = append(names, spec.Name.Name)
			}
			return false
		})
	}
	return names
}
