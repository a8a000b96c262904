package saml_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// secretive are the exported structs that hold something to hide, each filled with it. A new one belongs here.
func secretive(t *testing.T) []any {
	t.Helper()
	key := saml.Key{Signer: spKey(), Decrypter: spKey()}
	cfg := saml.Config{EntityID: spID, ACSURL: acs, Keys: []saml.Key{key}, IDP: saml.IDPs(provider())}
	c, err := saml.NewClient(cfg)
	require.NoError(t, err)
	from := saml.MetadataConfig{
		URL: "https://idp.example/metadata?token=hidden", EntityID: idpID, Header: http.Header{"X-Key": {"hidden-header"}},
	}
	source, err := saml.NewMetadataSource(from)
	require.NoError(t, err)
	name := saml.NameID{Value: "hidden@example.com", Format: saml.NameIDEmail, SPProvidedID: "hidden"}
	value := saml.Value{Type: "xs:string", Text: "hidden-text", XML: "<hidden/>"}
	attribute := saml.Attribute{Name: "mail", Values: []saml.Value{value}}
	form := url.Values{"SAMLRequest": {"hidden"}}
	return []any{
		cfg, *c, key, from, source, name, value, attribute,
		saml.Assertion{
			Issuer: idpID, ID: "hidden", NameID: name, InResponseTo: "hidden", SessionIndex: "hidden", Attributes: []saml.Attribute{attribute},
			RelayState: "hidden", XML: "<hidden/>",
		},
		saml.AuthorizeOptions{IDP: idpID, RelayState: "hidden", Extra: url.Values{"login_hint": {"hidden"}}},
		saml.LogoutOptions{IDP: idpID, NameID: name, SessionIndexes: []string{"hidden"}, RelayState: "hidden"},
		saml.LogoutRequest{Issuer: idpID, ID: "hidden", NameID: name, SessionIndexes: []string{"hidden"}, RelayState: "hidden"},
		saml.LogoutReply{URL: "https://idp.example/slo?SAMLResponse=hidden", Form: form},
		saml.Login{URL: "https://idp.example/sso?SAMLRequest=hidden", Form: form, Key: "hidden", RequestID: "hidden", IDP: idpID, Client: spID},
		saml.Logout{URL: "https://idp.example/slo?SAMLRequest=hidden", Form: form, Key: "hidden", RequestID: "hidden", IDP: idpID, Client: spID},
	}
}

// harmless are the exported structs that hold nothing to hide: what metadata or a configuration say to everyone.
var harmless = []string{
	"Endpoint", "IDP", "InvalidError", "MetadataDocOptions", "MetadataOptions", "NameIDPolicy", "RequestedAuthnContext", "Scoping", "StatusError",
}

// S15: no verb and no log shows what is to be hidden, by value or by pointer, alone or inside another value.
func TestS15NothingIsPrinted(t *testing.T) {
	t.Parallel()
	judged := append([]string(nil), harmless...)
	secret := spKey().D.String()[:40]
	for _, v := range secretive(t) {
		typ := reflect.TypeOf(v)
		pointer := v
		if typ.Kind() == reflect.Pointer { // it holds a lock, so that nobody has it by value
			typ = typ.Elem()
		} else {
			p := reflect.New(typ)
			p.Elem().Set(reflect.ValueOf(v))
			pointer = p.Interface()
		}
		judged = append(judged, typ.Name())
		for _, holder := range []any{v, pointer, []any{v}, map[string]any{"k": pointer}, struct{ Inner any }{v}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%t", "%10.3v"} {
				if typ.Name() == "NameID" && (verb == "%d" || verb == "%t") {
					continue // its field Format leaves no room for the method
				}
				text := fmt.Sprintf(verb, holder)
				assert.NotContains(t, text, "hidden", "%T by %s", holder, verb)
				assert.NotContains(t, strings.ToLower(text), "68696464656e", "%T by %s", holder, verb)
				assert.NotContains(t, text, secret, "%T by %s", holder, verb)
			}
		}
		var b strings.Builder
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "value", v, "pointer", pointer)
		assert.NotContains(t, b.String(), "hidden", "%T", v)
		assert.NotContains(t, b.String(), secret, "%T", v)
	}
	text := fmt.Sprint(secretive(t)...)
	assert.Contains(t, text, idpID)
	assert.Contains(t, text, spID)
	assert.ElementsMatch(t, exportedStructs(t), judged, "each exported struct was judged")
}

func TestPrintingASourceThatWasNotMade(t *testing.T) {
	t.Parallel()
	var none *saml.MetadataSource
	assert.Equal(t, "saml.MetadataSource{}", fmt.Sprint(none))
	assert.Equal(t, "saml.MetadataSource{}", fmt.Sprint(&saml.MetadataSource{}))
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
	stored := 0
	for _, v := range secretive(t) {
		switch v.(type) {
		case saml.Login, saml.Logout, saml.Assertion, saml.NameID:
			data, err := json.Marshal(v)
			require.NoError(t, err)
			assert.Contains(t, string(data), "hidden", "%T", v)
			stored++
		}
	}
	assert.Equal(t, 4, stored)
}
