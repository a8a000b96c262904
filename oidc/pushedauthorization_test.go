package oidc_test

import (
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const pushed = `{"request_uri":"urn:ietf:params:oauth:request_uri:R1","expires_in":60}`

// newPushProvider demands pushed requests, and answers them so.
func newPushProvider(t *testing.T, status int, reply string) *provider {
	t.Helper()
	p := newProvider(t)
	document := metadata()
	document["pushed_authorization_request_endpoint"], document["require_pushed_authorization_requests"] = issuer+"/par", true
	p.discover(document)
	p.text("/par", status, "application/json", reply)
	return p
}

// P3: a login whose request is pushed, and of which the browser knows nothing.
func TestP3PushedLogin(t *testing.T) {
	t.Parallel()
	p, tr := newPushProvider(t, http.StatusCreated, pushed), newTrial()
	c := p.client(tr.config)
	tr.ask = oidc.AuthorizeOptions{Scope: "openid profile", Prompt: "login", MaxAge: time.Minute, ACRValues: "phr", LoginHint: "ada", Claims: []byte(`{"userinfo":{"name":null}}`)}
	tr.claims["auth_time"] = now().Unix()
	_, err := p.login(c, tr, "")
	require.NoError(t, err)
	sent := p.form("/par")
	for name, want := range map[string]string{
		"client_id": clientID, "response_type": "code", "redirect_uri": redirectURI, "scope": "openid profile", "prompt": "login", "max_age": "60", "acr_values": "phr",
		"login_hint": "ada", "claims": `{"userinfo":{"name":null}}`, "code_challenge_method": "S256",
	} {
		assert.Equal(t, []string{want}, sent[name], name)
	}
	assert.NotEmpty(t, sent.Get("nonce"))
	assert.Len(t, sent, 13)
	id, pass, _ := p.request("/par").BasicAuth()
	assert.Equal(t, []string{clientID, clientSecret}, []string{id, pass})

	login, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	link, err := c.BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	for _, address := range []string{login.URL, link} {
		u, err := url.Parse(address)
		require.NoError(t, err)
		assert.Equal(t, issuer+"/authorize", u.Scheme+"://"+u.Host+u.Path)
		assert.Equal(t, url.Values{"client_id": {clientID}, "request_uri": {"urn:ietf:params:oauth:request_uri:R1"}}, u.Query())
	}
	assert.Equal(t, 3, p.count("/par"), "one for each")

	free := newProvider(t)
	login, err = free.client(tr.config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	assert.NotContains(t, login.URL, "request_uri", "the twin, at a server that does not require it")
}

// P1: what is no pushed request begins no login.
func TestP1PushedReply(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	tr.config.MaxPushedLifetime = time.Minute
	for reply, want := range map[string]string{
		pushed:                      "",
		`{}`:                        "oauth: pushed authorization reply: request_uri is missing or empty",
		`{"request_uri":"urn:a:b"}`: "oauth: pushed authorization reply: expires_in is missing",
		`{"request_uri":"urn:a:b","expires_in":61}`: "oauth: pushed authorization reply: expires_in is 61 seconds, and MaxPushedLifetime is 1m0s",
	} {
		_, err := newPushProvider(t, http.StatusCreated, reply).client(tr.config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, want)
	}
	_, err := newPushProvider(t, http.StatusOK, pushed).client(tr.config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.EqualError(t, err, "oauth: pushed authorization reply: the status is 200, want 201 (from https://op.example/par)")
	_, err = newPushProvider(t, http.StatusBadRequest, `{"error":"invalid_scope"}`).client(tr.config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.InvalidScope)
}

// P2: a required push that is switched off, or has no endpoint. Nothing is pushed for a login that cannot be completed.
func TestP2RequiredAndOff(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	tr.config.PushedAuthorization = oauth.PushNever
	p := newPushProvider(t, http.StatusCreated, pushed)
	c := p.client(tr.config)
	_, begin := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	_, build := c.BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{})
	for _, err := range []error{begin, build} {
		require.EqualError(t, err, "oauth: the server's metadata has require_pushed_authorization_requests, and PushedAuthorization is PushNever")
	}
	_, err := newProvider(t).client(tr.config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err, "the twin, at a server that does not require it")

	tr.config.PushedAuthorization = oauth.PushAlways
	_, err = newProvider(t).client(tr.config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.DiscoveryMissing)
	require.ErrorIs(t, err, errors.ErrUnsupported)

	document := metadata()
	document["require_pushed_authorization_requests"] = true
	p.discover(document)
	_, err = p.client(tr.config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorContains(t, err, "the server's metadata has no pushed_authorization_request_endpoint")
	document["pushed_authorization_request_endpoint"], document["code_challenge_methods_supported"] = issuer+"/par", []string{"plain"}
	p.discover(document)
	_, err = p.client(tr.config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorContains(t, err, "code_challenge_methods_supported")
	assert.Zero(t, p.count("/par"))
}

// A mistake of the caller is told before discovery, and pushes nothing. So is one that comes after it.
func TestMistakeIsNotPushed(t *testing.T) {
	t.Parallel()
	tr := newTrial()
	tr.config.PushedAuthorization = oauth.PushAlways
	p := newPushProvider(t, http.StatusCreated, pushed)
	c := p.client(tr.config)
	for range 2 {
		for _, o := range []oidc.AuthorizeOptions{{Prompt: "none login"}, {RedirectURI: "x"}, {Claims: []byte("[]")}, {Resource: []string{"x"}}, {Extra: url.Values{"state": {"x"}}}} {
			before := p.total()
			_, err := c.BuildAuthorizeUrl(t.Context(), o)
			require.Error(t, err)
			_, err = c.BeginLogin(t.Context(), o)
			require.Error(t, err)
			assert.Equal(t, before, p.total())
		}
		_, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
	}
	assert.Equal(t, 2, p.count("/par"), "once for each login: the check before discovery pushes nothing")
}

// D8: a refreshed document without the endpoint does not replace one that had it, as long as requests must be pushed.
func TestD8MetadataRefreshThatLosesThePushEndpoint(t *testing.T) {
	t.Parallel()
	for _, when := range []struct{ required, always bool }{{true, false}, {false, true}, {false, false}} {
		aged(t, func(c *cell, wait func()) {
			if when.always {
				c.trial.config.PushedAuthorization = oauth.PushAlways
				c.client = c.provider.client(c.trial.config)
			}
			c.text("/par", http.StatusCreated, "application/json", pushed)
			document := metadata()
			document["pushed_authorization_request_endpoint"], document["require_pushed_authorization_requests"] = issuer+"/par", true
			c.discover(document)
			wait()
			assert.Equal(t, issuer+"/token", c.tokenEndpoint())
			lost := moved("/token2")
			lost["require_pushed_authorization_requests"] = when.required
			c.discover(lost)
			wait()
			if !when.required && !when.always {
				assert.Equal(t, issuer+"/token2", c.tokenEndpoint(), "nothing is pushed any more")
				return
			}
			assert.Equal(t, issuer+"/token", c.tokenEndpoint())
			_, err := c.client.Metadata(t.Context())
			require.EqualError(t, err, "oauth: discovery refused (missing): the refreshed document has no pushed_authorization_request_endpoint, which it had before")
		})
	}
}

func TestPushedSettings(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*oidc.Config){
		"":                                     func(c *oidc.Config) { c.Endpoints.PushedAuthorization = issuer + "/par" },
		"oauth: unknown PushedAuthorization 7": func(c *oidc.Config) { c.PushedAuthorization = 7 },
		"oauth: MaxPushedLifetime is negative": func(c *oidc.Config) { c.MaxPushedLifetime = -1 },
		"oauth: PushAlways and RequestObject.Host contradict each other: a pushed request must not have a request_uri (RFC 9126 §2.1)": func(c *oidc.Config) {
			c.PushedAuthorization = oauth.PushAlways
			c.RequestObject = &oauth.RequestObject{Keys: []oauth.SigningKey{{Alg: "RS256", Signer: keys()["rsa"]}}, Host: new(oauth.RequestObjectHost).Host}
		},
	} {
		c := newTrial().config
		change(&c)
		_, err := oidc.NewClient(c)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, want)
	}
	_, err := oidc.NewClient(oidc.Config{Issuer: issuer, Endpoints: oidc.Endpoints{PushedAuthorization: "http://op.example/par"}})
	require.ErrorContains(t, err, "oidc: Endpoints.PushedAuthorization must be an https URL")

	p, own := newProvider(t), newTrial().config
	p.text("/own", http.StatusCreated, "application/json", pushed)
	own.PushedAuthorization, own.Endpoints.PushedAuthorization = oauth.PushAlways, issuer+"/own"
	_, err = p.client(own).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Equal(t, 1, p.count("/own"), "the address of the configuration")
}
