package authentication_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Each exported field that users fill or read has a comment of its own.
func TestEveryFieldHasItsComment(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, pattern := range []string{"*.go", "web/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
			require.NoError(t, err)
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				fields, ok := spec.Type.(*ast.StructType)
				if !ok || !spec.Name.IsExported() {
					return true
				}
				for _, field := range fields.Fields.List {
					for _, fieldName := range field.Names {
						if fieldName.IsExported() {
							seen++
							assert.Len(t, field.Names, 1, "%s.%s shares its comment", spec.Name, fieldName)
							assert.True(t, field.Doc != nil || field.Comment != nil, "%s.%s has no comment", spec.Name, fieldName)
						}
					}
				}
				return true
			})
		}
	}
	assert.Greater(t, seen, 100)
}
