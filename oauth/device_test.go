package oauth_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
)

func deviceEndpoint(c *oauth.Config) {
	c.Endpoints.DeviceAuthorization = server + "/device_authorization"
	c.Endpoints.BackchannelAuthentication = server + "/bc-authorize"
}

func TestDeviceLoginOnTheWire(t *testing.T) {
	t.Parallel()
	c := with(t, wiretest.Transport(t, "testdata/device_authorization.http", "testdata/device_token.http"), deviceEndpoint)
	login, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{Scope: "example_scope"})
	require.NoError(t, err)
	assert.Equal(t, &oauth.DeviceLogin{
		UserCode: "WDJB-MJHT", VerificationURI: "https://example.com/device", VerificationURIComplete: "https://example.com/device?user_code=WDJB-MJHT",
		DeviceCode: "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS", Expiry: now.Add(30 * time.Minute), Interval: 5 * time.Second,
		NextPoll: now.Add(5 * time.Second), Scope: "example_scope", ClientID: clientID, Issuer: server + "/token",
	}, login)

	stored, err := json.Marshal(login)
	require.NoError(t, err)
	var back oauth.DeviceLogin
	require.NoError(t, json.Unmarshal(stored, &back))
	require.Equal(t, login, &back)
	back.NextPoll = now
	token, err := c.CompleteDeviceLogin(t.Context(), &back)
	require.NoError(t, err)
	assert.Equal(t, "2YotnFZFEjr1zCsicMWpAA", token.AccessToken)
	assert.Equal(t, "example_scope", token.Scope, "a missing scope is the requested one")
}

// begun is the reply of a device authorization with some members replaced; an empty value leaves one out.
func begun(pairs ...string) string {
	reply := map[string]string{
		"device_code": `"DC0DE"`, "user_code": `"WDJB-MJHT"`, "verification_uri": `"https://example.com/device"`, "expires_in": "1800", "interval": "5",
	}
	for i := 0; i < len(pairs); i += 2 {
		if reply[pairs[i]] = pairs[i+1]; pairs[i+1] == "" {
			delete(reply, pairs[i])
		}
	}
	members := make([]string, 0, len(reply))
	for name, value := range reply {
		members = append(members, fmt.Sprintf("%q:%s", name, value))
	}
	return "{" + strings.Join(members, ",") + "}"
}

func beginDevice(t testing.TB, body string) (*oauth.DeviceLogin, error) {
	t.Helper()
	c := with(t, replyAt("/device_authorization", jsonReply(200, body)), deviceEndpoint)
	return c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
}

func TestDeviceReplyAccepted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		pairs    []string
		interval time.Duration
		link     string
	}{
		"without interval": {[]string{"interval", ""}, 5 * time.Second, "https://example.com/device"},
		"interval 0":       {[]string{"interval", "0"}, 5 * time.Second, "https://example.com/device"},
		"null":             {[]string{"verification_uri_complete", "null"}, 5 * time.Second, "https://example.com/device"},
		"complete":         {[]string{"verification_uri_complete", `"https://example.com/d?c=W"`, "interval", "7"}, 7 * time.Second, "https://example.com/d?c=W"},
		"Google":           {[]string{"verification_uri", "", "verification_url", `"https://www.google.com/device"`}, 5 * time.Second, "https://www.google.com/device"},
		"loopback":         {[]string{"verification_uri", `"http://127.0.0.1:8080/device"`}, 5 * time.Second, "http://127.0.0.1:8080/device"},
		"both names":       {[]string{"verification_url", `"https://other.example/device"`}, 5 * time.Second, "https://example.com/device"},
		"a fragment":       {[]string{"verification_uri_complete", `"https://example.com/#/d?c=W"`}, 5 * time.Second, "https://example.com/#/d?c=W"},
		"other letters":    {[]string{"user_code", `"漢字 42"`}, 5 * time.Second, "https://example.com/device"},
	} {
		login, err := beginDevice(t, begun(c.pairs...))
		require.NoError(t, err, name)
		assert.Equal(t, c.interval, login.Interval, name)
		assert.Equal(t, c.link, login.Link(), name)
	}
}

func TestDeviceReplyRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ want, name, value string }{
		{"device_code is missing or empty", "device_code", ""},
		{"device_code is missing or empty", "device_code", `""`},
		{"device_code has a character outside RFC 6749 A.12", "device_code", `"a\u0001"`},
		{"device_code is not a string", "device_code", `7`},
		{"user_code is missing or empty", "user_code", "null"},
		{"user_code has more than 64 bytes, or a character that cannot be shown", "user_code", `"\u001b[2J"`},
		{"user_code has more than 64 bytes, or a character that cannot be shown", "user_code", `"A\u202eB"`},
		{"user_code has more than 64 bytes, or a character that cannot be shown", "user_code", `"` + strings.Repeat("x", 65) + `"`},
		{"verification_uri must be an absolute URL such as https://example.com", "verification_uri", ""},
		{"verification_uri must be an absolute URL such as https://example.com", "verification_uri", `"javascript:alert(1)"`},
		{"verification_uri must be an https URL: http is for loopback hosts only (InsecureAllowHTTP lifts this, and lets anyone on the way read the secrets)", "verification_uri", `"http://example.com/device"`},
		{"verification_uri has more than 2048 bytes, a blank, or a character that cannot be shown", "verification_uri", `"https://example.com/\u0007"`},
		{"verification_uri has more than 2048 bytes, a blank, or a character that cannot be shown", "verification_uri", `"https://example.com/\u009b2J"`},
		{"verification_uri has more than 2048 bytes, a blank, or a character that cannot be shown", "verification_uri", `"https://example.com/\u202emoc"`},
		{"verification_uri_complete has more than 2048 bytes, a blank, or a character that cannot be shown", "verification_uri_complete", `"https://example.com/#\u009b2J"`},
		{"verification_uri_complete has more than 2048 bytes, a blank, or a character that cannot be shown", "verification_uri_complete", `"https://example.com/` + strings.Repeat("x", 2029) + `"`},
		{"verification_uri_complete has more than 2048 bytes, a blank, or a character that cannot be shown", "verification_uri_complete", `"https://example.com/ x"`},
		{"verification_uri_complete must not carry a user name or password", "verification_uri_complete", `"https://example.com@attacker.example/"`},
		{"verification_uri_complete must be an absolute URL such as https://example.com", "verification_uri_complete", `"javascript:alert(1)#"`},
		{"verification_uri_complete must be an absolute URL such as https://example.com", "verification_uri_complete", `"device?c=W"`},
		{"expires_in is missing or 0", "expires_in", ""},
		{"expires_in is missing or 0", "expires_in", "0"},
		{"expires_in is negative", "expires_in", "-1"},
		{"interval is negative", "interval", "-1"},
		{"interval is over 100 years", "interval", "9999999999999"},
		{"interval is not shorter than expires_in", "interval", "1800"},
	} {
		login, err := beginDevice(t, begun(c.name, c.value))
		require.EqualError(t, err, "oauth: device authorization reply: "+c.want)
		assert.Nil(t, login)
	}
	_, err := beginDevice(t, begun("user_code", `"`+strings.Repeat("x", 64)+`"`, "interval", "1799",
		"verification_uri_complete", `"https://example.com/`+strings.Repeat("x", 2028)+`"`))
	require.NoError(t, err, "the accepted twin")
	for _, body := range []string{`[]`, `{"device_code":"a","device_code":"b"}`, ``} {
		_, err := beginDevice(t, body)
		require.ErrorContains(t, err, "oauth: device authorization reply: ", body)
	}
}

func TestDeviceServerRefuses(t *testing.T) {
	t.Parallel()
	c := with(t, replyAt("/device_authorization", jsonReply(400, `{"error":"unauthorized_client","error_description":"not for `+secret+`"}`)), deviceEndpoint)
	_, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.ErrorIs(t, err, oauth.UnauthorizedClient)
	assert.NotContains(t, err.Error(), secret)
}

func TestDeviceMisuse(t *testing.T) {
	t.Parallel()
	c := with(t, silent(t), deviceEndpoint)
	for _, name := range []string{"scope", "client_id", "client_secret", "grant_type"} {
		_, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{Extra: url.Values{name: {"x"}}})
		assert.EqualError(t, err, "oauth: Extra must not set "+name+": use its field instead")
	}
	_, err := newClient(t, silent(t)).BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.EqualError(t, err, "oauth: Endpoints.DeviceAuthorization is not set: unsupported operation")
	_, err = with(t, silent(t), func(c *oauth.Config) { deviceEndpoint(c); c.ClientSecret = "" }).BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.EqualError(t, err, "oauth: TokenAuth: ClientSecret is not set, client_secret_basic needs it")
	_, err = oauth.NewClient(oauth.Config{Endpoints: oauth.Endpoints{DeviceAuthorization: "http://example.com"}})
	require.ErrorContains(t, err, "oauth: Endpoints.DeviceAuthorization must be an https URL")

	// The device code is a secret of one server and one client.
	login := &oauth.DeviceLogin{DeviceCode: "DC0DE", ClientID: clientID, Issuer: server + "/token", Expiry: now.Add(time.Hour), NextPoll: now}
	for name, change := range map[string]func(*oauth.DeviceLogin){
		"client": func(l *oauth.DeviceLogin) { l.ClientID = "another" },
		"server": func(l *oauth.DeviceLogin) { l.Issuer = "https://attacker.example" },
		"code":   func(l *oauth.DeviceLogin) { l.DeviceCode = "" },
	} {
		other := *login
		change(&other)
		other.Expiry = now // so that a client that takes it ends at once
		token, err := c.CompleteDeviceLogin(t.Context(), &other)
		require.ErrorIs(t, err, oauth.CheckLogin, name)
		assert.Nil(t, token)
	}
	_, err = c.CompleteDeviceLogin(t.Context(), nil)
	require.ErrorIs(t, err, oauth.CheckLogin)
	twin, err := with(t, tokenReply(200, good), deviceEndpoint).CompleteDeviceLogin(t.Context(), login)
	require.NoError(t, err, "the accepted twin")
	assert.Equal(t, "AT", twin.AccessToken)
}

func TestDeviceLoginStored(t *testing.T) {
	t.Parallel()
	stored, err := json.Marshal(oauth.DeviceLogin{})
	require.NoError(t, err)
	var login oauth.DeviceLogin
	require.NoError(t, json.Unmarshal(stored, &login))
	for _, bad := range []string{`{}`, strings.Replace(string(stored), `"user_code"`, `"User_Code"`, 1), strings.Replace(string(stored), "{", `{"more":1,`, 1)} {
		require.ErrorContains(t, json.Unmarshal([]byte(bad), &login), "oauth: stored device login: ")
	}
}

// A server of metadata names the endpoint there, and the discovered client polls like any other.
func TestDeviceAndCIBAOfMetadata(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, server+"/.well-known/oauth-authorization-server", jsonReply(200, `{"issuer":"`+server+`","token_endpoint":"`+server+`/token",
		"device_authorization_endpoint":"`+server+`/da","backchannel_authentication_endpoint":"`+server+`/bc","backchannel_token_delivery_modes_supported":["poll"]}`))
	mock.RegisterResponder(http.MethodPost, server+"/da", jsonReply(200, begun()))
	mock.RegisterResponder(http.MethodPost, server+"/bc", jsonReply(200, `{"auth_req_id":"R1","expires_in":60}`))
	mock.RegisterResponder(http.MethodPost, server+"/token", jsonReply(200, good))
	c := with(t, mock, func(c *oauth.Config) { c.Issuer, c.Endpoints = server, oauth.Endpoints{} })
	device, err := c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.NoError(t, err)
	device.NextPoll = now
	_, err = c.CompleteDeviceLogin(t.Context(), device)
	require.NoError(t, err)
	ciba, err := c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice"})
	require.NoError(t, err)
	ciba.NextPoll = now
	_, err = c.CompleteCIBALogin(t.Context(), ciba)
	require.NoError(t, err)
	_, err = c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice", Ping: true})
	require.ErrorIs(t, err, oauth.DiscoveryMissing)

	m := &oauth.Metadata{Issuer: server, TokenEndpoint: server + "/token"}
	c = with(t, silent(t), func(c *oauth.Config) { c.Metadata, c.Endpoints = m, oauth.Endpoints{} })
	_, err = c.BeginDeviceLogin(t.Context(), oauth.DeviceOptions{})
	require.ErrorContains(t, err, "the server's metadata has no device_authorization_endpoint")
	require.ErrorIs(t, err, errors.ErrUnsupported)
	_, err = c.BeginCIBALogin(t.Context(), oauth.CIBAOptions{LoginHint: "alice"})
	require.ErrorContains(t, err, "the server's metadata has no backchannel_authentication_endpoint")
}
