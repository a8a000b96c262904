package oauth_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const marker = "s3cr3tMARKER"

// holders are the exported structs that hold a secret. A new one belongs here.
var holders = []any{
	oauth.Token{}, oauth.Login{}, oauth.Config{}, oauth.AuthRequest{}, oauth.AuthorizeOptions{}, oauth.CodeOptions{}, oauth.RefreshOptions{},
	oauth.ClientCredentialsOptions{}, oauth.TokenOptions{},
}

// plain are the fields that may be shown; each other string, map and slice is filled with the marker.
var plain = []string{
	"TokenType", "Scope", "RedirectURI", "ClientID", "Issuer", "Endpoints", "Endpoint", "ResponseType", "ResponseMode", "CodeChallengeMethod", "TokenTypeHint",
}

func filled(zero any) reflect.Value {
	v := reflect.New(reflect.TypeOf(zero))
	for i := range v.Elem().NumField() {
		field, name := v.Elem().Field(i), v.Elem().Type().Field(i).Name
		if !field.CanSet() || contains(plain, name) {
			continue
		}
		switch field.Interface().(type) {
		case string:
			field.SetString(marker)
		case url.Values:
			field.Set(reflect.ValueOf(url.Values{marker: {marker}}))
		case http.Header:
			field.Set(reflect.ValueOf(http.Header{"X-Key": {marker}}))
		case oauth.ClientAuth:
			field.Set(reflect.ValueOf(keyed{marker}))
		}
	}
	return v
}

func contains(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

// keyed is a user's ClientAuth that holds a key of its own.
type keyed struct{ Key string }

func (keyed) Authenticate(context.Context, *oauth.AuthRequest) error { return nil }

// S12, S15: no verb and no log shows a secret, by value or by pointer, alone or inside another value.
func TestS12NoSecretIsPrinted(t *testing.T) {
	t.Parallel()
	for _, zero := range holders {
		v := filled(zero)
		for _, holder := range []any{
			v.Interface(), v.Elem().Interface(), []any{v.Interface()}, map[string]any{"k": v.Elem().Interface()}, struct{ Inner any }{v.Elem().Interface()},
		} {
			mustHide(t, holder, marker)
		}
	}
	cfg := config(nil)
	cfg.ClientSecret = marker
	c, err := oauth.NewClient(cfg)
	require.NoError(t, err)
	mustHide(t, c, marker)
	mustHide(t, *c, marker)
}

func mustHide(t *testing.T, v any, secret string) {
	t.Helper()
	hidden := []string{secret, hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret)))}
	check := func(how, text string) {
		for _, s := range hidden {
			assert.NotContains(t, text, s, "%T by %s", v, how)
		}
		assert.NotEmpty(t, text)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%c", "%U", "%e", "% x", "%10.3v"} {
		check(verb, fmt.Sprintf(verb, v))
	}
	check("Print", fmt.Sprint(v)+fmt.Sprintln(v))
	check("Errorf", fmt.Errorf("failed with %v", v).Error())
	var text bytes.Buffer
	slog.New(slog.NewTextHandler(&text, nil)).Info("m", "k", v, slog.Group("g", "k", v))
	check("slog text", text.String())
	// A value inside another one is marshalled by slog's JSON handler as for storage: whole, as the docs say.
	if reflect.TypeOf(v).Kind() == reflect.Struct || reflect.TypeOf(v).Kind() == reflect.Pointer {
		if _, logs := v.(slog.LogValuer); logs {
			var line bytes.Buffer
			slog.New(slog.NewJSONHandler(&line, nil)).Info("m", "k", v, slog.Group("g", "k", v))
			check("slog JSON", line.String())
		}
	}
}

// Every holder must take part in both roads; one that is forgotten fails here, not in a log.
func TestS15EveryHolderFormatsAndLogs(t *testing.T) {
	t.Parallel()
	for _, zero := range append(holders, oauth.Client{}) {
		assert.Implements(t, (*fmt.Formatter)(nil), zero)
		assert.Implements(t, (*slog.LogValuer)(nil), zero)
	}
}

func TestPublicFieldsAreShown(t *testing.T) {
	t.Parallel()
	token := oauth.Token{AccessToken: marker, TokenType: "Bearer", Scope: "a b\nlevel=INFO", ExpiresIn: 60, Expiry: now}
	assert.Equal(t, `oauth.Token{AccessToken:[redacted] TokenType:Bearer Scope:a b\nlevel=INFO ExpiresIn:60 Expiry:2026-03-04 05:06:07 +0000 UTC}`, fmt.Sprint(token))
	login := &oauth.Login{State: marker, ClientID: clientID, CreatedAt: time.Unix(0, 0).UTC()}
	assert.Equal(t, `oauth.Login{State:[redacted] ClientID:s6BhdRkqt3 CreatedAt:1970-01-01 00:00:00 +0000 UTC}`, fmt.Sprintf("%+v", login))
	assert.Equal(t, "<nil>", fmt.Sprint((*oauth.Token)(nil)))
	c := newClient(t, silent(t))
	assert.Contains(t, fmt.Sprint(c), "oauth.Config{ClientID:s6BhdRkqt3 ClientSecret:[redacted]")
}

// JSON is the storage form, and whole.
func TestJSONIsWhole(t *testing.T) {
	t.Parallel()
	for _, zero := range []any{oauth.Token{}, oauth.Login{}} {
		for _, v := range []any{filled(zero).Interface(), filled(zero).Elem().Interface()} {
			text, err := json.Marshal(v)
			require.NoError(t, err)
			assert.GreaterOrEqual(t, strings.Count(string(text), marker), 3)
		}
	}
}
