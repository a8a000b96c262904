package oauth_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

const (
	pushPath   = "/par"
	requestURI = "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c"
	pushed     = `{"request_uri":"` + requestURI + `","expires_in":60}`
)

// pushServer keeps what was pushed and answers with reply.
type pushServer struct {
	*httpmock.MockTransport
	forms   []url.Values
	headers []http.Header
}

func newPushServer(status int, reply string) *pushServer {
	return newPushServerOf(func(int, *http.Request) *http.Response { return httpmock.NewStringResponse(status, reply) })
}

func newPushServerOf(reply func(call int, r *http.Request) *http.Response) *pushServer {
	s := &pushServer{MockTransport: httpmock.NewMockTransport()}
	s.RegisterResponder(http.MethodPost, server+pushPath, func(r *http.Request) (*http.Response, error) {
		if err := r.ParseForm(); err != nil {
			return nil, err
		}
		s.forms, s.headers = append(s.forms, r.PostForm), append(s.headers, r.Header)
		res := reply(len(s.forms), r)
		res.Header.Set("Content-Type", "application/json")
		return res, nil
	})
	return s
}

func pushing(c *oauth.Config) {
	c.Issuer, c.Endpoints.PushedAuthorization, c.PushedAuthorization = issuer, server+pushPath, oauth.PushAlways
}

// requiring is a server whose metadata demands pushed requests.
func requiring(c *oauth.Config) {
	c.Endpoints = oauth.Endpoints{}
	c.Metadata = &oauth.Metadata{
		Issuer: server, AuthorizationEndpoint: server + "/authorize", TokenEndpoint: server + "/token",
		PushedAuthorizationRequestEndpoint: server + pushPath, RequirePushedAuthorizationRequests: true,
	}
}

// P3: all parameters go to the server, authenticated, and the browser has none of them.
func TestP3BrowserHasOnlyTheReference(t *testing.T) {
	t.Parallel()
	s := newPushServer(http.StatusCreated, pushed)
	c := with(t, s, func(c *oauth.Config) { pushing(c); c.DPoP = newDPoP(t) })
	options := oauth.AuthorizeOptions{
		Scope: "read write", ResponseMode: oauth.ResponseModeFormPost, Resource: []string{"https://a", "https://b"}, AuthorizationDetails: []byte(`[{"type":"payment"}]`),
		Extra: url.Values{"prompt": {"login"}, "audience": {"x", "", "y"}, "empty": {""}},
	}
	login, err := c.BeginLogin(t.Context(), options)
	require.NoError(t, err)
	assert.Equal(t, server+"/authorize?client_id="+clientID+"&request_uri="+url.QueryEscape(requestURI), login.URL)
	challenge, err := pkce.Challenge(login.CodeVerifier, pkce.S256)
	require.NoError(t, err)
	require.Len(t, s.forms, 1)
	assert.Equal(t, url.Values{
		"client_id": {clientID}, "response_type": {"code"}, "redirect_uri": {"https://client.example.com/cb"}, "scope": {"read write"}, "state": {login.State},
		"response_mode": {"form_post"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"}, "resource": {"https://a", "https://b"}, "authorization_details": {`[{"type":"payment"}]`},
		"prompt": {"login"}, "audience": {"x", "y"}, "dpop_jkt": s.forms[0]["dpop_jkt"],
	}, s.forms[0])
	assert.NotEmpty(t, s.forms[0].Get("dpop_jkt"))

	link, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{State: "S"})
	require.NoError(t, err)
	assert.Equal(t, login.URL, link)
	assert.Equal(t, "S", s.forms[1].Get("state"))

	twin := with(t, silent(t), func(c *oauth.Config) { pushing(c); c.PushedAuthorization = oauth.PushWhenRequired })
	link, err = twin.BuildAuthorizeUrl(t.Context(), options)
	require.NoError(t, err)
	assert.NotContains(t, link, "request_uri")
	assert.Equal(t, "read write", query(t, link).Get("scope"))
}

// P3: an endpoint with a query of its own keeps it.
func TestP3EndpointWithAQuery(t *testing.T) {
	t.Parallel()
	c := with(t, newPushServer(http.StatusCreated, pushed), func(c *oauth.Config) { pushing(c); c.Endpoints.Authorization += "?tenant=1" })
	link, err := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, url.Values{"tenant": {"1"}, "client_id": {clientID}, "request_uri": {requestURI}}, query(t, link))
}

// The client authenticates there as at the token endpoint (RFC 9126 §2).
func TestPushedRequestIsAuthenticated(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["p256"]}
	for name, auth := range map[string]oauth.ClientAuth{
		"basic": oauth.ClientSecretBasic, "post": oauth.ClientSecretPost, "none": oauth.None, "key": oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}},
	} {
		s := newPushServer(http.StatusCreated, pushed)
		c := with(t, s, func(c *oauth.Config) {
			pushing(c)
			c.TokenAuth = auth
			if name == "none" || name == "key" {
				c.ClientSecret = ""
			}
		})
		_, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
		require.NoError(t, err, name)
		form, h := s.forms[0], s.headers[0]
		assert.Equal(t, []string{clientID}, form["client_id"], name)
		_, _, basic := (&http.Request{Header: h}).BasicAuth()
		assert.Equal(t, name == "basic", basic, name)
		assert.Equal(t, name == "post", form.Get("client_secret") == secret, name)
		if name == "key" {
			assert.Equal(t, issuer, open(t, form.Get("client_assertion"), "ES256", key.Signer.Public()).claims["aud"], "the issuer (RFC 9126 §2)")
		}
	}
}

// P2: a server that requires what is switched off, or that does not have it, is an error, and nothing is sent.
func TestP2RequiredAndOff(t *testing.T) {
	t.Parallel()
	all := func(c *oauth.Client) []error {
		_, begin := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
		_, build := c.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{})
		return []error{begin, build, c.CanLogin(t.Context(), "")}
	}
	off := func(c *oauth.Config) { requiring(c); c.PushedAuthorization = oauth.PushNever }
	for _, err := range all(with(t, silent(t), off)) {
		require.EqualError(t, err, "oauth: the server's metadata has require_pushed_authorization_requests, and PushedAuthorization is PushNever")
	}
	for _, err := range all(with(t, silent(t), func(c *oauth.Config) { off(c); c.Metadata.RequirePushedAuthorizationRequests = false })) {
		require.NoError(t, err)
	}
	s := newPushServer(http.StatusCreated, pushed)
	for _, err := range all(with(t, s, requiring)) {
		require.NoError(t, err)
	}
	assert.Len(t, s.forms, 2)

	for _, change := range []func(*oauth.Config){
		requiring, func(c *oauth.Config) {
			requiring(c)
			c.PushedAuthorization, c.Metadata.RequirePushedAuthorizationRequests = oauth.PushAlways, false
		},
	} {
		for _, err := range all(with(t, silent(t), func(c *oauth.Config) { change(c); c.Metadata.PushedAuthorizationRequestEndpoint = "" })) {
			require.ErrorIs(t, err, oauth.DiscoveryMissing)
			require.ErrorIs(t, err, errors.ErrUnsupported)
			require.ErrorContains(t, err, "the server's metadata has no pushed_authorization_request_endpoint")
		}
	}
	for _, err := range all(with(t, silent(t), func(c *oauth.Config) { pushing(c); c.Endpoints.PushedAuthorization = "" })) {
		require.EqualError(t, err, "oauth: Endpoints.PushedAuthorization is not set: unsupported operation")
	}
	own := newPushServer(http.StatusCreated, pushed)
	for _, err := range all(with(t, own, func(c *oauth.Config) {
		requiring(c)
		c.Metadata.PushedAuthorizationRequestEndpoint, c.Endpoints.PushedAuthorization = "", server+pushPath
	})) {
		require.NoError(t, err, "the address of the configuration")
	}
}

// A pushed request object is alone in the form, by value (RFC 9126 §3).
func TestPushedRequestObject(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{Signer: signers()["p256"]}
	host := func(context.Context, string) (string, error) { panic("a pushed request has no request_uri") }
	for name, object := range map[string]*oauth.RequestObject{
		"by value": {Keys: []oauth.SigningKey{key}}, "by reference": {Keys: []oauth.SigningKey{key}, Host: host},
	} {
		s := newPushServer(http.StatusCreated, pushed)
		c := with(t, s, func(c *oauth.Config) {
			requiring(c)
			c.RequestObject = object
			c.Metadata.RequireRequestURIRegistration = true
		})
		login, err := c.BeginLogin(t.Context(), oauth.AuthorizeOptions{Scope: "read", Extra: url.Values{"prompt": {"login"}}})
		require.NoError(t, err, name)
		assert.Equal(t, url.Values{"client_id": {clientID}, "request_uri": {requestURI}}, query(t, login.URL), name)
		assert.ElementsMatch(t, []string{"client_id", "request"}, keysOf(s.forms[0]), name)
		claims := open(t, s.forms[0].Get("request"), "ES256", key.Signer.Public()).claims
		assert.Equal(t, []any{login.State, "read", "login"}, []any{claims["state"], claims["scope"], claims["prompt"]}, name)
	}
	m, err := oauth.ParseMetadata([]byte(`{"issuer":"` + server + `","authorization_endpoint":"` + server + `/authorize","token_endpoint":"` + server + `/token",
		"pushed_authorization_request_endpoint":"` + server + `/par","require_pushed_authorization_requests":true,"request_parameter_supported":false}`))
	require.NoError(t, err)
	c := with(t, silent(t), func(c *oauth.Config) {
		c.Endpoints, c.Metadata, c.RequestObject = oauth.Endpoints{}, m, &oauth.RequestObject{Keys: []oauth.SigningKey{key}}
	})
	_, err = c.BeginLogin(t.Context(), oauth.AuthorizeOptions{})
	require.ErrorContains(t, err, "request_parameter_supported", "the server says that it takes no object")
}

func keysOf(form url.Values) []string {
	var names []string
	for name := range maps.Keys(form) {
		names = append(names, name)
	}
	return names
}
