package oidctest_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

const (
	payment = `{"type":"payment","actions":["initiate"],"locations":["https://bank"],"amount":12345678901234567890}`
	account = `{"type":"account","identifier":"a-1"}`
)

// detailsOf reads authorization_details as JSON.
func detailsOf(t *testing.T, reply map[string]any) string {
	t.Helper()
	raw, err := json.Marshal(reply["authorization_details"])
	require.NoError(t, err)
	return string(raw)
}

// RFC 9396: what was asked for is in the token reply, the access token and the introspection, and can be narrowed.
func TestAuthorizationDetails(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{
		AuthorizationDetailsTypes: []string{"payment", "account"}, Scopes: []string{"openid", "offline_access", "api"}, TokenExchange: &oidctest.TokenExchange{},
		Apps: []oidctest.App{{ClientID: "thief", ClientSecret: "s", TokenAuth: "client_secret_post"}},
	})
	_, document := j.get(openIDDocument, nil)
	assert.Equal(t, []any{"payment", "account"}, document["authorization_details_types_supported"])
	both := "[" + payment + "," + account + "]"
	parts := func(reply map[string]any) []string {
		access := text(reply, "access_token")
		_, introspected := j.call("/token/introspection", "token", access)
		return []string{detailsOf(t, reply), detailsOf(t, unverified(t, access)), detailsOf(t, introspected)}
	}
	want := func(want string, reply map[string]any) {
		t.Helper()
		require.Nil(t, reply["error"], reply)
		for _, got := range parts(reply) {
			assert.JSONEq(t, want, got)
		}
	}
	login := func(scope string) string {
		return j.login("/auth", "scope", scope, "prompt", "consent", "authorization_details", both).Get("code")
	}
	want(both, j.must(j.redeem("/token", login(""))))
	want("["+account+"]", j.must(j.redeem("/token", login("openid"), "authorization_details", "["+account+"]")))
	status, reply := j.redeem("/token", login("openid"), "authorization_details", `[{"type":"account","identifier":"a-2"}]`)
	refused(t, status, reply, 400, "invalid_authorization_details")

	whole := j.must(j.redeem("/token", login("openid offline_access")))
	refresh := func(token string, pairs ...string) map[string]any {
		return j.must(j.call("/token", append([]string{"grant_type", "refresh_token", "refresh_token", token}, pairs...)...))
	}
	status, reply = j.call("/token", "grant_type", "refresh_token", "refresh_token", text(whole, "refresh_token"), "authorization_details", `[{"type":"payment"}]`)
	refused(t, status, reply, 400, "invalid_authorization_details") // and the refresh token is not used up
	status, reply = j.call("/token", "client_id", "thief", "client_secret", "s", "grant_type", "refresh_token", "refresh_token", text(whole, "refresh_token"), "authorization_details", `[{"type":"payment"}]`)
	refused(t, status, reply, 400, "invalid_grant") // whose grant it is comes first
	narrow := refresh(text(whole, "refresh_token"), "authorization_details", "["+payment+"]")
	want("["+payment+"]", narrow)
	want(both, refresh(text(narrow, "refresh_token")))

	machine := func(value string) (int, map[string]any) {
		return j.call("/token", "grant_type", "client_credentials", "authorization_details", value)
	}
	paid := j.must(machine("[" + payment + "]"))
	want("["+payment+"]", paid)
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(text(paid, "access_token"), ".")[1])
	require.NoError(t, err)
	assert.Contains(t, string(claims), "12345678901234567890", "an amount stays as it is")
	assert.Equal(t, "null", detailsOf(t, j.must(machine(""))))

	status, pushed := j.push("authorization_details", both)
	require.Equal(t, 201, status)
	callback, err := j.idp.Login(t.Context(), j.pushedURL(oidctest.ClientID, pushed), "")
	require.NoError(t, err)
	want(both, j.must(j.redeem("/token", callback.URL.Query().Get("code"))))

	subject := text(j.must(j.redeem("/token", login("openid"))), "access_token")
	want(both, j.must(j.trade(subject)))
	want("["+account+"]", j.must(j.trade(subject, "authorization_details", "["+account+"]")))
	status, reply = j.trade(text(paid, "access_token"), "authorization_details", "["+account+"]")
	refused(t, status, reply, 400, "invalid_authorization_details")

	j.idp.Break(oidctest.MalformedDetails)
	assert.IsType(t, "", j.must(machine("[" + payment + "]"))["authorization_details"])
}

func (j *journey) must(status int, reply map[string]any) map[string]any {
	j.t.Helper()
	granted(j.t, status, reply)
	return reply
}

func TestRefusedDetails(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{AuthorizationDetailsTypes: []string{"payment", "account"}, Apps: []oidctest.App{
		{ClientID: "payer", ClientSecret: "s", TokenAuth: "client_secret_post", AuthorizationDetailsTypes: []string{"payment"}},
	}})
	for value, good := range map[string]bool{
		`[{"type":"account"}]`: true, `[` + payment + `]`: true, `[]`: false, `{"type":"account"}`: false, `[{}]`: false, `[null]`: false, `x`: false, `"x"`: false,
		`[{"type":1}]`: false, `[{"type":"loan"}]`: false, `[{"type":"account"},{"type":"loan"}]`: false, `[{"type":"account"}]]`: false,
		`[{"type":"account","identifier":1}]`: false, `[{"type":"account","actions":"read"}]`: false, `[{"type":"account","locations":[1]}]`: false,
		`[{"type":"account","datatypes":{}}]`: false, `[{"type":"account","privileges":null}]`: false,
	} {
		code := any(nil)
		if !good {
			code = "invalid_authorization_details"
		}
		_, pushed := j.push("authorization_details", value)
		_, machine := j.call("/token", "grant_type", "client_credentials", "authorization_details", value)
		assert.Equal(t, []any{code, code}, []any{pushed["error"], machine["error"]}, value)
		assert.Equal(t, good, !j.login("/auth", "authorization_details", value).Has("error"), value)
	}
	for client, code := range map[string]any{"payer": "invalid_authorization_details", oidctest.ClientID: nil} {
		secret := map[string]string{"payer": "s", oidctest.ClientID: oidctest.ClientSecret}[client]
		_, reply := j.push("client_id", client, "client_secret", secret, "authorization_details", `[{"type":"account"}]`)
		assert.Equal(t, code, reply["error"], client)
		_, reply = j.push("client_id", client, "client_secret", secret, "authorization_details", `[{"type":"payment"}]`)
		assert.Nil(t, reply["error"], client)
	}
	// A server without types does not read them.
	j = start(t, &oidctest.Server{})
	reply := j.tokens("authorization_details", "x")
	assert.NotContains(t, reply, "authorization_details")
	_, document := j.get(openIDDocument, nil)
	assert.NotContains(t, document, "authorization_details_types_supported")
}

// The person elsewhere agrees to them, too.
func TestDetailsOfDevices(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &oidctest.Server{
		Realm: &idptest.Realm{Now: clock.now}, Device: &oidctest.Device{}, CIBA: &oidctest.CIBA{}, AuthorizationDetailsTypes: []string{"account"},
	})
	for _, begin := range []func(...string) (int, map[string]any){
		func(pairs ...string) (int, map[string]any) {
			return j.call("/device/auth", append([]string{"scope", "openid"}, pairs...)...)
		}, j.ask,
	} {
		status, reply := begin("authorization_details", `[{"type":"loan"}]`)
		refused(t, status, reply, 400, "invalid_authorization_details")
		begun := j.must(begin("authorization_details", "["+account+"]"))
		clock.advance(5 * time.Second)
		var tokens map[string]any
		if code := text(begun, "user_code"); code != "" {
			require.NoError(t, j.idp.Allow(t.Context(), code, ""))
			tokens = j.must(j.poll(begun["device_code"]))
		} else {
			require.NoError(t, j.idp.Allow(t.Context(), text(begun, "auth_req_id"), ""))
			tokens = j.must(j.pollCIBA(begun["auth_req_id"]))
		}
		assert.JSONEq(t, "["+account+"]", detailsOf(t, tokens))
	}
}

// Details in a request object stay as they are written, too.
func TestDetailsInRequestObject(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{AuthorizationDetailsTypes: []string{"payment"}, JWKS: appKeys(t)})
	object := signJWT(t, "RS256", signingKey(), map[string]any{"kid": "app"},
		objectClaims(j.url, oidctest.ClientID, "authorization_details", json.RawMessage("["+payment+"]")))
	callback, err := j.idp.Login(t.Context(), j.url+"/auth?"+form("client_id", oidctest.ClientID, "response_type", "code", "scope", "openid", "request", object).Encode(), "")
	require.NoError(t, err)
	access := text(j.must(j.redeem("/token", callback.URL.Query().Get("code"))), "access_token")
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(access, ".")[1])
	require.NoError(t, err)
	assert.Contains(t, string(claims), "12345678901234567890")
}
