package cas

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// holders are the exported structs that hold something to hide, each filled with it. A new one belongs here.
func holders(t *testing.T) []any {
	t.Helper()
	cfg := Config{ServerURL: "https://cas.example", Header: http.Header{"X-Key": {"hidden-header"}}, PgtURL: "https://app.example/pgt?hidden"}
	c, err := NewClient(cfg)
	require.NoError(t, err)
	s := Success{
		User: "alice", Ticket: "ST-hidden", ProxyGrantingTicketIOU: "PGTIOU-hidden", ProxyGrantingTicket: "PGT-hidden",
		Attributes: Attributes{{"a", Value{kind: String, text: "hidden-attribute"}}},
	}
	return []any{
		cfg, *c, s, ServiceResponse{Success: &s, raw: "hidden-raw"},
		Login{URL: "https://cas.example/?hidden", Key: "hidden", Service: "https://app.example/?login=hidden", Client: "https://app.example/"},
		LogoutRequest{SessionIndexes: []string{"ST-hidden"}},
	}
}

// harmless are the exported structs that hold nothing to hide.
var harmless = []string{"Attribute", "AuthorizeOptions", "Endpoints", "Failure", "LogoutOptions", "TicketError", "TicketV1", "ValidateOptions", "Value"}

// S15: no verb and no log shows what is to be hidden, by value or by pointer, alone or inside another value.
func TestS15NothingIsPrinted(t *testing.T) {
	t.Parallel()
	judged := append([]string(nil), harmless...)
	for _, v := range holders(t) {
		judged = append(judged, reflect.TypeOf(v).Name())
		pointer := reflect.New(reflect.TypeOf(v))
		pointer.Elem().Set(reflect.ValueOf(v))
		for _, holder := range []any{v, pointer.Interface(), []any{v}, map[string]any{"k": pointer.Interface()}, struct{ Inner any }{v}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%t", "%10.3v"} {
				text := fmt.Sprintf(verb, holder)
				assert.NotContains(t, text, "hidden", "%T by %s", holder, verb)
				assert.NotContains(t, strings.ToLower(text), "68696464656e", "%T by %s", holder, verb)
			}
		}
		var b strings.Builder
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "value", v, "pointer", pointer.Interface())
		assert.NotContains(t, b.String(), "hidden", "%T", v)
	}
	assert.Contains(t, fmt.Sprint(holders(t)...), "alice")
	assert.ElementsMatch(t, exportedStructs(t), judged, "each exported struct was judged")
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

// What is stored is whole.
func TestStorageFormIsWhole(t *testing.T) {
	t.Parallel()
	for _, v := range holders(t)[4:] {
		data, err := json.Marshal(v)
		require.NoError(t, err)
		assert.Contains(t, string(data), "hidden", "%T", v)
	}
}
