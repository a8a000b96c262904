package oidctest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// callbackURI is the application's; nothing listens there.
const callbackURI = "http://localhost:3000/auth/callback"

// signingKey is one key for all tests: making one takes a while.
var signingKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// journey is an application and a browser that use two servers with one Realm over real HTTP, with net/http and go-jose
// alone: that of the test, and below /oauth one like it of OAuth 2.0.
type journey struct {
	t       *testing.T
	idp     *oidctest.Server
	oauth   *oidctest.Server
	url     string
	browser *http.Client
}

func start(t *testing.T, idp *oidctest.Server) *journey {
	t.Helper()
	idp.SigningKey = signingKey()
	if idp.Realm == nil {
		idp.Realm = &idptest.Realm{}
	}
	oauth := &oidctest.Server{
		Realm: idp.Realm, Path: "/oauth", OAuth: true, Scopes: []string{"user"}, ExpiresIn: 3599 * time.Second,
		ClientID: idp.ClientID, ClientSecret: idp.ClientSecret, Machine: idp.Machine, AllowPublic: idp.AllowPublic, SendIssuer: idp.SendIssuer,
		TokenAuth: idp.TokenAuth, IntrospectionAuth: idp.IntrospectionAuth, RevocationAuth: idp.RevocationAuth,
	}
	server := httptest.NewServer(idp.Realm.Handler(idp, oauth))
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &journey{t: t, idp: idp, oauth: oauth, url: server.URL, browser: browser}
}

// form makes values of names and values in turn.
func form(pairs ...string) url.Values {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values
}

// authURL is a login link; pairs replace or, when empty, remove the usual parameters.
func (j *journey) authURL(path string, pairs ...string) string {
	values := form("client_id", oidctest.ClientID, "redirect_uri", callbackURI, "response_type", "code", "state", "state-1")
	if path != "/oauth/auth" {
		values.Set("scope", "openid profile email")
		values.Set("nonce", "nonce-1")
	}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			values.Del(pairs[i])
		}
	}
	return j.url + path + "?" + values.Encode()
}

// login logs in by Login and returns what the application receives.
func (j *journey) login(path string, pairs ...string) url.Values {
	j.t.Helper()
	idp := j.idp
	if strings.HasPrefix(path, "/oauth/") {
		idp = j.oauth
	}
	callback, err := idp.Login(j.t.Context(), j.authURL(path, pairs...), idptest.Username)
	require.NoError(j.t, err)
	return parameters(j.t, callback)
}

// parameters reads a callback request in any response mode.
func parameters(t *testing.T, callback *http.Request) url.Values {
	t.Helper()
	raw := callback.URL.RawQuery
	if callback.Method == http.MethodPost {
		body, err := io.ReadAll(callback.Body)
		require.NoError(t, err)
		raw = string(body)
	} else if fragment := callback.URL.EscapedFragment(); fragment != "" {
		raw = fragment
	}
	values, err := url.ParseQuery(raw)
	require.NoError(t, err)
	return values
}

// visit opens a page in the browser that keeps its cookies, without following redirects.
func (j *journey) visit(address string) (*http.Response, string) {
	j.t.Helper()
	return j.do(http.MethodGet, address, nil)
}

func (j *journey) do(method, address string, fields url.Values) (*http.Response, string) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), method, address, strings.NewReader(fields.Encode()))
	require.NoError(j.t, err)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := j.browser.Do(request)
	require.NoError(j.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(j.t, err)
	return response, string(body)
}

// signIn logs the kept browser in and returns where it is sent.
func (j *journey) signIn(address string) *url.URL {
	j.t.Helper()
	response, _ := j.visit(address)
	require.Equal(j.t, http.StatusFound, response.StatusCode)
	page := j.url + response.Header.Get("Location")
	response, _ = j.do(http.MethodPost, page, form("username", idptest.Username, "password", idptest.Password, "action", "login"))
	require.Equal(j.t, http.StatusSeeOther, response.StatusCode)
	to, err := response.Location()
	require.NoError(j.t, err)
	return to
}

// call posts a form with the application's credentials and reads the JSON reply.
func (j *journey) call(path string, pairs ...string) (int, map[string]any) {
	j.t.Helper()
	values := form("client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret)
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1]) // a later pair replaces an earlier one
	}
	return j.post(path, nil, values)
}

// post posts a form as it is.
func (j *journey) post(path string, header http.Header, values url.Values) (int, map[string]any) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodPost, j.url+path, strings.NewReader(values.Encode()))
	require.NoError(j.t, err)
	for name, value := range header {
		request.Header[name] = value
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return j.send(request)
}

func (j *journey) get(path string, header http.Header) (int, map[string]any) {
	j.t.Helper()
	request, err := http.NewRequestWithContext(j.t.Context(), http.MethodGet, j.url+path, nil)
	require.NoError(j.t, err)
	for name, value := range header {
		request.Header[name] = value
	}
	return j.send(request)
}

func (j *journey) send(request *http.Request) (int, map[string]any) {
	j.t.Helper()
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(request)
	require.NoError(j.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(j.t, err)
	if len(body) == 0 {
		return response.StatusCode, nil
	}
	var reply map[string]any
	require.NoError(j.t, json.Unmarshal(body, &reply), "%s", body)
	return response.StatusCode, reply
}

// redeem exchanges a code at the token endpoint of the path's protocol.
func (j *journey) redeem(path, code string, pairs ...string) (int, map[string]any) {
	j.t.Helper()
	return j.call(path, append([]string{"grant_type", "authorization_code", "code", code, "redirect_uri", callbackURI}, pairs...)...)
}

// tokens is a whole code login with the parameters given.
func (j *journey) tokens(pairs ...string) map[string]any {
	j.t.Helper()
	status, reply := j.redeem("/token", j.login("/auth", pairs...).Get("code"))
	require.Equal(j.t, http.StatusOK, status, "%v", reply)
	return reply
}

// refused asserts an OAuth error.
func refused(t *testing.T, status int, reply map[string]any, wantStatus int, code string) {
	t.Helper()
	require.Equal(t, wantStatus, status, "%v", reply)
	require.Equal(t, code, reply["error"], "%v", reply)
	require.NotContains(t, reply, "access_token")
}

func granted(t *testing.T, status int, reply map[string]any) {
	t.Helper()
	require.Equal(t, http.StatusOK, status, "%v", reply)
	require.NotContains(t, reply, "error")
}

// text is a string member.
func text(reply map[string]any, name string) string {
	value, _ := reply[name].(string)
	return value
}
