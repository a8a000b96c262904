package oidc_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// oddReplies are valid token replies and callbacks of an unusual form.
var oddReplies = []struct {
	name   string
	reply  map[string]any // replaces members of the token reply
	params string         // added to the callback
	mode   oauth.ResponseMode
	see    func(t *testing.T, token *oauth.Token)
}{
	{name: "expires_in is a string", reply: map[string]any{"expires_in": "3600"}, see: expires(time.Hour)},
	{name: "expires_in has a fraction", reply: map[string]any{"expires_in": 3600.5}, see: expires(time.Hour)},
	{name: "expires_in is absent", reply: map[string]any{"expires_in": absent}, see: expires(0)},
	{name: "expires_in is null", reply: map[string]any{"expires_in": nil}, see: expires(0)},
	{name: "token_type is bearer", reply: map[string]any{"token_type": "bearer"}},
	{name: "token_type is BEARER", reply: map[string]any{"token_type": "BEARER"}},
	{name: "refresh_token is null", reply: map[string]any{"refresh_token": nil}},
	{name: "scope is absent", reply: map[string]any{"scope": absent}},
	{name: "scope is broader than asked", reply: map[string]any{"scope": "openid profile email"}, see: func(t *testing.T, token *oauth.Token) {
		assert.True(t, token.HasScope("email"))
	}},
	{name: "members nobody knows", reply: map[string]any{"not-before-policy": 0, "session_state": "x", "Access_Token": "other"}},
	{name: "session_state in the callback", params: "&session_state=3b5e.q1"},
	{name: "iss in the callback", params: "&iss=https%3A%2F%2Fop.example"},
	{name: "scope, authuser and prompt in the callback", params: "&scope=openid&authuser=0&prompt=none&hd="},
	{name: "form_post", mode: oauth.ResponseModeFormPost, params: "&session_state=x"},
	{name: "response_mode query said aloud", mode: oauth.ResponseModeQuery},
}

// absent removes a member of a reply.
type gone struct{}

var absent = gone{}

func expires(in time.Duration) func(*testing.T, *oauth.Token) {
	return func(t *testing.T, token *oauth.Token) {
		if in == 0 {
			assert.True(t, token.Expiry.IsZero())
			return
		}
		assert.Equal(t, now().Add(in), token.Expiry)
	}
}

func TestOddRepliesAreAccepted(t *testing.T) {
	t.Parallel()
	for _, o := range oddReplies {
		t.Run(o.name, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			tr.ask.ResponseMode = o.mode
			for name, v := range o.reply {
				if tr.reply[name] = v; v == absent {
					delete(tr.reply, name)
				}
			}
			p := newProvider(t)
			result, err := p.login(p.client(tr.config), tr, o.params)
			require.NoError(t, err)
			assert.Equal(t, accessToken, result.Token.AccessToken)
			if o.see != nil {
				o.see(t, result.Token)
			}
		})
	}
}

func TestOddCallbackRequestsAreAccepted(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(r *http.Request){
		"a charset in the content type": func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
		},
		"a parameter of our own": func(r *http.Request) { r.URL.RawQuery = "tenant=1" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			tr.ask.ResponseMode = oauth.ResponseModeFormPost
			p := newProvider(t)
			c := p.client(tr.config)
			login, err := c.BeginLogin(t.Context(), tr.ask)
			require.NoError(t, err)
			p.answerCode(tr, login)
			r := callback(login, "code=C1&state="+login.State)
			change(r)
			_, err = c.CompleteLogin(t.Context(), login, r)
			require.NoError(t, err)
		})
	}
}

// A redirect URI may have a query, which comes back with the response.
func TestOddRedirectURIWithQueryIsAccepted(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	tr.ask.RedirectURI = redirectURI + "?tenant=1&tenant=2"
	p := newProvider(t)
	c := p.client(tr.config)
	login, err := c.BeginLogin(t.Context(), tr.ask)
	require.NoError(t, err)
	p.answerCode(tr, login)
	r := httptest.NewRequest(http.MethodGet, login.RedirectURI+"&code=C1&state="+login.State, nil)
	_, err = c.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, tr.ask.RedirectURI, p.form("/token").Get("redirect_uri"))
}

// Replies whose media type is missing or wrong are still parsed; only HTML is refused.
func TestOddContentTypesAreAccepted(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{"", "text/plain", "application/octet-stream", "application/jwk-set+json", "text/json;charset=gbk"} {
		t.Run(contentType, func(t *testing.T) {
			t.Parallel()
			tr := newTrial()
			p := newProvider(t)
			p.text("/.well-known/openid-configuration", http.StatusOK, contentType, mustJSON(metadata()))
			p.text("/jwks", http.StatusOK, contentType, mustJSON(map[string]any{"keys": tr.jwks}))
			_, err := p.client(tr.config).VerifyIDToken(t.Context(), tr.token(t), tr.expect)
			require.NoError(t, err)
		})
	}
}

// A key of 4096 bits.
func TestOddRSA4096IsAccepted(t *testing.T) {
	t.Parallel()
	var fixture struct {
		JWKS  json.RawMessage `json:"jwks"`
		Token string          `json:"token"`
	}
	text, err := os.ReadFile("testdata/rsa4096.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &fixture))
	set, err := oidc.ParseKeys(fixture.JWKS)
	require.NoError(t, err)
	tr := newTrial()
	tr.config.Keys = set
	client, err := oidc.NewClient(tr.config)
	require.NoError(t, err)
	id, err := client.VerifyIDToken(t.Context(), fixture.Token, oidc.Expect{Nonce: sentNonce})
	require.NoError(t, err)
	assert.Equal(t, "248289761001", id.Subject)

	_, err = client.VerifyIDToken(t.Context(), flipLast(fixture.Token), oidc.Expect{Nonce: sentNonce})
	require.ErrorIs(t, err, oidc.CheckSignature)
}
