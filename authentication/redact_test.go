package authentication_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// holders are the exported structs that hold something which must not be printed: a secret, a token, a
// login, a person's data.
var holders = []any{
	authentication.Options{}, authentication.Login{}, authentication.Identity{}, authentication.PasswordOptions{},
	authentication.ClientCredentialsOptions{}, authentication.ClientCredentialsToken{}, authentication.ValidateTokenOptions{},
	authentication.ValidateTokenResult{}, authentication.LogoutOptions{}, authentication.CodeChallengeDigestOptions{}, authentication.AuthorizeOptions{},
	authentication.Logout{}, authentication.LogoutNotice{},
}

// open are the structs that hold none: names, addresses and protocols. RefreshError prints its reason alone,
// which a test of its own sees.
var open = []string{"Client", "Endpoints", "HeaderNames", "OIDC", "OAuth", "SAML", "CAS", "TicketV1", "RefreshError", "AccessTokenExpect"}

// public are the fields that may be printed.
var public = map[string]string{
	"Options": "AppID AppHost RedirectURI Lang RequestFrom TenantID UserPoolID", "Login": "Protocol", "Identity": "Protocol Issuer Subject",
	"PasswordOptions": "Scope", "ClientCredentialsOptions": "Scope AccessKey", "ClientCredentialsToken": "RejectedScope",
	"ValidateTokenResult": "Issuer Subject Audience", "LogoutOptions": "RedirectURI", "CodeChallengeDigestOptions": "Method",
	"Logout": "Protocol", "LogoutNotice": "Protocol Issuer",
	"AuthorizeOptions": "RedirectURI Scope ResponseType ResponseMode CodeChallengeMethod Prompt Display MaxAge UILocales ACRValues TenantID Renew Gateway IDP",
}

// Security S12, S15: whatever the verb and the logger, only public fields show their values, in values, pointers,
// slices and structs around them.
func TestS15NothingPrintsASecret(t *testing.T) {
	t.Parallel()
	for _, holder := range holders {
		typ := reflect.TypeOf(holder)
		full := reflect.New(typ).Elem()
		secrets := fill(full, strings.Fields(public[typ.Name()]))
		require.NotEmpty(t, secrets, typ)
		value := full.Interface()
		pointer := reflect.New(typ)
		pointer.Elem().Set(full)
		around := struct{ V any }{value}
		for _, v := range []any{value, pointer.Interface(), []any{value}, map[string]any{"v": pointer.Interface()}, around, &around} {
			for _, printed := range prints(v) {
				for _, secret := range secrets {
					assert.NotContains(t, printed, secret, "%s", typ)
					assert.NotContains(t, printed, fmt.Sprintf("%x", secret), "%s", typ)
				}
			}
		}
		assert.Contains(t, fmt.Sprint(value), "[redacted]", typ)
	}
}

// prints is v in every way of fmt and slog. %p of a struct and %w of what is no error are left out: package fmt
// calls them mistakes and then asks no method of the value, whatever its type does. Vet reports both.
func prints(v any) []string {
	var all []string
	for verb := 'a'; verb <= 'z'; verb++ {
		if verb == 'p' || verb == 'w' {
			continue
		}
		for _, flag := range []string{"", "+", "#", " ", "-40", "080", ".3"} {
			all = append(all, fmt.Sprintf("%"+flag+string(verb), v))
		}
	}
	for verb := 'A'; verb <= 'Z'; verb++ {
		all = append(all, fmt.Sprintf("%"+string(verb), v))
	}
	all = append(all, fmt.Sprint(v), fmt.Errorf("wrapped: %v", v).Error())
	var text bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "v", v, slog.Group("g", "v", v))
	return append(all, text.String())
}

// fill sets every field to a value of its own and returns those of the fields that are not public.
func fill(v reflect.Value, public []string) []string {
	var secrets []string
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if !v.Field(i).CanSet() {
			continue
		}
		secret := "SECRET-" + strings.ToLower(name) + "-"
		switch f := v.Field(i); f.Interface().(type) {
		case string:
			f.SetString(secret)
		case json.RawMessage:
			f.SetBytes([]byte(`"` + secret + `"`))
		case []string:
			f.Set(reflect.ValueOf([]string{secret}))
		case map[string]any:
			f.Set(reflect.ValueOf(map[string]any{"email": secret}))
		case *oauth.Token:
			f.Set(reflect.ValueOf(&oauth.Token{AccessToken: secret, RefreshToken: secret}))
		case oauth.Token:
			f.Set(reflect.ValueOf(oauth.Token{AccessToken: secret}))
		case oauth.Profile:
			f.Set(reflect.ValueOf(oauth.Profile{Email: secret}))
		case time.Time, time.Duration, bool, int64:
			continue // no text
		default:
			switch {
			case f.Kind() == reflect.String:
				f.SetString(secret)
			case f.Kind() == reflect.Map:
				f.Set(reflect.MakeMap(f.Type()))
				f.SetMapIndex(reflect.ValueOf("k"), reflect.ValueOf([]string{secret}))
			default:
				continue
			}
		}
		if !contains(public, name) {
			secrets = append(secrets, secret)
		}
	}
	return secrets
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// slog's JSON handler asks LogValue for each value that it is given.
func TestS12JSONLog(t *testing.T) {
	t.Parallel()
	for _, holder := range holders {
		v := reflect.New(reflect.TypeOf(holder)).Elem()
		secrets := fill(v, strings.Fields(public[v.Type().Name()]))
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "value", v.Interface(), "pointer", v.Addr().Interface())
		for _, secret := range secrets {
			assert.NotContains(t, out.String(), secret, v.Type())
		}
	}
}

func TestS15ClientPrintsNoSecret(t *testing.T) {
	t.Parallel()
	client := newTestClient(t, nil, nil)
	for _, v := range []any{client, *client, struct{ C *authentication.Client }{client}} {
		for _, printed := range prints(v) {
			assert.NotContains(t, printed, testSecret)
		}
	}
	assert.Contains(t, fmt.Sprint(client), testApp)
}

// Every exported struct is either held to the rule above or named as one that holds nothing.
func TestS15EveryStructIsJudged(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, name := range open {
		known[name] = true
	}
	for _, holder := range holders {
		known[reflect.TypeOf(holder).Name()] = true
	}
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), ".go") || strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file.Name(), nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok || !spec.Name.IsExported() {
				return true
			}
			if _, isStruct := spec.Type.(*ast.StructType); isStruct {
				found++
				assert.True(t, known[spec.Name.Name], "%s in %s", spec.Name.Name, file.Name())
			}
			return true
		})
	}
	assert.Equal(t, len(known), found)
}
