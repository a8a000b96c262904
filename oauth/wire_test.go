package oauth_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const (
	server   = "https://server.example.com"
	clientID = "s6BhdRkqt3"
	secret   = "gX1fBat3bV"
	code     = "SplxlOBeZQQYbYS6WxSbIA"
)

var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func clock() time.Time { return now }

// config is the client of RFC 6749's examples, with the transport rt.
func config(rt http.RoundTripper) oauth.Config {
	return oauth.Config{
		ClientID: clientID, ClientSecret: secret, RedirectURI: "https://client.example.com/cb",
		Endpoints: oauth.Endpoints{
			Authorization: server + "/authorize", Token: server + "/token", UserInfo: server + "/userinfo",
			Introspection: server + "/introspect", Revocation: server + "/revoke",
		},
		HTTPClient: &http.Client{Transport: rt}, Now: clock,
	}
}

// with is the client of config after change.
func with(t testing.TB, rt http.RoundTripper, change func(*oauth.Config)) *oauth.Client {
	t.Helper()
	c := config(rt)
	change(&c)
	client, err := oauth.NewClient(c)
	require.NoError(t, err)
	return client
}

func newClient(t testing.TB, rt http.RoundTripper) *oauth.Client {
	t.Helper()
	return with(t, rt, func(*oauth.Config) {})
}

func jsonReply(status int, body string) httpmock.Responder {
	return httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Content-Type": {"application/json"}})
}

// tokenReply answers at the token endpoint, and nowhere else.
func tokenReply(status int, body string) *httpmock.MockTransport {
	return replyAt("/token", jsonReply(status, body))
}

func replyAt(path string, r httpmock.Responder) *httpmock.MockTransport {
	mock := httpmock.NewMockTransport()
	method := http.MethodPost
	if path == "/userinfo" {
		method = http.MethodGet
	}
	mock.RegisterResponder(method, server+path, r)
	return mock
}

// silent is a transport that may send nothing.
func silent(t testing.TB) *httpmock.MockTransport {
	t.Helper()
	mock := httpmock.NewMockTransport()
	t.Cleanup(func() { require.Zero(t, mock.GetTotalCallCount(), "nothing may be sent") })
	return mock
}
