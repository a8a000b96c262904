package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/protocoltest"
)

const openID = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc"

// newWeChat is a WeChat of one user. Its codes work once, and only with the secret.
func newWeChat(t *testing.T) *httptest.Server {
	var codes sync.Map
	mux := http.NewServeMux()
	mux.HandleFunc("GET /connect/qrconnect", func(w http.ResponseWriter, r *http.Request) {
		code := rand.Text()
		codes.Store(code, true)
		back := url.Values{"code": {code}, "state": {r.FormValue("state")}}
		http.Redirect(w, r, r.FormValue("redirect_uri")+"?"+back.Encode(), http.StatusFound)
	})
	mux.HandleFunc("GET /sns/oauth2/access_token", func(w http.ResponseWriter, r *http.Request) {
		_, known := codes.LoadAndDelete(r.FormValue("code"))
		if !known || r.FormValue("secret") != options("").Secret || r.FormValue("appid") != options("").AppID {
			_, _ = io.WriteString(w, `{"errcode":40029,"errmsg":"invalid code"}`)
			return
		}
		_, _ = io.WriteString(w, `{"access_token":"ACCESS_TOKEN","expires_in":7200,"openid":"`+openID+`","scope":"snsapi_login"}`)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// scan acts as the user with a phone, and returns the browser's request to the callback.
func scan(t *testing.T, loginURL string) *http.Request {
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, loginURL, nil)
	require.NoError(t, err)
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(ask)
	require.NoError(t, err)
	defer answer.Body.Close()
	return httptest.NewRequest(http.MethodGet, answer.Header.Get("Location"), nil)
}

func options(host string) authentication.Options {
	return authentication.Options{
		Protocol: WeChat{}, AppID: "wxbdc5610cc59c1631", Secret: "7f3e0a1b5c9d2846", AppHost: host,
		RedirectURI: "http://localhost:3000/auth/callback",
		HTTPClient:  &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	protocoltest.Run(t, WeChat{}, options(newWeChat(t).URL), func(loginURL string) *http.Request { return scan(t, loginURL) })
}

func TestLogin(t *testing.T) {
	t.Parallel()
	server := newWeChat(t)
	client, err := authentication.NewClient(options(server.URL))
	require.NoError(t, err)
	login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	callback := scan(t, login.URL)
	id, err := client.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	assert.Equal(t, openID, id.Subject)
	_, err = client.CompleteLogin(t.Context(), login, callback)
	require.ErrorIs(t, err, authentication.ErrDenied, "the code was used")
}

// Wrong callbacks; the valid one in TestLogin is the twin of each.
func TestRepeatedParameters(t *testing.T) {
	t.Parallel()
	server := newWeChat(t)
	client, err := authentication.NewClient(options(server.URL))
	require.NoError(t, err)
	for _, name := range []string{"state", "code"} {
		login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		callback := scan(t, login.URL)
		back := callback.URL.Query()
		back.Add(name, back.Get(name))
		callback.URL.RawQuery = back.Encode()
		_, err = client.CompleteLogin(t.Context(), login, callback)
		require.ErrorIs(t, err, authentication.ErrRefused, name)
	}
}

// hostile completes a login while the token endpoint answers like this.
func hostile(t *testing.T, answer http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	client, err := authentication.NewClient(options(server.URL))
	require.NoError(t, err)
	login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
	require.NoError(t, err)
	_, err = client.CompleteLogin(t.Context(), login, httptest.NewRequest(http.MethodGet, "/auth/callback?code=021rzGPX&state="+login.Key, nil))
	require.Error(t, err)
	require.NotErrorIs(t, err, authentication.ErrRefused)
	require.NotErrorIs(t, err, authentication.ErrDenied, "it is no answer")
	assert.NotContains(t, err.Error(), "021rzGPX")
	assert.NotContains(t, err.Error(), options("").Secret)
	return err
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("another host gets %s", r.URL)
	}))
	defer elsewhere.Close()
	err := hostile(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	})
	assert.ErrorContains(t, err, "/sns/oauth2/access_token: refused a redirect (status 307) to "+elsewhere.URL)
}

func TestEndlessReplyIsNotRead(t *testing.T) {
	t.Parallel()
	err := hostile(t, func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.WriteString(w, `{"openid":"`)
		for err == nil {
			_, err = io.WriteString(w, "aaaaaaaaaaaaaaaa")
		}
	})
	assert.ErrorContains(t, err, "the reply is too large")
}

func TestServerIsBusy(t *testing.T) {
	t.Parallel()
	err := hostile(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"errcode":-1,"errmsg":"system error"}`)
	})
	assert.EqualError(t, err, "wechat: status 200, errcode -1 and no user")
	err = hostile(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"OpenID":"`+openID+`"}`) })
	assert.EqualError(t, err, "wechat: status 200, errcode 0 and no user")
}

// encoding/json reads every half of a surrogate pair as U+FFFD: two users would become one.
func TestOpenIDIsExact(t *testing.T) {
	t.Parallel()
	for openID, ok := range map[string]bool{`a\ud83d\ude00`: true, `a\ud83d`: false, `a\ude00`: false} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"openid":"`+openID+`"}`)
		}))
		defer server.Close()
		client, err := authentication.NewClient(options(server.URL))
		require.NoError(t, err)
		login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		id, err := client.CompleteLogin(t.Context(), login, httptest.NewRequest(http.MethodGet, "/auth/callback?code=021rzGPX&state="+login.Key, nil))
		if ok {
			require.NoError(t, err)
			assert.Equal(t, "a\U0001F600", id.Subject)
			continue
		}
		require.ErrorIs(t, err, authentication.ErrRefused, openID)
	}
}

// A nonce for WeChat is a mistake, and an error says so.
func ExampleWeChat() {
	client, err := authentication.NewClient(options("https://open.weixin.qq.com"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.BuildAuthorizeUrl(context.Background(), authentication.AuthorizeOptions{Nonce: "n-0S6_WzA2Mj"})
	fmt.Println(err)
	link, err := client.BuildAuthorizeUrl(context.Background(), authentication.AuthorizeOptions{State: "af0ifjsldkj"})
	fmt.Println(link, err)
	// Output:
	// authentication: AuthorizeOptions.Nonce is not an option of this protocol
	// https://open.weixin.qq.com/connect/qrconnect?appid=wxbdc5610cc59c1631&redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fauth%2Fcallback&response_type=code&scope=snsapi_login&state=af0ifjsldkj#wechat_redirect <nil>
}
