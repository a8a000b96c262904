package cas

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/strictjson"
)

var loginTime = time.Date(2026, 11, 20, 9, 30, 0, 500, time.UTC)

// loginClient is a client whose server answers every validation with reply and records its query.
func loginClient(t testing.TB, reply string, configure ...func(*Config)) (*Client, *url.Values) {
	t.Helper()
	asked := &url.Values{}
	c, mock := newClient(t, append([]func(*Config){func(c *Config) {
		c.Service, c.Now = testService, func() time.Time { return loginTime }
	}}, configure...)...)
	mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		*asked = r.URL.Query()
		(*asked).Set("path", r.URL.Path)
		return httpmock.NewStringResponse(200, reply), nil
	})
	return c, asked
}

func begin(t testing.TB, c *Client, o AuthorizeOptions) *Login {
	t.Helper()
	login, err := c.BeginLogin(context.Background(), o)
	require.NoError(t, err)
	return login
}

// back is the browser's request to the service of login, with more in its query.
func back(login *Login, more string) *http.Request {
	_, query, _ := strings.Cut(login.Service, "?")
	if query != "" && more != "" {
		query += "&"
	}
	return httptest.NewRequest(http.MethodGet, "/callback?"+query+more, nil)
}

func posted(login *Login, form string) *http.Request {
	r := back(login, "")
	r = httptest.NewRequest(http.MethodPost, r.RequestURI, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestLogin(t *testing.T) {
	t.Parallel()
	for version, path := range map[Version]string{"": "/cas/p3/serviceValidate", V3: "/cas/p3/serviceValidate", V2: "/cas/serviceValidate"} {
		c, asked := loginClient(t, open+success+shut, func(c *Config) { c.Version, c.ReplyFormat = version, FormatXML })
		login := begin(t, c, AuthorizeOptions{})
		assert.Equal(t, testService+"&login="+login.Key, login.Service)
		assert.Equal(t, "https://cas.example/cas/login?service="+url.QueryEscape(login.Service), login.URL)
		assert.Equal(t, loginTime.Truncate(time.Second), login.CreatedAt)
		assert.Len(t, login.Key, 26)

		got, err := c.CompleteLogin(t.Context(), login, back(login, "ticket="+testTicket))
		require.NoError(t, err)
		assert.Equal(t, "alice", got.User)
		assert.Equal(t, testTicket, got.Ticket)
		assert.Equal(t, url.Values{"path": {path}, "service": {login.Service}, "ticket": {testTicket}, "format": {"XML"}}, *asked)
		assert.NotEqual(t, login.Key, begin(t, c, AuthorizeOptions{}).Key)
	}
}

// The server may reorder and re-escape the query of the service, as django-cas-server does.
func TestLoginServiceIsKeptByteForByte(t *testing.T) {
	t.Parallel()
	const service = "https://app.example/回调?next=/a%20b+c d%2fE&x&=&y=%zz;&"
	c, asked := loginClient(t, open+success+shut)
	login := begin(t, c, AuthorizeOptions{Service: service})
	assert.Equal(t, service+"login="+login.Key, login.Service)
	r := httptest.NewRequest(http.MethodGet, "/callback?login="+login.Key+"&next=%2Fa+b&ticket="+testTicket+"&y=%25zz%3B", nil)
	_, err := c.CompleteLogin(t.Context(), login, r)
	require.NoError(t, err)
	assert.Equal(t, login.Service, asked.Get("service"))
}

func TestLoginService(t *testing.T) {
	t.Parallel()
	for service, want := range map[string]string{
		"https://a.example":          "https://a.example?login=KEY",
		"https://a.example/b":        "https://a.example/b?login=KEY",
		"https://a.example/?":        "https://a.example/?login=KEY",
		"https://a.example/?b=c":     "https://a.example/?b=c&login=KEY",
		"https://a.example/?b=c&":    "https://a.example/?b=c&login=KEY",
		"https://a.example/?b=c?d":   "https://a.example/?b=c?d&login=KEY",
		"http://a.example/?Login=b":  "http://a.example/?Login=b&login=KEY",
		"http://a.example/?x=ticket": "http://a.example/?x=ticket&login=KEY",
	} {
		got, err := loginService(service, "KEY")
		require.NoError(t, err, service)
		assert.Equal(t, want, got)
		got, err = loginService(service, "")
		require.NoError(t, err, service)
		assert.Equal(t, service, got)
	}
	for service, message := range map[string]string{
		"https://a.example/#b":           "cas: Service of a login must not have a fragment",
		"https://a.example/?login=b":     "cas: Service of a login must not have a parameter login: BeginLogin adds it",
		"https://a.example/?b&l%6fgin":   "cas: Service of a login must not have a parameter login: BeginLogin adds it",
		"https://a.example/?login=%zz":   "cas: Service of a login must not have a parameter login: BeginLogin adds it",
		"https://a.example/?ticket=ST-1": "cas: Service of a login must not have a parameter ticket: the server adds it",
		"app:/callback":                  "cas: Service must be an absolute URL such as https://app.example/callback",
		"app://callback/":                "cas: Service must be an http or https URL",
	} {
		_, err := loginService(service, "KEY")
		assert.EqualError(t, err, message)
	}
}

func TestBeginLoginRefuses(t *testing.T) {
	t.Parallel()
	c, _ := newClient(t)
	_, err := c.BeginLogin(t.Context(), AuthorizeOptions{})
	require.EqualError(t, err, "cas: Service is not set")
	_, err = c.BeginLogin(t.Context(), AuthorizeOptions{Service: testService, Method: MethodHeader})
	require.EqualError(t, err, "cas: Method HEADER does not work in browsers, want GET or POST")
	_, err = c.BeginLogin(t.Context(), AuthorizeOptions{Service: testService, Renew: true, Gateway: true})
	require.EqualError(t, err, "cas: Renew and Gateway exclude each other (CAS §2.1.1)")
	_, err = c.BeginLogin(t.Context(), AuthorizeOptions{Service: testService, Method: MethodPost, Renew: true})
	require.NoError(t, err)

	bare, err := NewClient(Config{Endpoints: Endpoints{Login: "https://cas.example/login"}})
	require.NoError(t, err)
	_, err = bare.BeginLogin(t.Context(), AuthorizeOptions{Service: testService})
	require.EqualError(t, err, "cas: neither ServerURL nor Endpoints.P3ServiceValidate is set: unsupported operation")
	_, err = bare.CompleteLogin(t.Context(), &Login{}, nil)
	require.EqualError(t, err, "cas: neither ServerURL nor Endpoints.P3ServiceValidate is set: unsupported operation")
	_, err = c.CompleteLogin(t.Context(), begin(t, c, AuthorizeOptions{Service: testService}), nil)
	require.EqualError(t, err, "cas: CompleteLogin needs the callback's request")
}

func TestLoginFailureIsTheError(t *testing.T) {
	t.Parallel()
	c, _ := loginClient(t, open+failure+shut)
	login := begin(t, c, AuthorizeOptions{})
	got, err := c.CompleteLogin(t.Context(), login, back(login, "ticket="+testTicket))
	assert.Nil(t, got)
	var refused *Failure
	require.ErrorAs(t, err, &refused)
	assert.ErrorIs(t, err, InvalidTicket)
}

func TestLoginByPost(t *testing.T) {
	t.Parallel()
	c, asked := loginClient(t, open+success+shut)
	login := begin(t, c, AuthorizeOptions{Method: MethodPost})
	assert.Contains(t, login.URL, "method=POST")
	_, err := c.CompleteLogin(t.Context(), login, posted(login, "x=%zz&ticket="+testTicket))
	require.NoError(t, err)
	assert.Equal(t, testTicket, asked.Get("ticket"))
}

func TestLoginKeyIsReadFromTheQuery(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]string{
		"/?a=b&login=KEY&ticket=ST-1": "KEY", "/?login=%4BEY": "KEY",
		"/": "", "/?Login=KEY": "", "/?login=KEY&login=KEY": "", "/?login=%zz": "", "/?login": "",
	} {
		assert.Equal(t, want, LoginKey(httptest.NewRequest(http.MethodPost, target, nil)), target)
	}
	assert.Empty(t, LoginKey(nil))
	assert.Empty(t, LoginKey(&http.Request{}))
}

func TestLoginJSONIsStrict(t *testing.T) {
	t.Parallel()
	c, _ := loginClient(t, open+success+shut)
	login := begin(t, c, AuthorizeOptions{Gateway: true, Method: MethodPost})
	stored, err := json.Marshal(login)
	require.NoError(t, err)
	var read Login
	require.NoError(t, json.Unmarshal(stored, &read))
	assert.Equal(t, *login, read)

	for change, reason := range map[[2]string]strictjson.Reason{
		{`"key":`, `"Key":`}:              strictjson.Unknown,
		{`"renew":false,`, ``}:            strictjson.Missing,
		{`"renew":false`, `"renew":null`}: strictjson.Misfit,
	} {
		bad := strings.Replace(string(stored), change[0], change[1], 1)
		require.NotEqual(t, string(stored), bad)
		var typed *strictjson.Error
		err := json.Unmarshal([]byte(bad), &Login{})
		require.ErrorAs(t, err, &typed, bad)
		assert.Equal(t, reason, typed.Reason, bad)
		assert.ErrorContains(t, err, "cas: stored login: ")
	}
}
