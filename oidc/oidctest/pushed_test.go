package oidctest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// push pushes a request; pairs replace or, when empty, remove the usual parameters.
func (j *journey) push(pairs ...string) (int, map[string]any) {
	j.t.Helper()
	values := form("client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret, "redirect_uri", callbackURI,
		"response_type", "code", "state", "state-1", "scope", "openid profile", "nonce", "nonce-1")
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
		if pairs[i+1] == "" {
			values.Del(pairs[i])
		}
	}
	return j.post("/par", nil, values)
}

// pushedURL is the login link of a pushed request.
func (j *journey) pushedURL(client string, reply map[string]any, pairs ...string) string {
	values := form(append(pairs, "client_id", client, "request_uri", text(reply, "request_uri"))...)
	return j.url + "/auth?" + values.Encode()
}

// refusedPage asserts that nothing but an error page with this code comes.
func (j *journey) refusedPage(address, code, name string) {
	j.t.Helper()
	response, body := j.visit(address)
	assert.Equal(j.t, http.StatusBadRequest, response.StatusCode, name)
	assert.Contains(j.t, body, code, name)
}

func TestPushedRequests(t *testing.T) {
	t.Parallel()
	clock := newClock()
	j := start(t, &oidctest.Server{
		Realm: &idptest.Realm{Now: clock.now}, PushedLifetime: 90 * time.Second, MTLSBase: "https://mtls.example",
		Apps: []oidctest.App{{ClientID: "second", ClientSecret: "s"}},
	})
	_, document := j.get(openIDDocument, nil)
	assert.Equal(t, []any{j.url + "/par", false}, []any{document["pushed_authorization_request_endpoint"], document["require_pushed_authorization_requests"]})
	assert.Equal(t, "https://mtls.example/par", document["mtls_endpoint_aliases"].(map[string]any)["pushed_authorization_request_endpoint"])

	status, reply := j.push()
	require.Equal(t, http.StatusCreated, status, reply)
	assert.InDelta(t, 90, reply["expires_in"], 0)
	assert.True(t, strings.HasPrefix(text(reply, "request_uri"), "urn:ietf:params:oauth:request_uri:"))
	assert.Len(t, reply, 2)

	// Nothing of the address counts, and nobody else can use it or use it up.
	j.refusedPage(j.pushedURL("second", reply), "invalid_request_uri", "another application")
	j.refusedPage(j.pushedURL(oidctest.ClientID, reply, "request", "x"), "invalid_request", "a request object beside it")
	j.refusedPage(j.pushedURL(oidctest.ClientID, reply, "request_uri", text(reply, "request_uri")), "invalid_request", "twice")
	callback, err := j.idp.Login(t.Context(), j.pushedURL(oidctest.ClientID, reply, "state", "other", "redirect_uri", "https://attacker.example"), "")
	require.NoError(t, err)
	assert.Equal(t, callbackURI, strings.Split(callback.URL.String(), "?")[0])
	assert.Equal(t, "state-1", callback.URL.Query().Get("state"))
	status, tokens := j.redeem("/token", callback.URL.Query().Get("code"))
	granted(t, status, tokens)
	assert.Equal(t, "nonce-1", unverified(t, text(tokens, "id_token"))["nonce"])
	j.refusedPage(j.pushedURL(oidctest.ClientID, reply), "invalid_request_uri", "a second use")

	_, reply = j.push()
	clock.advance(89 * time.Second)
	_, err = j.idp.Login(t.Context(), j.pushedURL(oidctest.ClientID, reply), "")
	require.NoError(t, err, "just before the end")
	_, reply = j.push()
	clock.advance(90 * time.Second)
	j.refusedPage(j.pushedURL(oidctest.ClientID, reply), "invalid_request_uri", "too old")
}

func TestRefusedPushes(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{RedirectURIs: []string{callbackURI}, Apps: []oidctest.App{{ClientID: "public", TokenAuth: "none"}}})
	for _, c := range []struct {
		name   string
		pairs  []string
		status int
		code   any
	}{
		{"good", nil, 201, nil},
		{"a public client", []string{"client_id", "public", "client_secret", ""}, 201, nil},
		{"no secret", []string{"client_secret", ""}, 401, "invalid_client"},
		{"another secret", []string{"client_secret", "x"}, 401, "invalid_client"},
		{"request_uri", []string{"request_uri", "urn:ietf:params:oauth:request_uri:x"}, 400, "invalid_request"},
		{"another redirect URI", []string{"redirect_uri", callbackURI + "/x"}, 400, "invalid_request"},
		{"no redirect URI", []string{"redirect_uri", ""}, 400, "invalid_request"},
		{"response_type", []string{"response_type", "x"}, 400, "unsupported_response_type"},
		{"response_mode", []string{"response_mode", "x"}, 400, "invalid_request"},
		{"no scope", []string{"scope", ""}, 400, "invalid_request"},
		{"PKCE", []string{"code_challenge", "x"}, 400, "invalid_request"},
		{"a request object without keys", []string{"request", "x"}, 400, "request_not_supported"},
	} {
		status, reply := j.push(c.pairs...)
		assert.Equal(t, []any{c.status, c.code}, []any{status, reply["error"]}, c.name)
	}
	header := basic(oidctest.ClientID, oidctest.ClientSecret)
	values := form("redirect_uri", callbackURI, "response_type", "code", "scope", "openid")
	status, reply := j.post("/par", header, values)
	refused(t, status, reply, 400, "invalid_request")
	values.Set("client_id", oidctest.ClientID)
	status, _ = j.post("/par", header, values)
	assert.Equal(t, 201, status)
	values.Set("client_secret", oidctest.ClientSecret)
	status, _ = j.post("/par", nil, values)
	assert.Equal(t, 201, status)
	values.Add("client_secret", "x")
	status, reply = j.post("/par", nil, values)
	refused(t, status, reply, 400, "invalid_request") // it is repeated
	status, reply = j.post("/par", nil, form("client_id", "nobody"))
	refused(t, status, reply, 401, "invalid_client")
	response, _ := j.visit(j.url + "/par")
	assert.Equal(t, http.StatusMethodNotAllowed, response.StatusCode)
	// The same of OAuth 2.0, which needs no scope.
	status, reply = j.post("/oauth/par", nil, form("client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret, "redirect_uri", callbackURI, "response_type", "code", "state", "s"))
	require.Equal(t, 201, status, reply)
	callback, err := j.oauth.Login(t.Context(), j.url+"/oauth/auth?"+form("client_id", oidctest.ClientID, "request_uri", text(reply, "request_uri")).Encode(), "")
	require.NoError(t, err)
	assert.Equal(t, "s", callback.URL.Query().Get("state"))
}

func TestPushesAreRequired(t *testing.T) {
	t.Parallel()
	for _, whole := range []bool{true, false} {
		j := start(t, &oidctest.Server{
			RequirePushedAuthorizationRequests: whole,
			Apps:                               []oidctest.App{{ClientID: "must", ClientSecret: "s", TokenAuth: "client_secret_post", RequirePushedAuthorizationRequests: true}},
		})
		_, document := j.get(openIDDocument, nil)
		assert.Equal(t, whole, document["require_pushed_authorization_requests"])
		j.refusedPage(j.authURL("/auth", "client_id", "must"), "must be pushed", "the application must push")
		status, reply := j.push("client_id", "must", "client_secret", "s")
		require.Equal(t, 201, status, reply)
		_, err := j.idp.Login(t.Context(), j.pushedURL("must", reply), "")
		require.NoError(t, err)
		if whole {
			j.refusedPage(j.authURL("/auth"), "must be pushed", "everyone must push")
			continue
		}
		assert.NotEmpty(t, j.login("/auth").Get("code"))
	}
}

func TestPushedRequestObjects(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{JWKS: appKeys(t), Apps: []oidctest.App{{
		ClientID: "must", ClientSecret: "s", TokenAuth: "client_secret_post", JWKS: appKeys(t), RequestObjectAlg: "PS256",
	}}})
	push := func(client, secret string, pairs ...string) (int, map[string]any) {
		return j.post("/par", nil, form(append(pairs, "client_id", client, "client_secret", secret)...))
	}
	object := func(client, alg string, pairs ...any) string {
		return signJWT(t, alg, signingKey(), map[string]any{"kid": "app"}, objectClaims(j.url, client, append([]any{"state", "inside"}, pairs...)...))
	}
	for _, c := range []struct {
		name, client, secret string
		pairs                []string
		code                 any
	}{
		{"good", oidctest.ClientID, oidctest.ClientSecret, []string{"request", object(oidctest.ClientID, "RS256")}, nil},
		{"good, of one who must", "must", "s", []string{"request", object("must", "PS256")}, nil},
		{"none, of one who must", "must", "s", []string{"redirect_uri", callbackURI, "response_type", "code", "scope", "openid"}, "invalid_request"},
		{"another algorithm", "must", "s", []string{"request", object("must", "RS256")}, "invalid_request_object"},
		{"of another client", "must", "s", []string{"request", object(oidctest.ClientID, "PS256")}, "invalid_request_object"},
		{"a parameter beside it", "must", "s", []string{"request", object("must", "PS256"), "state", "x"}, "invalid_request"},
		{"an address inside it", "must", "s", []string{"request", object("must", "PS256", "request_uri", "https://x")}, "invalid_request_object"},
	} {
		status, reply := push(c.client, c.secret, c.pairs...)
		require.Equal(t, c.code, reply["error"], c.name)
		if c.code != nil {
			assert.Equal(t, 400, status, c.name)
			continue
		}
		callback, err := j.idp.Login(t.Context(), j.pushedURL(c.client, reply), "")
		require.NoError(t, err, c.name)
		assert.Equal(t, "inside", callback.URL.Query().Get("state"), c.name)
	}
}

// RFC 9449 §10.1: the code of a push with a proof is for its key; a nonce is demanded there, too.
func TestPushedProofs(t *testing.T) {
	t.Parallel()
	p := newProver(t, &oidctest.Server{DPoPNonce: time.Hour})
	push := func(proof string, pairs ...string) answer {
		header := http.Header{"DPoP": {proof}}
		if proof == "" {
			header = nil
		}
		return p.send(http.MethodPost, "/par", header, append(pairs, "client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret,
			"redirect_uri", callbackURI, "response_type", "code", "scope", "openid")...)
	}
	at := func(pairs ...any) string { return p.proof(append(pairs, "htu", p.url+"/par")...) }
	first := push(at())
	assert.Equal(t, []any{400, "use_dpop_nonce"}, []any{first.status, first.code()})
	require.NotEmpty(t, first.nonce)
	assert.Equal(t, "invalid_dpop_proof", push(p.proof("nonce", first.nonce)).code(), "of another endpoint")
	assert.Equal(t, "invalid_dpop_proof", push(at("nonce", first.nonce), "dpop_jkt", "another").code())
	for _, good := range []answer{
		push(at("nonce", first.nonce)), push(at("nonce", first.nonce), "dpop_jkt", p.jkt()), push("", "dpop_jkt", p.jkt()),
	} {
		require.Equal(t, 201, good.status, good.reply)
		callback, err := p.idp.Login(t.Context(), p.url+"/auth?"+url.Values{"client_id": {oidctest.ClientID}, "request_uri": {text(good.reply, "request_uri")}}.Encode(), "")
		require.NoError(t, err)
		redeem := func(key *prover) answer {
			return p.send(http.MethodPost, "/token", http.Header{"DPoP": {key.proof("nonce", first.nonce)}}, "grant_type", "authorization_code",
				"code", callback.URL.Query().Get("code"), "redirect_uri", callbackURI, "client_id", oidctest.ClientID, "client_secret", oidctest.ClientSecret)
		}
		assert.Equal(t, "invalid_grant", redeem(&prover{p.T, p.idp, p.url, ecKey(t)}).code())
		assert.Equal(t, 200, redeem(p).status)
	}
}

func TestHostilePushes(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	for fault, wrong := range map[idptest.Fault]func(int, map[string]any) bool{
		oidctest.MissingRequestURI:   func(_ int, r map[string]any) bool { return r["request_uri"] == nil && r["expires_in"] != nil },
		oidctest.MissingPushedExpiry: func(_ int, r map[string]any) bool { return r["expires_in"] == nil && r["request_uri"] != nil },
		oidctest.LongPushedExpiry:    func(_ int, r map[string]any) bool { return r["expires_in"].(float64) >= 600 },
		oidctest.PushedStatusOK:      func(status int, _ map[string]any) bool { return status == 200 },
	} {
		for _, on := range []idptest.Fault{fault, fault.For(oidctest.ClientID)} {
			assert.False(t, wrong(j.push()), "the twin of %s", fault)
			j.idp.Break(on)
			assert.True(t, wrong(j.push()), "%s", fault)
			j.idp.Break(fault.For("another"))
			assert.False(t, wrong(j.push()), "%s of another application", fault)
			j.idp.Break()
		}
	}
}

// Of many browsers that bring one request_uri at once, one gets a login page.
func TestPushedRequestIsUsedOnce(t *testing.T) {
	t.Parallel()
	j := start(t, &oidctest.Server{})
	_, reply := j.push()
	address := j.pushedURL(oidctest.ClientID, reply)
	statuses := make([]int, 30)
	var all sync.WaitGroup
	for i := range statuses {
		all.Go(func() {
			recorder := httptest.NewRecorder()
			j.idp.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, strings.TrimPrefix(address, j.url), nil))
			statuses[i] = recorder.Code
		})
	}
	all.Wait()
	refused := slices.DeleteFunc(statuses, func(status int) bool { return status < 400 })
	assert.Len(t, refused, 29)
}
