package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// From the first 401 to an answer: one login, with a client ID metadata document, PKCE and the resource.
func TestResourceClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bearer += `, scope="files:read"`
	c := w.client()
	_, err := c.Token(t.Context())
	require.ErrorIs(t, err, oauth.ErrLoginAgain)
	w.works(c)
	w.works(c)
	require.Len(t, w.logins, 1)
	require.Len(t, w.grants, 1)
	login, grant := w.logins[0], w.grants[0]
	assert.Equal(t, []string{documentURL, mcp, "files:read", "S256", loopback},
		[]string{login.Get("client_id"), login.Get("resource"), login.Get("scope"), login.Get("code_challenge_method"), login.Get("redirect_uri")})
	assert.Equal(t, []string{documentURL, mcp, ""}, []string{grant.Get("client_id"), grant.Get("resource"), grant.Get("client_secret")})
	assert.Equal(t, []string{"GET " + mcpDocument, "GET " + server + oauthDocument}, w.calls)
	assert.Empty(t, w.clients, "a document comes before a registration")
	token, err := c.Token(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "AT1", token.AccessToken)
}

// Without a scope in the challenge those of the metadata are asked for, and none when there are none.
func TestResourceScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.works(w.client())
	assert.Equal(t, "files:read files:list", w.logins[0].Get("scope"))

	w = newWorld(t)
	w.need = nil
	delete(w.metadata, "scopes_supported")
	w.works(w.client())
	assert.False(t, w.logins[0].Has("scope"))

	w = newWorld(t)
	w.cfg.Scope, w.cfg.Extra, w.cfg.AuthorizationDetails = "offline_access", url.Values{"prompt": {"consent"}}, []byte(`[{"type":"files"}]`)
	w.cfg.AllowScope = func(scope string) bool { return scope != "files:list" }
	c := w.client()
	clear(w.cfg.AuthorizationDetails) // the caller uses the bytes for something else
	w.works(c)
	assert.Equal(t, "offline_access files:read", w.logins[0].Get("scope"))
	assert.Equal(t, "consent", w.logins[0].Get("prompt"))
	assert.Equal(t, `[{"type":"files"}]`, w.logins[0].Get("authorization_details"))
}

// At a 403 the scopes are united, and a demand for what was asked for is no second login.
func TestResourceInsufficientScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client()
	w.works(c)
	w.need = []string{"files:write"}
	w.works(c)
	require.Len(t, w.logins, 2)
	assert.Equal(t, "files:read files:list files:write", w.logins[1].Get("scope"))
	w.need = []string{"files:read", "files:write"}
	w.works(c)
	require.Len(t, w.logins, 2)

	w.tokens["AT2"] = "" // the server granted less than was asked for
	err := w.fails(c)
	require.ErrorIs(t, err, oauth.InsufficientScope)
	var refused *oauth.Error
	require.ErrorAs(t, err, &refused)
	assert.Equal(t, oauth.Error{StatusCode: http.StatusForbidden, Code: oauth.InsufficientScope, Endpoint: mcp}, *refused)
	require.Len(t, w.logins, 2)

	w.need = []string{"files:admin"}
	w.cfg.AllowScope = func(scope string) bool { return scope != "files:admin" }
	c = w.client()
	res, err := w.call(c, mcp)
	require.NoError(t, err)
	assert.Equal(t, http.StatusForbidden, res.StatusCode, "the login asked for what the metadata names, and the request is sent again once")
	require.ErrorIs(t, w.fails(c), oauth.InsufficientScope, "the application does not allow it")
	require.Len(t, w.logins, 3)
}

// Some servers write a 401 for a missing scope.
func TestResourceScopeThatIsMissingWith401(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for code, want := range map[string]bool{"insufficient_scope": true, "invalid_token": true, "invalid_request": false} {
		res := &http.Response{
			StatusCode: http.StatusUnauthorized, Header: http.Header{"Www-Authenticate": {`Bearer error="` + code + `", ` + w.bearer}},
			Request: httptest.NewRequest(http.MethodPost, mcp, nil),
		}
		assert.Equal(t, want, w.client().Demands(res), code)
	}
}

// What no login mends is the answer: it is not touched.
func TestResourceAnswersThatStay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status    int
		challenge string
	}{
		"403 without a code":            {http.StatusForbidden, "Bearer"},
		"403 with another code":         {http.StatusForbidden, `Bearer error="access_denied"`},
		"403 with another scheme":       {http.StatusForbidden, `Basic error="insufficient_scope"`},
		"401 for a stronger login":      {http.StatusUnauthorized, `Bearer error="insufficient_user_authentication"`},
		"500":                           {http.StatusInternalServerError, `Bearer error="invalid_token"`},
		"400 for a malformed challenge": {http.StatusBadRequest, `Bearer scope="`},
	} {
		w := newWorld(t)
		w.mock.RegisterResponder(http.MethodPost, mcp, func(r *http.Request) (*http.Response, error) {
			res := httpmock.NewStringResponse(c.status, "")
			res.Header.Set("WWW-Authenticate", c.challenge)
			return res, nil
		})
		client := w.client()
		res, err := w.call(client, mcp)
		require.NoError(t, err, name)
		assert.Equal(t, c.status, res.StatusCode, name)
		assert.False(t, client.Demands(res), name)
		var refused *oauth.Error
		require.ErrorAs(t, client.Authorize(t.Context(), res), &refused, name)
		assert.Equal(t, c.status, refused.StatusCode, name)
		assert.Empty(t, w.logins, name)
	}
}

// The body is sent again, or the answer is the result.
func TestResourceBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, mcp, strings.NewReader(`{"method":"ping"}`))
	require.NoError(t, err)
	r.GetBody = nil
	res, err := c.RoundTrip(r)
	require.NoError(t, err)
	assert.Equal(t, http.StatusUnauthorized, res.StatusCode)
	assert.True(t, c.Demands(res))
	require.NoError(t, c.Authorize(t.Context(), res))
	w.works(c)
	assert.Len(t, w.logins, 1)

	w = newWorld(t)
	w.cfg.Login = nil
	res, err = w.call(w.client(), mcp)
	require.NoError(t, err)
	assert.Equal(t, http.StatusUnauthorized, res.StatusCode)
	require.EqualError(t, w.client().Authorize(t.Context(), res), "oauth: ResourceConfig.Login is not set")
}

// The token goes to the API and below it alone.
func TestResourceTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client()
	w.works(c)
	for _, address := range []string{mcp, mcp + "/", mcp + "/tools?x=1", "HTTPS://MCP.example.com:443/mcp"} {
		res, err := w.call(c, address)
		require.NoError(t, err, address)
		assert.Equal(t, http.StatusOK, res.StatusCode, address)
	}
	for _, address := range []string{
		"https://mcp.example.com/", "https://mcp.example.com/mcpx", "https://mcp.example.com/mcp/../other", "https://mcp.example.com/mcp/%2e%2e/other",
		"http://mcp.example.com/mcp", "https://mcp.example.com:8443/mcp", "https://mcp.example.com.attacker.example/mcp", "https://u:p@mcp.example.com/mcp",
	} {
		_, err := w.call(c, address)
		require.ErrorContains(t, err, "oauth: ", address)
	}
	_, err := c.RoundTrip(&http.Request{Method: http.MethodPost})
	require.ErrorContains(t, err, "oauth: ", "no address")
	assert.Empty(t, w.calls[2:])
	assert.Len(t, w.logins, 1)

	// A redirect to another server must not choose who logs the user in.
	elsewhere := httptest.NewRequest(http.MethodGet, "https://attacker.example/mcp", nil)
	err = c.Authorize(t.Context(), &http.Response{StatusCode: http.StatusUnauthorized, Request: elsewhere})
	require.ErrorIs(t, err, oauth.DiscoveryResource)
	for _, res := range []*http.Response{nil, {StatusCode: http.StatusUnauthorized}} {
		require.EqualError(t, c.Authorize(t.Context(), res), "oauth: the response is nil, or has no Request")
	}
}

// A token is refreshed before its end, and after a 401; then comes the user.
func TestResourceRefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.client()
		w.works(c)
		time.Sleep(time.Hour - 30*time.Second)
		w.works(c)
		require.Len(t, w.grants, 2)
		assert.Equal(t, []string{"refresh_token", mcp, documentURL}, []string{w.grants[1].Get("grant_type"), w.grants[1].Get("resource"), w.grants[1].Get("client_id")})
		delete(w.tokens, "AT2") // revoked
		time.Sleep(time.Minute)
		w.works(c)
		require.Len(t, w.grants, 3)
		require.Len(t, w.logins, 1)

		clear(w.tokens)
		time.Sleep(time.Minute)
		w.works(c)
		require.Len(t, w.logins, 2)

		clear(w.tokens)
		time.Sleep(2 * time.Hour)
		w.works(c)
		require.Len(t, w.logins, 3, "an expired token is not sent")

		w.refused = true
		var refused *oauth.Error
		require.ErrorAs(t, w.fails(c), &refused, "a new token is not replaced")
		assert.Equal(t, oauth.InvalidToken, refused.Code)
		assert.NotContains(t, refused.Error(), "AT")
		require.Len(t, w.logins, 3)
		time.Sleep(time.Minute)
		w.refused, w.refresh = false, false
		w.works(c)
		require.Len(t, w.logins, 3)
		clear(w.tokens)
		time.Sleep(time.Minute)
		w.works(c)
		require.Len(t, w.logins, 4)
	})
}

// An API that refuses a refreshed token too, for example because it has another server now, leads to a login.
func TestResourceRefreshedTokenIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.stale = true
		c := w.client()
		w.works(c)
		delete(w.tokens, "AT1")
		time.Sleep(time.Minute)
		res, err := w.call(c, mcp)
		require.NoError(t, err)
		assert.Equal(t, http.StatusUnauthorized, res.StatusCode)
		require.Len(t, w.logins, 1)
		time.Sleep(time.Hour / 2)
		w.works(c)
		require.Len(t, w.logins, 2)
		require.Len(t, w.grants, 3)
	})
}

// An outage of the server is no reason to ask the user.
func TestResourceRefreshDuringAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		c := w.client()
		w.works(c)
		w.mock.RegisterResponder(http.MethodPost, server+"/token", httpmock.NewStringResponder(http.StatusServiceUnavailable, ""))
		time.Sleep(time.Hour - 30*time.Second)
		w.works(c)
		time.Sleep(time.Minute)
		require.ErrorContains(t, w.fails(c), "status 503")
		require.Len(t, w.logins, 1)
		w.mock.RegisterResponder(http.MethodPost, server+"/token", w.token)
		w.works(c)
		require.Len(t, w.logins, 1)
	})
}

// Many callers, one login.
func TestResourceOneLogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			res, err := w.call(c, mcp)
			if assert.NoError(t, err) {
				assert.Equal(t, http.StatusOK, res.StatusCode)
			}
		})
	}
	all.Wait()
	assert.Len(t, w.logins, 1)
	assert.Len(t, w.grants, 1)

	w = newWorld(t)
	entered := make(chan struct{})
	w.cfg.Login = func(ctx context.Context, _ *oauth.Login) (*http.Request, error) {
		close(entered)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	c = w.client()
	ctx, cancel := context.WithCancel(t.Context())
	all.Go(func() {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, mcp, strings.NewReader(`{"method":"ping"}`))
		if assert.NoError(t, err) {
			_, err = (&http.Client{Transport: c}).Do(r)
			assert.ErrorIs(t, err, context.Canceled)
		}
	})
	<-entered
	short, stop := context.WithCancel(t.Context())
	stop()
	err := c.Authorize(short, &http.Response{StatusCode: http.StatusUnauthorized, Request: httptest.NewRequest(http.MethodPost, mcp, nil)})
	require.ErrorIs(t, err, context.Canceled)
	cancel()
	all.Wait()
}

// A web application sends its user away and completes the login later, also in another process.
func TestResourceLoginInTwoSteps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cfg.Login = nil
	store := &kept{}
	w.cfg.Store = store
	first := w.client()
	res, err := w.call(first, mcp)
	require.NoError(t, err)
	login, err := first.BeginLogin(t.Context(), res)
	require.NoError(t, err)
	stored, err := json.Marshal(login)
	require.NoError(t, err)
	back, err := w.login(t.Context(), login)
	require.NoError(t, err)

	second := w.client()
	again := new(oauth.Login)
	require.NoError(t, json.Unmarshal(stored, again))
	for name, spoil := range map[string]func(*oauth.Login){
		"another issuer":   func(l *oauth.Login) { l.Issuer = "https://attacker.example" },
		"another resource": func(l *oauth.Login) { l.Resource = []string{"https://attacker.example"} },
		"no resource":      func(l *oauth.Login) { l.Resource = nil },
		"another client":   func(l *oauth.Login) { l.ClientID = "other" },
	} {
		other := *again
		spoil(&other)
		_, err = second.CompleteLogin(t.Context(), &other, back)
		require.ErrorIs(t, err, oauth.CheckLogin, name)
	}
	_, err = second.CompleteLogin(t.Context(), nil, back)
	require.ErrorIs(t, err, oauth.CheckLogin)
	foreign := back.Clone(t.Context())
	foreign.URL.RawQuery = strings.Replace(foreign.URL.RawQuery, url.QueryEscape(server), "https%3A%2F%2Fattacker.example", 1)
	_, err = second.CompleteLogin(t.Context(), again, foreign)
	require.ErrorIs(t, err, oauth.CheckIssuer)
	require.Empty(t, w.grants)

	token, err := second.CompleteLogin(t.Context(), again, back)
	require.NoError(t, err)
	assert.Equal(t, "AT1", token.AccessToken)
	w.works(second)
	w.works(w.client())
	assert.Len(t, w.logins, 1)
}

// What the store has is used again, and what does not fit is not.
func TestResourceStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &kept{}
	w.cfg.Store = store
	w.works(w.client())
	w.works(w.client())
	require.Len(t, w.logins, 1)
	w.cfg.AllowIssuer = func(issuer string) bool { return issuer == "https://new.example.com" }
	_, err := w.client().Token(t.Context())
	require.ErrorIs(t, err, oauth.ErrLoginAgain, "the application does not allow that server any more")
	w.cfg.AllowIssuer = func(string) bool { return true }
	w.cfg.Client.ClientID = "https://client.example.com/other.json"
	c := w.client()
	w.works(c)
	delete(w.tokens, "AT1")
	w.works(c)
	assert.Len(t, w.logins, 2, "a refresh token is of one client")
	store.text["token "+mcp] = []byte(`{"issuer":"` + server + `","resource":["` + mcp + `"],"token":{"access_token":"AT1","token_type":"DPoP"}}`)
	w.works(w.client())
	assert.Len(t, w.logins, 3, "a token of another type cannot be sent")
	store.text["token "+mcp] = []byte("{")
	w.works(w.client())
	assert.Len(t, w.logins, 4)

	store.err = errors.New("the disk is full")
	err = w.fails(w.client())
	require.ErrorIs(t, err, store.err)
	require.ErrorContains(t, err, "oauth: ResourceConfig.Store: ")
	c = w.client()
	store.err = nil
	_, err = c.Token(t.Context())
	require.NoError(t, err)
	store.err = errors.New("the disk is full")
	clear(w.tokens)
	require.ErrorIs(t, w.fails(c), store.err, "the new token could not be kept")
	store.err = nil
	w.works(c)
	assert.Len(t, w.logins, 5)
}

// kept is a ResourceStore.
type kept struct {
	mu   sync.Mutex
	text map[string][]byte
	err  error
}

func (k *kept) Load(_ context.Context, key string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.text[key], k.err
}

func (k *kept) Save(_ context.Context, key string, value []byte) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err == nil {
		if k.text == nil {
			k.text = map[string][]byte{}
		}
		k.text[key] = value
	}
	return k.err
}
