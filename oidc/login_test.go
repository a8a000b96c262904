package oidc_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

func TestBeginLoginAsksForWhatItChecks(t *testing.T) {
	t.Parallel()
	client := newProvider(t).client(newTrial().config)
	login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "profile openid", MaxAge: time.Minute, ResponseMode: oauth.ResponseModeFormPost})
	require.NoError(t, err)
	u, err := url.Parse(login.URL)
	require.NoError(t, err)
	want, err := pkce.Challenge(login.CodeVerifier, pkce.S256)
	require.NoError(t, err)
	assert.Equal(t, url.Values{
		"client_id": {clientID}, "response_type": {"code"}, "redirect_uri": {redirectURI}, "scope": {"profile openid"}, "state": {login.State},
		"nonce": {login.Nonce}, "code_challenge": {want}, "code_challenge_method": {"S256"}, "max_age": {"60"}, "response_mode": {"form_post"},
	}, u.Query())
	assert.NotEqual(t, login.State, login.Nonce)
	assert.Equal(t, oidc.Login{
		URL: login.URL, State: login.State, Nonce: login.Nonce, CodeVerifier: login.CodeVerifier, RedirectURI: redirectURI,
		ResponseType: oauth.ResponseTypeCode, ResponseMode: oauth.ResponseModeFormPost, Scope: "profile openid", ClientID: clientID, Issuer: issuer,
		TokenEndpoint: issuer + "/token", MaxAge: time.Minute, CreatedAt: now(),
	}, *login)

	again, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	assert.NotEqual(t, []string{login.State, login.Nonce, login.CodeVerifier}, []string{again.State, again.Nonce, again.CodeVerifier})
	assert.Equal(t, "openid", again.Scope)
}

func TestBeginLoginMistakes(t *testing.T) {
	t.Parallel()
	for message, o := range map[string]oidc.AuthorizeOptions{
		"oidc: State must be empty: BeginLogin makes it":                                                                              {State: "s"},
		"oidc: Nonce must be empty: BeginLogin makes it":                                                                              {Nonce: "n"},
		"oidc: CodeChallenge and CodeChallengeMethod must be empty: BeginLogin makes them":                                            {CodeChallenge: challenge},
		`oidc: ResponseType "none" is not for BeginLogin, want code, id_token, or one of them or both with token`:                     {ResponseType: oidc.ResponseTypeNone},
		`oidc: ResponseType "token" is not for BeginLogin, want code, id_token, or one of them or both with token`:                    {ResponseType: oauth.ResponseTypeToken},
		`oidc: ResponseType "code code" is not for BeginLogin, want code, id_token, or one of them or both with token`:                {ResponseType: "code code"},
		`oidc: ResponseType "code id_token token" brings an access token through the browser, and needs AllowFrontChannelAccessToken`: {ResponseType: oidc.ResponseTypeCodeIDTokenToken},
		`oidc: ResponseType "code id_token" brings a token, and ResponseMode query would put it into the address of the page`:         {ResponseType: oidc.ResponseTypeCodeIDToken, ResponseMode: oauth.ResponseModeQuery},
		`oidc: unknown ResponseMode ".jwt", want query, fragment or form_post`:                                                        {ResponseMode: ".jwt"},
		"oidc: ResponseMode query.jwt needs AuthorizationSigningAlg":                                                                  {ResponseMode: "query.jwt"},
		"oidc: Scope must have the word openid":                                                                                       {Scope: "profile openid2"},
		"oidc: Claims requires acr without a value":                                                                                   {Claims: json.RawMessage(`{"id_token":{"acr":{"essential":true}}}`)},
		"oidc: Claims asks for acr, but not in the form of OpenID Connect Core §5.5.1":                                                {Claims: json.RawMessage(`{"id_token":{"acr":{"value":7}}}`)},
	} {
		p := newProvider(t)
		login, err := p.client(newTrial().config).BeginLogin(t.Context(), o)
		require.EqualError(t, err, message)
		assert.Nil(t, login)
		assert.Zero(t, p.total(), message)
	}
	_, err := newProvider(t).client(newTrial().config).BeginLogin(t.Context(), oidc.AuthorizeOptions{CodeChallengeMethod: pkce.S256})
	require.EqualError(t, err, "oidc: CodeChallenge and CodeChallengeMethod must be empty: BeginLogin makes them")
	for _, broken := range []error{nil, errors.New("no key store")} {
		tr := newTrial()
		tr.config.RequestObject = &oauth.RequestObject{CurrentKey: func(context.Context) (oauth.SigningKey, error) {
			return oauth.SigningKey{Signer: keys()["p256"]}, broken
		}}
		p, document := newProvider(t), metadata()
		document["request_parameter_supported"] = true
		p.discover(document)
		_, err = p.client(tr.config).BeginLogin(t.Context(), tr.ask)
		require.ErrorIs(t, err, broken)
	}
}

// An essential acr in the claims parameter is enforced; a voluntary one is not.
func TestI23ClaimsParameter(t *testing.T) {
	t.Parallel()
	for claims, want := range map[string][]string{
		"":   nil,
		`{}`: nil,
		`{"userinfo":{"acr":{"essential":true,"value":"x"}}}`: nil,
		`{"id_token":null}`:                                             nil,
		`{"id_token":{"acr":null}}`:                                     nil,
		`{"id_token":{"acr":{"values":["1","2"]}}}`:                     nil,
		`{"id_token":{"acr":{"essential":false,"value":"1"}}}`:          nil,
		`{"id_token":{"acr":{"essential":true,"value":"1"}}}`:           {"1"},
		`{"id_token":{"acr":{"essential":true,"values":["1","2"]}}}`:    {"1", "2"},
		`{"id_token":{"ACR":{"essential":true,"value":"1"}, "x":true}}`: nil,
	} {
		login, err := newProvider(t).client(newTrial().config).BeginLogin(t.Context(), oidc.AuthorizeOptions{Claims: json.RawMessage(claims)})
		require.NoError(t, err, claims)
		assert.Equal(t, want, login.ACRValues, claims)
	}
}

func TestCompleteLoginSendsTheCodeOnce(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	p := newProvider(t)
	client := p.client(tr.config)
	login, err := client.BeginLogin(t.Context(), tr.ask)
	require.NoError(t, err)
	p.answerCode(tr, login)
	result, err := client.CompleteLogin(t.Context(), login, callback(login, "code=C1&state="+login.State))
	require.NoError(t, err)
	assert.Equal(t, url.Values{
		"grant_type": {"authorization_code"}, "code": {"C1"}, "redirect_uri": {redirectURI}, "code_verifier": {login.CodeVerifier},
	}, p.form("/token"))
	id, secret, ok := p.request("/token").BasicAuth()
	assert.Equal(t, []any{clientID, clientSecret, true}, []any{id, secret, ok})
	assert.Equal(t, 1, p.count("/token"))
	assert.Equal(t, accessToken, result.Token.AccessToken)
	assert.Equal(t, result.Token.IDToken, result.IDToken.Raw())
	assert.Equal(t, login.Nonce, result.IDToken.Nonce)
}

func TestT8MissingIDToken(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{"absent": absent, "null": nil, "empty": ""} {
		tr := newTrial()
		if tr.reply["id_token"] = value; value == absent {
			tr.reply["id_token"] = nil
		}
		result, err := tr.login(t)
		require.ErrorIs(t, err, oidc.CheckMissing, name)
		assert.Nil(t, result)
	}
	_, err := newTrial().login(t)
	require.NoError(t, err)
}

func TestLoginJSONRoundTrip(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	tr.ask.MaxAge, tr.ask.Claims = time.Minute, json.RawMessage(`{"id_token":{"acr":{"essential":true,"value":"phr"}}}`)
	client := newProvider(t).client(tr.config)
	login, err := client.BeginLogin(t.Context(), tr.ask)
	require.NoError(t, err)
	stored, err := json.Marshal(login)
	require.NoError(t, err)
	var back oidc.Login
	require.NoError(t, json.Unmarshal(stored, &back))
	assert.Equal(t, *login, back)

	var members map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(stored, &members))
	assert.Len(t, members, 15)
	for name := range members {
		less := map[string]json.RawMessage{}
		for n, v := range members {
			if n != name {
				less[n] = v
			}
		}
		require.EqualError(t, json.Unmarshal([]byte(mustJSON(less)), &back), "oidc: stored login: json: member missing: "+name)
		less[strings.ToUpper(name)] = members[name]
		require.EqualError(t, json.Unmarshal([]byte(mustJSON(less)), &back), "oidc: stored login: json: member unknown")
	}
	more := strings.Replace(string(stored), "{", `{"version":2,`, 1)
	require.EqualError(t, json.Unmarshal([]byte(more), &back), "oidc: stored login: json: member unknown")
	twice := strings.Replace(string(stored), "{", `{"nonce":"",`, 1)
	require.ErrorContains(t, json.Unmarshal([]byte(twice), &back), "occurs twice")
	null := strings.Replace(string(stored), `"nonce":"`+login.Nonce+`"`, `"nonce":null`, 1)
	require.EqualError(t, json.Unmarshal([]byte(null), &back), "oidc: stored login: json: value does not fit its Go type: nonce")
	assert.Equal(t, *login, back, "not changed")
}
