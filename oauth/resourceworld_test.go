package oauth_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const (
	mcp         = "https://mcp.example.com/mcp"
	mcpDocument = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"
	documentURL = "https://client.example.com/client.json"
	loopback    = "http://127.0.0.1:7000/callback"
)

// world is an API, its authorization server and a user, on one transport.
type world struct {
	t    *testing.T
	mock *httpmock.MockTransport
	cfg  oauth.ResourceConfig

	metadata map[string]any // of the API
	server   map[string]any // of the authorization server
	need     []string       // the scopes of the API
	bearer   string         // the challenge's other parameters
	expires  int
	refresh  bool
	refused  bool // the API refuses every token
	stale    bool // the API does not know refreshed tokens

	mu      sync.Mutex
	tokens  map[string]string // the scope of each token, and "refresh" of refresh tokens
	calls   []string          // requests other than to the API
	logins  []url.Values      // authorization requests
	grants  []url.Values      // token requests
	clients []string          // bodies of registrations
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, mock: httpmock.NewMockTransport(), tokens: map[string]string{}, need: []string{"files:read"}, expires: 3600, refresh: true,
		metadata: map[string]any{"resource": mcp, "authorization_servers": []string{server}, "scopes_supported": []string{"files:read", "files:list"}},
		server: described(map[string]any{
			"code_challenge_methods_supported": []string{"S256"}, "client_id_metadata_document_supported": true,
			"registration_endpoint": registerURI, "authorization_response_iss_parameter_supported": true,
		}),
		bearer: `resource_metadata="` + mcpDocument + `"`,
	}
	w.cfg = oauth.ResourceConfig{
		Resource: mcp, AllowIssuer: func(issuer string) bool { return issuer == server }, Base: w.mock, Login: w.login,
		Client: oauth.Config{ClientID: documentURL, RedirectURI: loopback, HTTPClient: &http.Client{Transport: w.mock}},
	}
	w.mock.RegisterResponder(http.MethodPost, "=~(?i)^https://mcp.example.com(:443)?/mcp", w.api)
	w.mock.RegisterResponder(http.MethodGet, mcpDocument, w.document(&w.metadata))
	w.mock.RegisterResponder(http.MethodGet, server+oauthDocument, w.document(&w.server))
	w.mock.RegisterResponder(http.MethodPost, server+"/token", w.token)
	w.mock.RegisterResponder(http.MethodPost, registerURI, w.register)
	w.mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		w.note(r)
		return httpmock.NewStringResponse(http.StatusNotFound, ""), nil
	})
	return w
}

func (w *world) note(r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls = append(w.calls, r.Method+" "+r.URL.String())
}

func (w *world) client() *oauth.ResourceClient {
	w.t.Helper()
	c, err := oauth.NewResourceClient(w.cfg)
	require.NoError(w.t, err)
	return c
}

// call sends one request to the API.
func (w *world) call(c *oauth.ResourceClient, address string) (*http.Response, error) {
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, address, strings.NewReader(`{"method":"ping"}`))
	require.NoError(w.t, err)
	return (&http.Client{Transport: c}).Do(r)
}

// fails calls the API, and returns why that failed.
func (w *world) fails(c *oauth.ResourceClient) error {
	w.t.Helper()
	res, err := w.call(c, mcp)
	require.Error(w.t, err)
	require.Nil(w.t, res)
	return err
}

// works calls the API with success.
func (w *world) works(c *oauth.ResourceClient) {
	w.t.Helper()
	res, err := w.call(c, mcp)
	require.NoError(w.t, err)
	require.Equal(w.t, http.StatusOK, res.StatusCode)
}

// api answers as an API that guards itself (RFC 6750 §3).
func (w *world) api(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil || string(body) != `{"method":"ping"}` {
		return nil, fmt.Errorf("the body is %q: %w", body, err)
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	scope, known := w.tokens[token]
	status, challenge := http.StatusOK, ""
	switch {
	case token == "":
		status, challenge = http.StatusUnauthorized, "Bearer "+w.bearer
	case !known || scope == "refresh" || w.refused:
		status, challenge = http.StatusUnauthorized, `Bearer error="invalid_token", `+w.bearer
	case !covers(scope, w.need):
		status, challenge = http.StatusForbidden, `Bearer error="insufficient_scope", scope="`+strings.Join(w.need, " ")+`", `+w.bearer
	}
	res := httpmock.NewStringResponse(status, "{}")
	res.Request = r
	if challenge != "" {
		res.Header.Set("WWW-Authenticate", challenge)
	}
	return res, nil
}

func covers(scope string, need []string) bool {
	return !slices.ContainsFunc(need, func(word string) bool { return !slices.Contains(strings.Fields(scope), word) })
}

func (w *world) document(d *map[string]any) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		w.note(r)
		return httpmock.NewJsonResponse(http.StatusOK, *d)
	}
}

// login is the user, who agrees.
func (w *world) login(_ context.Context, login *oauth.Login) (*http.Request, error) {
	u, err := url.Parse(login.URL)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.logins = append(w.logins, u.Query())
	w.mu.Unlock()
	back := url.Values{"code": {u.Query().Get("scope")}, "state": {login.State}, "iss": {server}}
	if back.Get("code") == "" {
		back.Set("code", "none")
	}
	return http.NewRequest(http.MethodGet, login.RedirectURI+"?"+back.Encode(), nil)
}

// token issues a token for the scope, which the code is, too.
func (w *world) token(r *http.Request) (*http.Response, error) {
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.grants = append(w.grants, r.PostForm)
	scope := r.PostForm.Get("code")
	if old := r.PostForm.Get("refresh_token"); old != "" {
		if w.tokens[old] != "refresh" {
			return httpmock.NewStringResponse(http.StatusBadRequest, `{"error":"invalid_grant"}`), nil
		}
		scope = strings.SplitN(old, "/", 2)[1]
		delete(w.tokens, old)
	}
	n := len(w.grants)
	reply := map[string]any{"access_token": fmt.Sprint("AT", n), "token_type": "Bearer", "expires_in": w.expires, "scope": scope}
	if !w.stale || r.PostForm.Get("refresh_token") == "" {
		w.tokens[fmt.Sprint("AT", n)] = scope
	}
	if w.refresh {
		value := fmt.Sprint("RT", n, "/", scope)
		reply["refresh_token"], w.tokens[value] = value, "refresh"
	}
	return httpmock.NewJsonResponse(http.StatusOK, reply)
}

// register registers what it gets, as C1, C2 and so on.
func (w *world) register(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.clients = append(w.clients, string(body))
	var reply map[string]any
	if err := json.Unmarshal(body, &reply); err != nil {
		return nil, err
	}
	if method, _ := reply["token_endpoint_auth_method"].(string); strings.HasPrefix(method, "client_secret_") {
		reply["client_secret"], reply["client_secret_expires_at"] = "s3cr3t-client", 0
	}
	reply["client_id"] = fmt.Sprint("C", len(w.clients))
	return httpmock.NewJsonResponse(http.StatusCreated, reply)
}
