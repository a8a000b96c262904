package oidc_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// FuzzAuthorizationResponse signs any header and claims with the server's key; STATE stands for the login's state. No input
// panics. What is accepted is for this client and login alone and lives at most ten minutes, and only its code is sent.
func FuzzAuthorizationResponse(f *testing.F) {
	good := map[string]any{"iss": issuer, "aud": clientID, "exp": unix(time.Minute), "code": "C1", "state": "STATE"}
	f.Add(`{"alg":"RS256","kid":"rsa"}`, mustJSON(good))
	for name, values := range map[string][]any{
		"aud": {[]string{clientID}, []string{clientID, "x"}, nil, 7}, "exp": {nil, unix(time.Hour), unix(-time.Hour), 1e300, "1"}, "iss": {nil, issuer + "/"},
		"iat": {unix(-time.Hour), unix(time.Hour)}, "nbf": {unix(time.Hour)}, "code": {nil, 7, ""}, "state": {nil, "S"}, "error": {"access_denied"}, "nonce": {"n"}, "scope": {"openid"}, "sub": {"kim"},
	} {
		for _, value := range values {
			claims := map[string]any{}
			for k, v := range good {
				claims[k] = v
			}
			claims[name] = value
			f.Add(`{"alg":"RS256","kid":"rsa"}`, mustJSON(claims))
		}
	}
	for _, header := range []string{`{"alg":"none"}`, `{"alg":"RS256","typ":"at+jwt"}`, `{"alg":"RS256","typ":"JWT","crit":["b64"]}`, `{"alg":"HS256"}`, `{}`, ``} {
		f.Add(header, mustJSON(good))
	}
	sent := 0
	config := newResponse().config
	config.Keys = oidc.StaticKeys{{ID: "rsa", Public: publicRSA()}}
	config.Metadata = &oidc.Metadata{Issuer: issuer, AuthorizationEndpoint: issuer + "/authorize", TokenEndpoint: issuer + "/token"}
	config.HTTPClient = &http.Client{Transport: handler{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if sent++; r.FormValue("code") == "" {
			panic("no code was sent")
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	})}}
	client, err := oidc.NewClient(config)
	if err != nil {
		f.Fatal(err)
	}
	login, err := client.BeginLogin(f.Context(), oidc.AuthorizeOptions{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, header, claims string) {
		sent = 0
		claims = strings.ReplaceAll(claims, "STATE", login.State)
		r := httptest.NewRequest(http.MethodGet, redirectURI+"?response="+forge(t, header, claims), nil)
		_ = client.LoginKey(r)
		_, err := client.CompleteLogin(t.Context(), login, r)
		var token *oidc.TokenError
		var callback *oauth.CallbackError
		if sent == 0 && (errors.As(err, &token) || errors.As(err, &callback)) {
			return
		}
		var failed *oauth.Error
		if sent > 1 || !errors.As(err, &failed) {
			t.Fatalf("%d requests: %v", sent, err)
		}
		var read map[string]any
		if err := json.Unmarshal([]byte(claims), &read); err != nil {
			t.Fatalf("accepted %q", claims)
		}
		exp, _ := read["exp"].(float64)
		left := time.Unix(int64(exp), 0).Sub(now())
		_, list := read["aud"].([]any)
		switch {
		case read["iss"] != issuer, read["state"] != login.State, left <= -time.Minute, left > 11*time.Minute,
			!list && read["aud"] != clientID, list && !reflect.DeepEqual(read["aud"], []any{clientID}), read["nonce"] != nil,
			sent == 1 && read["error"] != nil, sent == 0 && read["error"] == nil:
			t.Fatalf("accepted %q", claims)
		}
	})
}
