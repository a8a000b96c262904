package layers

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Operations that need no Example: methods of an interface that users do not call, and operations that an Example
// cannot call.
var (
	notCalled = []string{"Format", "LogValue", "String", "GoString", "Error", "Unwrap", "MarshalJSON", "MarshalText", "UnmarshalJSON", "Authenticate", "MethodName", "SigningAlg", "UsesMutualTLS", "Name", "NewFlow", "RoundTrip"}
	noExample = map[string]string{
		"authentication/protocoltest.Run": "it wants a *testing.T; examples/newprotocol runs it",
	}
)

// Each exported operation is called in an Example whose output is checked.
func TestExamples(t *testing.T) {
	t.Parallel()
	left := len(noExample)
	for pkg := range unreachable {
		left -= checkExamples(t, pkg)
	}
	for _, pkg := range []string{
		"authentication/authtest", "authentication/idptest", "authentication/protocoltest", "authentication/web/webtest", "cas/castest", "oidc/oidctest", "saml/samltest",
	} {
		left -= checkExamples(t, pkg)
	}
	assert.Zero(t, left, "noExample names an operation that does not exist")
}

// checkExamples returns how many operations of the package are in noExample.
func checkExamples(t *testing.T, pkg string) (excused int) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("../..", pkg, "*.go"))
	require.NoError(t, err)
	files := token.NewFileSet()
	var source, tests []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err)
		if strings.HasSuffix(name, "_test.go") {
			tests = append(tests, file)
		} else {
			source = append(source, file)
		}
	}
	called := calledInExamples(tests)
	docs, err := doc.NewFromFiles(files, source, module+pkg)
	require.NoError(t, err)
	check := func(operation, function string) {
		if _, ok := noExample[pkg+"."+operation]; ok {
			excused++
		} else if !slices.Contains(notCalled, function) && !called[function] {
			t.Errorf("%s.%s: no Example with // Output: calls it", pkg, operation)
		}
	}
	for _, f := range docs.Funcs {
		check(f.Name, f.Name)
	}
	for _, typ := range docs.Types {
		for _, f := range typ.Funcs {
			check(f.Name, f.Name)
		}
		for _, m := range typ.Methods {
			check(typ.Name+"."+m.Name, m.Name)
		}
	}
	return excused
}

func calledInExamples(tests []*ast.File) map[string]bool {
	called := map[string]bool{}
	for _, e := range doc.Examples(tests...) {
		if e.Output == "" && !e.EmptyOutput {
			continue
		}
		ast.Inspect(e.Code, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				fun := call.Fun
				if generic, ok := fun.(*ast.IndexExpr); ok { // with its type arguments
					fun = generic.X
				}
				if f, ok := fun.(*ast.SelectorExpr); ok {
					called[f.Sel.Name] = true
				}
			}
			return true
		})
	}
	return called
}
