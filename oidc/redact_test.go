package oidc_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const planted = "s3cr3t-5e1b"

// printed lists every exported struct with the fields whose text may be printed. A nil list stands for a
// type that holds no secret of anybody's.
var printed = map[string]struct {
	value  any
	public []string
}{
	"Config":            {oidc.Config{}, []string{"Issuer", "ClientID", "RedirectURI", "IDTokenSigningAlg", "AccessTokenSigningAlg"}},
	"Client":            {oidc.Client{}, []string{}},
	"AuthorizeOptions":  {oidc.AuthorizeOptions{}, []string{"RedirectURI", "Scope", "ResponseType", "ResponseMode", "CodeChallengeMethod", "Prompt"}},
	"Login":             {oidc.Login{}, []string{"RedirectURI", "ResponseMode", "Scope", "ClientID", "Issuer"}},
	"Result":            {oidc.Result{}, []string{}},
	"IDToken":           {oidc.IDToken{}, []string{"Issuer", "Subject", "Audience"}},
	"AccessToken":       {oidc.AccessToken{}, []string{"Issuer", "Subject", "ClientID", "Scope", "Audience"}},
	"Expect":            {oidc.Expect{}, []string{"ACRValues"}},
	"RefreshOptions":    {oidc.RefreshOptions{}, []string{"Scope"}},
	"LogoutOptions":     {oidc.LogoutOptions{}, []string{"PostLogoutRedirectURI"}},
	"AccessTokenExpect": {oidc.AccessTokenExpect{}, nil},
	"IssuerFamily":      {oidc.IssuerFamily{}, nil},
	"Metadata":          {oidc.Metadata{}, nil},
	"Endpoints":         {oidc.Endpoints{}, nil},
	"Key":               {oidc.Key{}, nil},
	"TokenError":        {oidc.TokenError{}, nil},
	"RefreshError":      {oidc.RefreshError{}, nil}, // it prints its reason; TestRefreshErrorPrintsNoToken
}

// A type that is added to the package must say here what it prints.
func TestS15EveryExportedStructIsListed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.IsExported() {
				if _, isStruct := spec.Type.(*ast.StructType); isStruct {
					found++
					assert.Contains(t, printed, spec.Name.Name)
				}
			}
			return true
		})
	}
	assert.Len(t, printed, found)
}

func TestS12NoVerbPrintsASecret(t *testing.T) {
	t.Parallel()
	for name, p := range printed {
		if p.public == nil {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pointer := reflect.New(reflect.TypeOf(p.value))
			plant(pointer.Elem(), p.public, 0)
			require.Contains(t, dump(pointer.Elem(), 0), planted, "the secret is there")
			for _, text := range everyPrint(pointer.Interface()) {
				require.NotContains(t, text, planted)
				require.NotContains(t, text, fmt.Sprintf("%x", planted))
				require.NotContains(t, text, fmt.Sprintf("%X", planted))
			}
			if name != "Client" { // a client is not copied, go vet sees to that
				for _, text := range everyPrint(pointer.Elem().Interface()) {
					require.NotContains(t, text, planted)
					require.NotContains(t, text, fmt.Sprintf("%x", planted))
				}
			}
		})
	}
}

func TestS15NewClientPrintsNoSecret(t *testing.T) {
	t.Parallel()
	cfg := newTrial().config
	cfg.IDTokenSigningAlg = "HS256"
	client, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	for _, text := range everyPrint(client) {
		require.NotContains(t, text, clientSecret)
		require.NotContains(t, text, clientSecret[:16])
	}
	assert.Contains(t, fmt.Sprint(client), issuer)
	holder := struct{ client *oidc.Client }{client}
	assert.NotContains(t, fmt.Sprintf("%+v %#v", holder, holder), clientSecret)
}

// plant fills every field that is not public with the secret, the unexported ones too.
func plant(v reflect.Value, public []string, depth int) {
	if depth > 6 {
		return
	}
	if !v.CanSet() && v.CanAddr() {
		v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(planted)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(planted))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		plant(v.Index(0), nil, depth+1)
	case reflect.Map:
		if v.Type().Key().Kind() != reflect.String || v.Type().Elem().Kind() != reflect.Slice {
			return
		}
		value := reflect.New(v.Type().Elem()).Elem()
		plant(value, nil, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(reflect.ValueOf("X-Secret").Convert(v.Type().Key()), value)
	case reflect.Pointer:
		if v.Type().Elem().Kind() == reflect.Struct && strings.Contains(v.Type().Elem().PkgPath(), "authing-go/o") {
			v.Set(reflect.New(v.Type().Elem()))
			inner := printed[v.Type().Elem().Name()].public
			if v.Type().Elem().Name() == "Token" {
				inner = []string{"TokenType", "Scope"}
			}
			plant(v.Elem(), inner, depth+1)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); !contains(public, f.Name) {
				plant(v.Field(i), nil, depth+1)
			}
		}
	}
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// dump finds text at any depth, as a reader of memory would.
func dump(v reflect.Value, depth int) string {
	text := ""
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return string(v.Bytes())
		}
		for i := range v.Len() {
			text += dump(v.Index(i), depth+1)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			text += dump(v.MapIndex(k), depth+1)
		}
	case reflect.Pointer:
		if !v.IsNil() && depth < 6 {
			return dump(v.Elem(), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			text += dump(v.Field(i), depth+1)
		}
	}
	return text
}

// everyPrint prints v by every verb and flag, alone and inside others, and logs it. Not by %w: fmt asks no
// method of what is no error, and go vet refuses it.
func everyPrint(v any) []string {
	var texts []string
	for _, verb := range "vsqxXdTpbcotUeEfFgGOz" {
		for _, flags := range []string{"", "+", "#", "-9", " ", "0", "2.3"} {
			format := "%" + flags + string(verb)
			if verb == 'p' && reflect.ValueOf(v).Kind() != reflect.Pointer {
				continue
			}
			texts = append(texts, fmt.Sprintf(format, v), fmt.Sprintf(format, []any{v}), fmt.Sprintf(format, map[string]any{"k": v}),
				fmt.Sprintf(format, struct{ V any }{v}))
		}
	}
	texts = append(texts, fmt.Sprint(v), fmt.Sprintln(v), fmt.Errorf("%v", v).Error())
	var out bytes.Buffer
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("m", "k", v, slog.Group("g", slog.Any("k", v)))
	}
	return append(texts, out.String())
}
