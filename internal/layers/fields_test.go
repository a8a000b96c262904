package layers

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

// Each exported field that users fill or read has a comment of its own, in every public package.
func TestEveryFieldHasItsComment(t *testing.T) {
	t.Parallel()
	for pkg, least := range map[string]int{
		"authentication": 100, "authentication/authtest": 25, "authentication/idptest": 20, "authentication/web": 10,
		"cas": 60, "cas/castest": 9, "oauth": 90, "oidc": 110, "oidc/oidctest": 20, "saml": 80, "saml/metadata": 35, "saml/samltest": 20,
	} {
		files, err := filepath.Glob(filepath.Join("../..", pkg, "*.go"))
		require.NoError(t, err)
		seen := 0
		for _, name := range files {
			if !strings.HasSuffix(name, "_test.go") {
				seen += checkFields(t, pkg, name)
			}
		}
		assert.Greater(t, seen, least, pkg)
	}
}

// checkFields returns how many exported fields of exported structs a file has.
func checkFields(t *testing.T, pkg, path string) int {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	seen := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok || !spec.Name.IsExported() {
			return true
		}
		fields, ok := spec.Type.(*ast.StructType)
		if !ok {
			return true
		}
		for _, field := range fields.Fields.List {
			for _, name := range field.Names {
				if !name.IsExported() {
					continue
				}
				seen++
				assert.Len(t, field.Names, 1, "%s.%s.%s shares its comment", pkg, spec.Name, name)
				assert.True(t, field.Doc != nil || field.Comment != nil, "%s.%s.%s has no comment", pkg, spec.Name, name)
			}
		}
		return true
	})
	return seen
}
