package oidc_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// provider is an OpenID Provider with fixed replies. An unexpected request fails the test.
type provider struct {
	t    testing.TB
	mock *httpmock.MockTransport

	mu      sync.Mutex
	replies map[string]httpmock.Responder // by path
	counts  map[string]int
	last    map[string]*http.Request
	bodies  map[string]string
}

func newProvider(t testing.TB) *provider {
	t.Helper()
	p := &provider{
		t: t, mock: httpmock.NewMockTransport(), replies: map[string]httpmock.Responder{}, counts: map[string]int{},
		last: map[string]*http.Request{}, bodies: map[string]string{},
	}
	p.mock.RegisterNoResponder(p.answer)
	p.discover(metadata())
	p.text("/.well-known/oauth-authorization-server", http.StatusNotFound, "text/plain", "")
	p.publish(jwk("rsa"))
	return p
}

func (p *provider) answer(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(text)
	}
	p.mu.Lock()
	path := r.URL.Path
	respond := p.replies[path]
	p.counts[path]++
	p.last[path], p.bodies[path] = r, body
	p.mu.Unlock()
	if respond == nil || r.URL.Host != "op.example" {
		p.t.Errorf("unexpected %s %s", r.Method, r.URL)
		return nil, errors.New("no reply for this request")
	}
	return respond(r)
}

// on sets the reply of a path; it may be changed at any time.
func (p *provider) on(path string, r httpmock.Responder) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.replies[path] = r
}

func (p *provider) replyOf(path string) httpmock.Responder {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.replies[path]
}

// serve makes a path answer 200 with JSON.
func (p *provider) serve(path string, body any) {
	p.on(path, httpmock.NewJsonResponderOrPanic(http.StatusOK, body))
}

func (p *provider) text(path string, status int, contentType, body string) {
	p.on(path, func(*http.Request) (*http.Response, error) {
		res := httpmock.NewStringResponse(status, body)
		res.Header.Set("Content-Type", contentType)
		return res, nil
	})
}

func (p *provider) discover(document map[string]any) {
	p.serve("/.well-known/openid-configuration", document)
}

func (p *provider) publish(members ...any) { p.serve("/jwks", map[string]any{"keys": members}) }

// count is the number of requests for a path.
func (p *provider) count(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts[path]
}

// total is the number of requests of any kind.
func (p *provider) total() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for _, c := range p.counts {
		n += c
	}
	return n
}

// form is the body of the last request to a path.
func (p *provider) form(path string) url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	form, err := url.ParseQuery(p.bodies[path])
	require.NoError(p.t, err)
	return form
}

func (p *provider) request(path string) *http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last[path]
}

func (p *provider) client(c oidc.Config) *oidc.Client {
	p.t.Helper()
	c.HTTPClient = &http.Client{Transport: p.mock}
	client, err := oidc.NewClient(c)
	require.NoError(p.t, err)
	return client
}

func metadata() map[string]any {
	return map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
		"userinfo_endpoint": issuer + "/me", "jwks_uri": issuer + "/jwks", "end_session_endpoint": issuer + "/logout",
		"introspection_endpoint": issuer + "/introspect", "revocation_endpoint": issuer + "/revoke",
		"id_token_signing_alg_values_supported": []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"},
	}
}

// login does a login whose token reply has the trial's ID token. more is added to the callback's
// parameters.
func (p *provider) login(c *oidc.Client, tr *trial, more string) (*oidc.Result, error) {
	p.t.Helper()
	login, err := c.BeginLogin(p.t.Context(), tr.ask)
	require.NoError(p.t, err)
	p.answerCode(tr, login)
	return c.CompleteLogin(p.t.Context(), login, callback(login, tr.answer(p.t, login).Encode()+more))
}

// answerCode sets the token reply for the code of login.
func (p *provider) answerCode(tr *trial, login *oidc.Login) {
	p.t.Helper()
	reply := map[string]any{}
	for k, v := range tr.reply {
		reply[k] = v
	}
	if tr.claims["nonce"] == sentNonce {
		tr.claims["nonce"] = login.Nonce
	}
	tr.payload = strings.ReplaceAll(tr.payload, sentNonce, login.Nonce)
	if _, taken := reply["id_token"]; !taken {
		reply["id_token"] = tr.token(p.t)
	}
	p.serve("/token", reply)
}

// callback is the browser's request with these parameters, in the response mode of the login. For fragment it is the
// POST of the page at the redirect URI.
func callback(login *oidc.Login, params string) *http.Request {
	posted := slices.Contains([]oauth.ResponseMode{"form_post", "fragment", "form_post.jwt", "fragment.jwt"}, login.ResponseMode)
	if !posted && (login.ResponseMode != oauth.ResponseModeJWT || login.ResponseType == oauth.ResponseTypeCode) {
		return httptest.NewRequest(http.MethodGet, login.RedirectURI+"?"+params, nil)
	}
	r := httptest.NewRequest(http.MethodPost, login.RedirectURI, strings.NewReader(params))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// handler is a transport that calls an http.Handler directly.
type handler struct{ http.Handler }

func (h handler) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	in := r.Clone(r.Context())
	in.RequestURI, in.Host = "", r.URL.Host
	if in.Body == nil {
		in.Body = http.NoBody
	}
	h.ServeHTTP(recorder, in)
	res := recorder.Result()
	res.Request = r
	return res, nil
}

func mustJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// replay is a Replay in a map.
type replay struct {
	mu   sync.Mutex
	seen map[string]bool
}

func (r *replay) First(_ context.Context, key string, _ time.Time) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := !r.seen[key]
	r.seen[key] = true
	return first, nil
}
