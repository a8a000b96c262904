package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// No test uses http.DefaultTransport, because httptest.Server.Close closes its idle connections, also during the
// requests of other tests. A test has its own transport, or the client of its httptest.Server. The nested modules are
// checked too.
func TestNoDefaultTransport(t *testing.T) {
	t.Parallel()
	seen := 0
	require.NoError(t, filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		seen++
		for _, use := range defaultTransports(t, path, nil) {
			t.Errorf("%s: %s", path, use)
		}
		return nil
	}))
	assert.Greater(t, seen, 300)
}

// defaultTransports are the places of a file that use http.DefaultTransport, by its name or as a default.
func defaultTransports(t *testing.T, path string, src any) []string {
	t.Helper()
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, path, src, parser.SkipObjectResolution)
	require.NoError(t, err)
	var found []string
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return n.Name.Name != "TestMain" // which replaces it
		case *ast.SelectorExpr:
			if isHTTP(n, "DefaultTransport", "DefaultClient", "Get", "Head", "Post", "PostForm") {
				found = append(found, files.Position(n.Pos()).String()+": http."+n.Sel.Name)
			}
		case *ast.CompositeLit:
			if isHTTP(n.Type, "Client") && !slices.ContainsFunc(n.Elts, isTransport) {
				found = append(found, files.Position(n.Pos()).String()+": an http.Client without a Transport")
			}
		}
		return true
	})
	return found
}

func isHTTP(e ast.Expr, names ...string) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "http" && slices.Contains(names, s.Sel.Name)
}

func isTransport(e ast.Expr) bool {
	kv, ok := e.(*ast.KeyValueExpr)
	if !ok {
		return false
	}
	key, ok := kv.Key.(*ast.Ident)
	return ok && key.Name == "Transport"
}

func TestDefaultTransportIsSeen(t *testing.T) {
	t.Parallel()
	for use, want := range map[string]int{
		`http.Get("")`: 1, `http.Head("")`: 1, `http.Post("", "", nil)`: 1, `http.PostForm("", nil)`: 1, `http.DefaultClient.Do(nil)`: 1, `_ = http.DefaultTransport`: 1,
		`_ = &http.Client{}`: 1, `_ = http.Client{Jar: nil}`: 1,
		`_ = &http.Client{Transport: mine}`: 0, `mine.Get("")`: 0, `_ = http.Transport{}`: 0, `_ = http.MethodGet`: 0,
	} {
		assert.Len(t, defaultTransports(t, "x_test.go", "package x\nfunc f() { "+use+" }"), want, use)
	}
}
