package oauth_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Elsewhere: A5 (another browser) is in package web, A16 (hybrid, implicit) in package oidc. A19 is in package oidc. A3 is in
// replay_test.go, A9 to A12, A15 and A17 in callbackparams_test.go, A13 and A14 in formpost_test.go. Responses that are JWTs
// are in jwtresponse_test.go.

// refused completes login with r, where nothing may be sent, and wants the check.
func refused(t *testing.T, c *oauth.Client, login *oauth.Login, r *http.Request, want oauth.CallbackCheck) *oauth.CallbackError {
	t.Helper()
	token, err := c.CompleteLogin(t.Context(), login, r)
	require.ErrorIs(t, err, want)
	var e *oauth.CallbackError
	require.ErrorAs(t, err, &e)
	assert.Equal(t, want, e.Check)
	assert.Equal(t, "oauth: refused the callback ("+want.Error()+"): "+e.Detail, e.Error())
	assert.Nil(t, token)
	if login != nil {
		for _, s := range []string{login.State, login.CodeVerifier, code} {
			assert.False(t, s != "" && strings.Contains(e.Detail, s), "%s in %s", s, e.Detail)
		}
	}
	return e
}

// refusedQuery begins a login and wants the changed callback refused. Its unchanged twin is accepted.
func refusedQuery(t *testing.T, configure func(*oauth.Config), change func(url.Values), want oauth.CallbackCheck) {
	t.Helper()
	twin := with(t, tokenReply(200, good), configure)
	login := begin(t, twin, oauth.AuthorizeOptions{})
	params := right(login)
	if login.Issuer != "" {
		params.Set("iss", login.Issuer)
	}
	_, err := twin.CompleteLogin(t.Context(), login, callback(params))
	require.NoError(t, err, "the accepted twin")
	change(params)
	refused(t, with(t, silent(t), configure), login, callback(params), want)
}

func withIssuer(c *oauth.Config) { c.Issuer = server }

func TestA1StateMissing(t *testing.T) {
	t.Parallel()
	refusedQuery(t, unchanged, func(v url.Values) { v.Del("state") }, oauth.CheckState)
	refusedQuery(t, unchanged, func(v url.Values) { v.Set("state", "") }, oauth.CheckState)
}

func TestA2StateDiffers(t *testing.T) {
	t.Parallel()
	for _, change := range []func(string) string{
		func(s string) string { return s[:len(s)-1] }, func(s string) string { return s + "x" }, func(s string) string { return s + " " }, strings.ToLower,
		func(string) string { return "x" }, func(s string) string { return s + "\x00" },
	} {
		refusedQuery(t, unchanged, func(v url.Values) { v.Set("state", change(v.Get("state"))) }, oauth.CheckState)
	}
	refusedQuery(t, unchanged, func(v url.Values) { v["State"] = v["state"]; v.Del("state") }, oauth.CheckState)
}

func TestA4LoginExpired(t *testing.T) {
	t.Parallel()
	for lifetime, limit := range map[time.Duration]time.Duration{0: time.Hour, 5 * time.Minute: 5 * time.Minute} {
		login := begin(t, with(t, silent(t), func(c *oauth.Config) { c.LoginLifetime = lifetime }), oauth.AuthorizeOptions{})
		at := func(mock http.RoundTripper, d time.Duration) *oauth.Client {
			return with(t, mock, func(c *oauth.Config) {
				c.LoginLifetime, c.Now = lifetime, func() time.Time { return now.Add(d) }
			})
		}
		for _, ok := range []time.Duration{0, limit, -time.Minute} {
			_, err := at(tokenReply(200, good), ok).CompleteLogin(t.Context(), login, callback(right(login)))
			assert.NoError(t, err, "the accepted twin at %s", ok)
		}
		for _, bad := range []time.Duration{limit + 1, 48 * time.Hour, -time.Minute - 1} {
			refused(t, at(silent(t), bad), login, callback(right(login)), oauth.CheckExpired)
		}
	}
}

func TestA6IssuerDiffers(t *testing.T) {
	t.Parallel()
	for _, iss := range []string{"https://other.example", server + "/", "HTTPS://server.example.com", "", strings.ToUpper(server)} {
		refusedQuery(t, withIssuer, func(v url.Values) { v.Set("iss", iss) }, oauth.CheckIssuer)
	}
	login := begin(t, with(t, silent(t), withIssuer), oauth.AuthorizeOptions{})
	params := right(login)
	params.Set("iss", "https://evil.example/\n"+login.State+code)
	e := refused(t, with(t, silent(t), withIssuer), login, callback(params), oauth.CheckIssuer)
	assert.Contains(t, e.Detail, `evil.example`)
}

func TestA7IssuerMissing(t *testing.T) {
	t.Parallel()
	required := func(c *oauth.Config) { c.Issuer, c.RequireIssuer = server, true }
	refusedQuery(t, required, func(v url.Values) { v.Del("iss") }, oauth.CheckIssuer)

	c := with(t, tokenReply(200, good), withIssuer)
	login := begin(t, c, oauth.AuthorizeOptions{})
	_, err := c.CompleteLogin(t.Context(), login, callback(right(login)))
	assert.NoError(t, err, "the accepted twin: RequireIssuer is not set")
	c = newClient(t, tokenReply(200, good))
	login = begin(t, c, oauth.AuthorizeOptions{})
	params := right(login)
	params.Set("iss", "https://unknown.example")
	_, err = c.CompleteLogin(t.Context(), login, callback(params))
	assert.NoError(t, err, "no issuer is configured, so there is nothing to compare with")
}

// A response with an ID token may lack iss, but what was not asked for is no such token.
func TestA7IssuerInTheIDToken(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), func(c *oauth.Config) { c.Issuer, c.RequireIssuer = server, true })
	for _, row := range []struct {
		wanted  oauth.ResponseType
		spoil   func(url.Values)
		refusal error
	}{
		{"code id_token", func(url.Values) {}, nil},
		{"code id_token", func(v url.Values) { v.Set("iss", "https://evil.example") }, oauth.CheckIssuer},
		{"code id_token", func(v url.Values) { v.Set("id_token", "") }, oauth.CheckIssuer},
		{"code id_token", denied, oauth.CheckResponse},
		{"code id_token", func(v url.Values) { v.Del("id_token"); denied(v) }, oauth.CheckIssuer},
		{"code", func(url.Values) {}, oauth.CheckIssuer},
		{"code token", func(url.Values) {}, oauth.CheckIssuer},
		{"code token", func(v url.Values) { v.Del("id_token"); denied(v) }, oauth.CheckIssuer},
	} {
		login := begin(t, c, oauth.AuthorizeOptions{ResponseMode: oauth.ResponseModeFormPost})
		params := url.Values{"state": {login.State}, "code": {code}, "id_token": {"a.b.c"}}
		row.spoil(params)
		response, err := c.ReadCallback(t.Context(), login, row.wanted, posted(params.Encode(), "application/x-www-form-urlencoded"))
		if row.refusal == nil {
			require.NoError(t, err)
			assert.Equal(t, "a.b.c", response.IDToken)
			continue
		}
		require.ErrorIs(t, err, row.refusal, "%s %v", row.wanted, params)
	}
}

func denied(v url.Values) {
	v.Del("code")
	v.Set("error", "access_denied")
	v.Set("error_description", "The user said no")
}

func TestA8IssuerOnErrors(t *testing.T) {
	t.Parallel()
	refusedQuery(t, withIssuer, func(v url.Values) { denied(v); v.Set("iss", "https://other.example") }, oauth.CheckIssuer)
	refusedQuery(t, func(c *oauth.Config) { c.Issuer, c.RequireIssuer = server, true }, func(v url.Values) { denied(v); v.Del("iss") }, oauth.CheckIssuer)
	c := with(t, silent(t), withIssuer)
	login := begin(t, c, oauth.AuthorizeOptions{})
	params := url.Values{"state": {login.State}, "iss": {server}, "error": {"access_denied"}}
	_, err := c.CompleteLogin(t.Context(), login, callback(params))
	assert.ErrorIs(t, err, oauth.AccessDenied, "the twin: the server's own refusal")
}

// A18: a callback of one server never reaches the token endpoint of another.
func TestA18LoginOfAnotherClient(t *testing.T) {
	t.Parallel()
	for _, change := range []func(*oauth.Config){
		func(c *oauth.Config) { c.ClientID = "other" },
		func(c *oauth.Config) { c.Issuer = "https://other.example" },
		func(c *oauth.Config) { c.Endpoints.Token = "https://other.example/token" },
	} {
		login := begin(t, newClient(t, silent(t)), oauth.AuthorizeOptions{})
		_, err := newClient(t, tokenReply(200, good)).CompleteLogin(t.Context(), login, callback(right(login)))
		require.NoError(t, err, "the accepted twin")
		refused(t, with(t, silent(t), change), login, callback(right(login)), oauth.CheckLogin)
	}
}

func TestA3NoLogin(t *testing.T) {
	t.Parallel()
	c := newClient(t, silent(t))
	login := begin(t, c, oauth.AuthorizeOptions{})
	refused(t, c, nil, callback(right(login)), oauth.CheckLogin)
	refused(t, c, &oauth.Login{}, callback(url.Values{"code": {code}, "state": {""}}), oauth.CheckLogin)
	bare := *login
	bare.State = ""
	refused(t, c, &bare, callback(url.Values{"code": {code}, "state": {""}}), oauth.CheckLogin)
	bare = *login
	bare.CodeVerifier = ""
	refused(t, c, &bare, callback(right(login)), oauth.CheckLogin)
	for _, r := range []*http.Request{nil, {}} {
		_, err := c.CompleteLogin(t.Context(), login, r)
		assert.EqualError(t, err, "oauth: CompleteLogin needs the callback's request")
	}
}

// A6: AllowIssuer alone decides about iss, on error responses too (A8).
func TestA6AllowIssuer(t *testing.T) {
	t.Parallel()
	family := func(c *oauth.Config) {
		c.Issuer, c.AllowIssuer = server, func(iss string) bool { return iss == server+"/t-1" }
	}
	for iss, ok := range map[string]bool{server + "/t-1": true, server: false, server + "/t-2": false, "": false} {
		client := with(t, tokenReply(200, good), family)
		login := begin(t, client, oauth.AuthorizeOptions{})
		params := right(login)
		params.Set("iss", iss)
		if !ok {
			refused(t, with(t, silent(t), family), login, callback(params), oauth.CheckIssuer)
			params.Del("code")
			params.Set("error", "access_denied")
			refused(t, with(t, silent(t), family), login, callback(params), oauth.CheckIssuer)
			continue
		}
		_, err := client.CompleteLogin(t.Context(), login, callback(params))
		require.NoError(t, err, iss)
	}
	// iss may still be absent, unless RequireIssuer is set.
	client := with(t, tokenReply(200, good), family)
	login := begin(t, client, oauth.AuthorizeOptions{})
	_, err := client.CompleteLogin(t.Context(), login, callback(right(login)))
	require.NoError(t, err)
	strict := func(c *oauth.Config) { family(c); c.RequireIssuer = true }
	refused(t, with(t, silent(t), strict), login, callback(right(login)), oauth.CheckIssuer)
	_, err = oauth.NewClient(oauth.Config{ClientID: "c", AllowIssuer: func(string) bool { return true }})
	require.EqualError(t, err, "oauth: AllowIssuer needs Issuer")
}
