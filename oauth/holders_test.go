package oauth_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// harmless are the exported structs that hold no secret.
var harmless = []string{"TokenSource", "Transport", "Address", "CallbackError", "Client", "Endpoints", "Error", "Introspection", "Profile", "UserInfo", "UserInfoOptions"}

// S15: each exported struct was judged, so that a new one with a secret cannot be forgotten.
// (Client is looked at by itself.)
func TestS15EveryStructWasJudged(t *testing.T) {
	t.Parallel()
	judged := append([]string(nil), harmless...)
	for _, h := range holders {
		judged = append(judged, reflect.TypeOf(h).Name())
	}
	assert.ElementsMatch(t, exportedStructs(t), judged)
}

func exportedStructs(t *testing.T) []string {
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
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() {
				if _, ok := spec.Type.(*ast.StructType); ok {
					names = append(names, spec.Name.Name)
				}
			}
			return true
		})
	}
	return names
}
