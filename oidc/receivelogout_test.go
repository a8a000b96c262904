package oidc_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// posted is a back-channel logout with this body.
func posted(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "https://app.example/backchannel", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// framed is a front-channel logout with this query, as it is on the wire.
func framed(query string) *http.Request {
	return &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/frontchannel", RawQuery: query}, Header: http.Header{}}
}

// answered is the answer to a request whose sessions end handles.
func answered(t testing.TB, client *oidc.Client, r *http.Request, end func(*oidc.LogoutRequest) error) (*httptest.ResponseRecorder, error) {
	t.Helper()
	w := httptest.NewRecorder()
	w.Header().Set("X-Frame-Options", "DENY")
	q, err := client.ReceiveLogout(t.Context(), r)
	assert.Equal(t, err == nil, q != nil)
	if err == nil && end != nil {
		err = end(q)
	}
	return w, oidc.AnswerLogout(t.Context(), w, q, err)
}

func refusedRequest(t testing.TB, err error, check oauth.CallbackCheck) {
	t.Helper()
	var refused *oauth.CallbackError
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, check, refused.Check)
}

func TestL9BackChannelRequest(t *testing.T) {
	t.Parallel()
	tr := newLogout()
	raw := tr.token(t)
	body := "logout_token=" + raw
	withType := func(contentType string) *http.Request {
		r := posted(body)
		if r.Header.Set("Content-Type", contentType); contentType == "" {
			r.Header.Del("Content-Type")
		}
		return r
	}
	method := func(method string) *http.Request {
		r := posted(body)
		r.Method = method
		return r
	}
	long := posted(body + "&pad=" + strings.Repeat("x", 68<<10))
	inQuery := posted("a=b")
	inQuery.URL.RawQuery = body
	for name, c := range map[string]struct {
		r     *http.Request
		check oauth.CallbackCheck
	}{
		"PUT": {method(http.MethodPut), oauth.CheckMethod}, "DELETE": {method("DELETE"), oauth.CheckMethod}, "HEAD": {method(http.MethodHead), oauth.CheckMethod},
		"JSON": {withType("application/json"), oauth.CheckMalformed}, "no type": {withType(""), oauth.CheckMalformed},
		"multipart":    {withType("multipart/form-data; boundary=x"), oauth.CheckMalformed},
		"a JWT":        {withType("application/logout+jwt"), oauth.CheckMalformed},
		"no parameter": {posted("token=" + raw), oauth.CheckMalformed}, "an empty one": {posted("logout_token="), oauth.CheckMalformed},
		"no body": {posted(""), oauth.CheckMalformed}, "in the query": {inQuery, oauth.CheckMalformed}, "in another case": {posted("Logout_Token=" + raw), oauth.CheckMalformed},
		"twice": {posted(body + "&" + body), oauth.CheckRepeated}, "not a form": {posted(body + "&%zz"), oauth.CheckMalformed}, "too long": {long, oauth.CheckMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := answered(t, newProvider(t).client(tr.config), c.r, nil)
			refusedRequest(t, err, c.check)
			assert.NotContains(t, err.Error(), raw)
			assert.Equal(t, http.StatusBadRequest, w.Code)
			assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
			assert.JSONEq(t, `{"error":"invalid_request"}`, w.Body.String())
		})
	}
	for name, r := range map[string]*http.Request{
		"alone": posted(body), "with a charset": withType("application/x-www-form-urlencoded; charset=UTF-8"), "with another parameter": posted("a=b&a=c&" + body),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var ended []string
			w, err := answered(t, newProvider(t).client(tr.config), r, func(q *oidc.LogoutRequest) error { ended = q.SessionIDs; return nil })
			require.NoError(t, err)
			assert.Equal(t, []string{"s-1"}, ended)
			assert.Equal(t, http.StatusOK, w.Code)
			assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			assert.Empty(t, w.Body.String())
			require.NoError(t, r.ParseForm())
			assert.Equal(t, raw, r.PostForm.Get("logout_token"), "the application can read it again")
		})
	}
}

// L9: a bad token, a failure to end the sessions, and a token that came before are 400 too.
func TestL9AnswersOfTheBackChannel(t *testing.T) {
	t.Parallel()
	tr := newLogout()
	p := newProvider(t)
	client := p.client(tr.config)
	send := func(raw string, end func(*oidc.LogoutRequest) error) (int, string, error) {
		w, err := answered(t, client, posted("logout_token="+raw), end)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		return w.Code, w.Body.String(), err
	}
	code, text, err := send(tr.token(t), func(*oidc.LogoutRequest) error { return errors.New("the store is down") })
	require.EqualError(t, err, "the store is down")
	assert.JSONEq(t, `{"error":"server_error"}`, text)
	assert.Equal(t, http.StatusBadRequest, code)

	code, _, err = send(tr.token(t), nil)
	require.NoError(t, err, "the server sends it again")
	assert.Equal(t, http.StatusOK, code)

	code, text, err = send(tr.token(t), nil)
	require.ErrorIs(t, err, oidc.CheckReplay)
	assert.Equal(t, http.StatusBadRequest, code)
	assert.JSONEq(t, `{"error":"invalid_request"}`, text)

	set("iss", issuer+"1")(tr)
	code, text, err = send(tr.token(t), nil)
	require.ErrorIs(t, err, oidc.CheckIssuer)
	assert.Equal(t, http.StatusBadRequest, code)
	assert.JSONEq(t, `{"error":"invalid_request"}`, text)

	// Keys that cannot be had are no refusal.
	p = newProvider(t)
	p.text("/jwks", http.StatusServiceUnavailable, "text/plain", "later")
	client = p.client(newLogout().config)
	code, text, err = send(newLogout().token(t), nil)
	require.Error(t, err)
	var refused *oidc.TokenError
	assert.NotErrorAs(t, err, &refused)
	assert.Equal(t, http.StatusBadRequest, code)
	assert.JSONEq(t, `{"error":"server_error"}`, text)

	w := httptest.NewRecorder()
	require.EqualError(t, oidc.AnswerLogout(t.Context(), w, nil, nil), "oidc: AnswerLogout needs the request or an error")
	assert.Equal(t, http.StatusBadRequest, w.Code)
}

// A body that was parsed before is the application's mistake, and no refusal.
func TestL9ReceiveLogoutAfterParseForm(t *testing.T) {
	t.Parallel()
	tr := newLogout()
	r := posted("logout_token=" + tr.token(t))
	require.NoError(t, r.ParseForm())
	client := newProvider(t).client(tr.config)
	_, err := client.ReceiveLogout(t.Context(), r)
	require.EqualError(t, err, "oidc: logout: the body was parsed before; pass the request on unread")
	for _, r := range []*http.Request{nil, {Method: http.MethodGet}} {
		_, err = client.ReceiveLogout(t.Context(), r)
		require.EqualError(t, err, "oidc: ReceiveLogout needs the request")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = client.ReceiveLogout(ctx, posted("logout_token="+tr.token(t)))
	require.ErrorIs(t, err, context.Canceled)
}

func TestL11FrontChannelRequest(t *testing.T) {
	t.Parallel()
	config := newTrial().config
	iss := "iss=" + url.QueryEscape(issuer)
	for name, c := range map[string]struct {
		query string
		check oauth.CallbackCheck
	}{
		"no iss": {"sid=s-1", oauth.CheckIssuer}, "an empty iss": {"iss=&sid=s-1", oauth.CheckIssuer}, "another iss": {iss + "1&sid=s-1", oauth.CheckIssuer},
		"iss with a slash": {iss + "/&sid=s-1", oauth.CheckIssuer}, "iss in another case": {"iss=" + strings.ToUpper(issuer) + "&sid=s-1", oauth.CheckIssuer},
		"no sid": {iss, oauth.CheckMalformed}, "an empty sid": {iss + "&sid=", oauth.CheckMalformed}, "nothing": {"", oauth.CheckIssuer},
		"Sid": {iss + "&Sid=s-1", oauth.CheckMalformed}, "two sids": {iss + "&sid=s-1&sid=s-2", oauth.CheckRepeated}, "two iss": {iss + "&" + iss + "&sid=s-1", oauth.CheckRepeated},
		"one in disguise": {iss + "&s%69d=s-1&sid=s-2", oauth.CheckRepeated}, "too long": {iss + "&sid=" + strings.Repeat("x", 8<<10), oauth.CheckMalformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := answered(t, newProvider(t).client(config), framed(c.query), nil)
			refusedRequest(t, err, c.check)
			assert.Equal(t, http.StatusBadRequest, w.Code)
			assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
			assert.Equal(t, "DENY", w.Header().Get("X-Frame-Options"))
		})
	}
	p := newProvider(t)
	for query, want := range map[string][]string{
		iss + "&sid=s-1":                         {"s-1"},
		"sid=s-1&iss=" + issuer:                  {"s-1", "s-1&iss=" + issuer},
		"app=1&app=2&" + iss + "&sid=s-1&lang=x": {"s-1", "s-1&lang=x"},
		iss + "&sid=a%20b%2Bc":                   {"a b+c"},
		iss + "&sid=a+b":                         {"a b", "a+b"},
		iss + "&sid=a+b&lang=x":                  {"a b", "a+b", "a+b&lang=x"},
		iss + "&sid=a%b":                         {"a%b"},
		iss + "&sid=%2":                          {"%2"},
		iss + `&sid=*7&=%zz~;"x`:                 {"*7", `*7&=%zz~;"x`},
		iss + "&sid=100%25%":                     {"100%%"},
	} {
		client := p.client(config)
		var got *oidc.LogoutRequest
		w, err := answered(t, client, framed(query), func(q *oidc.LogoutRequest) error { got = q; return nil })
		require.NoError(t, err, query)
		assert.Equal(t, want, got.SessionIDs, query)
		assert.True(t, got.Unsigned)
		assert.Equal(t, issuer, got.Issuer)
		assert.Empty(t, got.Subject+got.JWTID)
		assert.True(t, got.IssuedAt.IsZero())
		assert.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		assert.Equal(t, "default-src 'none'; frame-ancestors https://op.example", w.Header().Get("Content-Security-Policy"))
		assert.Empty(t, w.Header().Get("X-Frame-Options"))
		_, err = answered(t, client, framed(query), nil)
		require.NoError(t, err, "it can come again")
	}
	noMethod := framed(iss + "&sid=s-1")
	noMethod.Method = "" // is GET (net/http.Request)
	_, err := answered(t, p.client(config), noMethod, nil)
	require.NoError(t, err)
	assert.Zero(t, p.total(), "nothing is fetched for anyone's GET")

	// An issuer that is no address may show the answer nowhere.
	for _, bad := range []string{"", "op", "https://%zz"} {
		w := httptest.NewRecorder()
		require.NoError(t, oidc.AnswerLogout(t.Context(), w, &oidc.LogoutRequest{Issuer: bad, Unsigned: true}, nil))
		assert.Equal(t, "default-src 'none'; frame-ancestors 'none'", w.Header().Get("Content-Security-Policy"), bad)
	}
}

// The frame's sid is found also where the server does not escape it.
func TestL11OnlyTheNamedSessionEnds(t *testing.T) {
	t.Parallel()
	client := newProvider(t).client(newTrial().config)
	for _, sid := range []string{"s-1", "a+b", "a%b", "%2B", "a&b=c", `"<>'\^{}|~;`, "100%"} {
		for _, query := range []string{"iss=" + issuer + "&sid=" + sid, url.Values{"iss": {issuer}, "sid": {sid}}.Encode()} {
			q, err := client.ReceiveLogout(t.Context(), framed(query))
			require.NoError(t, err)
			session := &oidc.IDToken{Issuer: issuer, Subject: "u", SessionID: sid}
			if raw := query == "iss="+issuer+"&sid="+sid; raw && sid == "%2B" {
				assert.False(t, q.Ends(session), "it was read as an escape")
			} else {
				assert.True(t, q.Ends(session), "%s", query)
			}
			assert.False(t, q.Ends(&oidc.IDToken{Issuer: issuer, Subject: "u", SessionID: "s-2"}))
			assert.False(t, q.Ends(&oidc.IDToken{Issuer: issuer, Subject: "u"}))
			assert.False(t, q.Ends(&oidc.IDToken{Issuer: issuer + "1", Subject: "u", SessionID: sid}))
		}
	}
}

func TestL11FrontChannelOfAnIssuerFamily(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	bound(tr)
	client := newFamily(t).client(tr.config)
	_, err := client.ReceiveLogout(t.Context(), framed("sid=s-1&iss="+issuerOf(tenant)))
	require.NoError(t, err)
	for _, iss := range []string{issuerOf("t-2"), issuer, template, issuerOf(""), "t-42/v2.0", issuer + "/t-42"} {
		_, err = client.ReceiveLogout(t.Context(), framed("sid=s-1&iss="+iss))
		refusedRequest(t, err, oauth.CheckIssuer)
	}
}
