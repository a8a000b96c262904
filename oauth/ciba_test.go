package oauth_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func TestCIBALoginOnTheWire(t *testing.T) {
	t.Parallel()
	c := with(t, wiretest.Transport(t, "testdata/ciba_authentication.http", "testdata/ciba_token.http"), deviceEndpoint)
	login, err := c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{
		Scope: "openid email example-scope", LoginHintToken: "eyJraWQiOiJsdGFjZXNidyIsImFsZyI6IkVTMjU2In0.eyJzdWJfaWQiOnt9fQ.sig", BindingMessage: "W4SCT",
		ACRValues: "urn:a urn:b", UserCode: "1234", RequestedExpiry: 2 * time.Minute,
	})
	require.NoError(t, err)
	assert.Equal(t, &oauth.CIBALogin{
		AuthReqID: "1c266114-a1be-4252-8ad1-04986c5b9ac1", Expiry: now.Add(2 * time.Minute), Interval: 2 * time.Second, NextPoll: now.Add(2 * time.Second),
		Scope: "openid email example-scope", ClientID: clientID, Issuer: server + "/token",
	}, login, "no notification token in the poll mode")

	stored, err := json.Marshal(login)
	require.NoError(t, err)
	var back oauth.CIBALogin
	require.NoError(t, json.Unmarshal(stored, &back))
	require.Equal(t, login, &back)
	back.NextPoll = now
	token, err := c.CompleteCIBALogin(t.Context(), &back)
	require.NoError(t, err)
	assert.Equal(t, "G5kXH2wHvUra0sHlDy1iTkDJgsgUO1bN", token.AccessToken)
	assert.Equal(t, "openid email example-scope", token.Scope, "a missing scope is the requested one")
	require.ErrorContains(t, json.Unmarshal([]byte(`{}`), &back), "oauth: stored CIBA login: ")
}

// beginCIBA begins a login, and returns what was sent.
func beginCIBA(t testing.TB, o oauth.CIBAOptions, body string) (*oauth.CIBALogin, url.Values, error) {
	t.Helper()
	var sent url.Values
	c := with(t, replyAt("/bc-authorize", func(r *http.Request) (*http.Response, error) {
		_ = r.ParseForm()
		sent = r.PostForm
		return jsonReply(200, body)(r)
	}), deviceEndpoint)
	login, err := c.BeginCIBALogin(t.Context(), o)
	return login, sent, err
}

const cibaReply = `{"auth_req_id":"R1","expires_in":60}`

func TestCIBANamesTheUserOnce(t *testing.T) {
	t.Parallel()
	idToken := "eyJhbGciOiJub25lIn0." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"alice"}`)) + ".c2ln"
	for _, o := range []oauth.CIBAOptions{{LoginHint: "alice"}, {LoginHintToken: "eyJ"}, {IDTokenHint: idToken}, {IDTokenHint: "opaque"}} {
		login, sent, err := beginCIBA(t, o, cibaReply)
		require.NoError(t, err)
		assert.Equal(t, "openid", sent.Get("scope"))
		assert.Equal(t, o.IDTokenHint, sent.Get("id_token_hint"))
		assert.Len(t, sent, 2, "scope and the hint alone")
		assert.Equal(t, o.IDTokenHint == idToken, login.Subject == "alice")
	}
	for _, o := range []oauth.CIBAOptions{
		{}, {LoginHint: "a", LoginHintToken: "b"}, {LoginHint: "a", IDTokenHint: "b"}, {LoginHintToken: "a", IDTokenHint: "b"},
	} {
		_, sent, err := beginCIBA(t, o, cibaReply)
		require.EqualError(t, err, "oauth: exactly one of LoginHint, LoginHintToken and IDTokenHint must be set (OpenID Connect CIBA Core §7.1)")
		assert.Nil(t, sent)
	}
}

func TestCIBAMisuse(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]oauth.CIBAOptions{
		"Scope must have the word openid (OpenID Connect CIBA Core §7.1)":     {Scope: "openid2 email", LoginHint: "a"},
		"RequestedExpiry must be whole seconds":                               {RequestedExpiry: time.Millisecond, LoginHint: "a"},
		"BindingMessage has a character that cannot be shown":                 {BindingMessage: "a\u202eb", LoginHint: "a"},
		"Extra must not set login_hint: use its field instead":                {LoginHint: "a", Extra: url.Values{"login_hint": {"b"}}},
		"Extra must not set client_notification_token: use its field instead": {LoginHint: "a", Extra: url.Values{"client_notification_token": {"b"}}},
		"Extra must not set request: use its field instead":                   {LoginHint: "a", Extra: url.Values{"request": {"b"}}},
		"Extra must not set client_id: use its field instead":                 {LoginHint: "a", Extra: url.Values{"client_id": {"b"}}},
	} {
		_, sent, err := beginCIBA(t, o, cibaReply)
		require.EqualError(t, err, "oauth: "+want)
		assert.Nil(t, sent)
	}
	_, sent, err := beginCIBA(t, oauth.CIBAOptions{Scope: "email openid", RequestedExpiry: time.Second, BindingMessage: "Zahlung 42 €", LoginHint: "a", Extra: url.Values{"purpose": {"x"}}}, cibaReply)
	require.NoError(t, err, "the accepted twin")
	assert.Equal(t, "1", sent.Get("requested_expiry"))
	assert.Equal(t, "x", sent.Get("purpose"))

	_, sent, err = beginCIBA(t, oauth.CIBAOptions{RequestedExpiry: -time.Second, LoginHint: "a"}, cibaReply)
	require.EqualError(t, err, "oauth: RequestedExpiry must be whole seconds")
	assert.Nil(t, sent)

	c := with(t, silent(t), deviceEndpoint)
	login := &oauth.CIBALogin{AuthReqID: "R1", ClientID: clientID, Issuer: "https://attacker.example", Expiry: now, NextPoll: now}
	nameless := &oauth.CIBALogin{ClientID: clientID, Issuer: c.Issuer(), Expiry: now.Add(time.Minute), NextPoll: now}
	for _, l := range []*oauth.CIBALogin{nil, {}, login, nameless} {
		_, err := c.CompleteCIBALogin(t.Context(), l)
		require.ErrorIs(t, err, oauth.CheckLogin)
	}
	nameless.AuthReqID = "R1"
	//lint:ignore SA1012 what a careless caller does must not panic
	_, err = c.CompleteCIBALogin(nil, nameless)
	require.EqualError(t, err, "oauth: the context is nil")
	_, err = newClient(t, silent(t)).BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "a"})
	require.EqualError(t, err, "oauth: Endpoints.BackchannelAuthentication is not set: unsupported operation")
}

func TestCIBAReplyRefused(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"expires_in":60}`:                                   "auth_req_id is missing or empty",
		`{"auth_req_id":"","expires_in":60}`:                  "auth_req_id is missing or empty",
		`{"auth_req_id":7,"expires_in":60}`:                   "auth_req_id is not a string",
		`{"auth_req_id":"a\u0000","expires_in":60}`:           "auth_req_id has a character outside RFC 6749 A.12",
		`{"auth_req_id":"R1"}`:                                "expires_in is missing or 0",
		`{"auth_req_id":"R1","expires_in":60,"interval":60}`:  "interval is not shorter than expires_in",
		`{"auth_req_id":"R1","expires_in":60,"interval":"x"}`: "interval is not a number of seconds",
		`[]`: "is not a JSON object (from https://server.example.com/bc-authorize)",
	} {
		login, _, err := beginCIBA(t, oauth.CIBAOptions{LoginHint: "a"}, body)
		require.EqualError(t, err, "oauth: backchannel authentication reply: "+want)
		assert.Nil(t, login)
	}
	_, _, err := beginCIBA(t, oauth.CIBAOptions{LoginHint: "a"}, `{"auth_req_id":"R1","expires_in":60,"interval":59}`)
	require.NoError(t, err, "the accepted twin")
}

func TestCIBAServerRefuses(t *testing.T) {
	t.Parallel()
	for _, code := range []oauth.ErrorCode{
		oauth.UnknownUserID, oauth.ExpiredLoginHintToken, oauth.MissingUserCode, oauth.InvalidUserCode, oauth.InvalidBindingMessage, oauth.AccessDenied,
	} {
		c := with(t, replyAt("/bc-authorize", jsonReply(400, `{"error":"`+string(code)+`","error_description":"no alice@example.com"}`)), deviceEndpoint)
		_, err := c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice@example.com"})
		require.ErrorIs(t, err, code)
		assert.NotContains(t, err.Error(), "alice", "the user is not in the error")
	}
}
