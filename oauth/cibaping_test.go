package oauth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// notification is what a server sends for a login (CIBA Core §10.2).
func notification(authorization, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "https://client.example.com/cb", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	return r
}

// notify gives a notification to the handler of one pending login, and says whether the login became ready.
func notify(login *oauth.CIBALogin, r *http.Request) (*http.Response, bool) {
	ready := false
	w := httptest.NewRecorder()
	oauth.CIBAPingHandler(
		func(_ context.Context, id string) (*oauth.CIBALogin, error) {
			if id == "R0" { // a careless store: the login is another one
				id = login.AuthReqID
			}
			if id != login.AuthReqID {
				return nil, nil
			}
			return login, nil
		},
		func(_ context.Context, l *oauth.CIBALogin) error {
			ready = l != login && l.AuthReqID == login.AuthReqID && l.NextPoll.IsZero()
			return nil
		},
	).ServeHTTP(w, r)
	return w.Result(), ready
}

func TestCIBAPing(t *testing.T) {
	t.Parallel()
	login, sent, err := beginCIBA(t, oauth.CIBAOptions{LoginHint: "alice", Ping: true}, cibaReply)
	require.NoError(t, err)
	assert.Equal(t, url.Values{"scope": {"openid"}, "login_hint": {"alice"}, "client_notification_token": {login.NotificationToken}}, sent)
	assert.Len(t, login.NotificationToken, 52, "260 bits")
	assert.Equal(t, now.Add(5*time.Second), login.NextPoll)

	for _, scheme := range []string{"Bearer ", "bearer "} {
		pending := *login
		res, ready := notify(&pending, notification(scheme+login.NotificationToken, `{"auth_req_id":"R1","more":{}}`))
		assert.Equal(t, http.StatusNoContent, res.StatusCode)
		assert.True(t, ready, "and the next poll is due")
	}

	// Two logins have two tokens.
	other, _, err := beginCIBA(t, oauth.CIBAOptions{LoginHint: "alice", Ping: true}, cibaReply)
	require.NoError(t, err)
	assert.NotEqual(t, login.NotificationToken, other.NotificationToken)
}

func TestCIBAPingRefused(t *testing.T) {
	t.Parallel()
	const token = "N0TIFY"
	good, poll := "Bearer "+token, oauth.CIBALogin{AuthReqID: "R1"}
	for name, c := range map[string]struct {
		login  oauth.CIBALogin
		r      *http.Request
		status int
	}{
		"no token":        {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification("", `{"auth_req_id":"R1"}`), 401},
		"another token":   {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification("Bearer N0TIFZ", `{"auth_req_id":"R1"}`), 401},
		"a part of it":    {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification("Bearer N0TIF", `{"auth_req_id":"R1"}`), 401},
		"more than it":    {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification(good+" ", `{"auth_req_id":"R1"}`), 401},
		"another scheme":  {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification("Basic "+token, `{"auth_req_id":"R1"}`), 401},
		"unknown login":   {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification(good, `{"auth_req_id":"R2"}`), 401},
		"careless store":  {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification(good, `{"auth_req_id":"R0"}`), 401},
		"the poll mode":   {poll, notification("Bearer ", `{"auth_req_id":"R1"}`), 401},
		"poll, no header": {poll, notification("", `{"auth_req_id":"R1"}`), 401},
		"another name":    {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification(good, `{"Auth_Req_ID":"R1"}`), 400},
		"no name":         {oauth.CIBALogin{NotificationToken: token}, notification(good, `{"auth_req_id":""}`), 400},
		"twice":           {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification(good, `{"auth_req_id":"R1","auth_req_id":"R1"}`), 400},
		"no object":       {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification(good, `["R1"]`), 400},
		"too large":       {oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, notification(good, `{"auth_req_id":"R1","pad":"`+strings.Repeat("x", 8<<10)+`"}`), 400},
	} {
		res, ready := notify(&c.login, c.r)
		assert.Equal(t, c.status, res.StatusCode, name)
		assert.False(t, ready, name)
		assert.Equal(t, c.status == 401, res.Header.Get("WWW-Authenticate") == "Bearer", name)
	}
	// The first is what a page of another site can send.
	for _, contentType := range []string{"application/x-www-form-urlencoded", "application/json; charset", ""} {
		r := notification(good, `{"auth_req_id":"R1"}`)
		r.Header.Set("Content-Type", contentType)
		res, ready := notify(&oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, r)
		assert.Equal(t, 400, res.StatusCode, contentType)
		assert.False(t, ready, contentType)
	}
	get := notification(good, "")
	get.Method = http.MethodGet
	res, _ := notify(&oauth.CIBALogin{AuthReqID: "R1", NotificationToken: token}, get)
	assert.Equal(t, []any{405, "POST"}, []any{res.StatusCode, res.Header.Get("Allow")})
}

func TestCIBAPingOfABrokenApplication(t *testing.T) {
	t.Parallel()
	login := &oauth.CIBALogin{AuthReqID: "R1", NotificationToken: "N0TIFY"}
	find := func(context.Context, string) (*oauth.CIBALogin, error) { return login, nil }
	ready := func(context.Context, *oauth.CIBALogin) error { return nil }
	broken := errors.New("the store has N0TIFY")
	for name, h := range map[string]http.Handler{
		"no find":  oauth.CIBAPingHandler(nil, ready),
		"no ready": oauth.CIBAPingHandler(find, nil),
		"find":     oauth.CIBAPingHandler(func(context.Context, string) (*oauth.CIBALogin, error) { return nil, broken }, ready),
		"ready":    oauth.CIBAPingHandler(find, func(context.Context, *oauth.CIBALogin) error { return broken }),
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, notification("Bearer N0TIFY", `{"auth_req_id":"R1"}`))
		assert.Equal(t, 500, w.Code, name)
		assert.NotContains(t, w.Body.String(), "N0TIFY", name)
	}
}
