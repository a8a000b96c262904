package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demo"
	"github.com/seed6e7d3bb2/authing-go/examples/internal/demotest"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

func TestMain(m *testing.M) { demotest.Main(m) }

// app is the API alone.
func app(d *demo.Demo) (http.Handler, error) {
	api, _, err := newAPI(d)
	return api, err
}

// start serves the API with these variables, and returns the machine.
func start(t *testing.T, env ...string) *machine {
	t.Helper()
	var m *machine
	demotest.Start(t, func(d *demo.Demo) (api http.Handler, err error) {
		api, m, err = newAPI(d)
		return api, err
	}, env...)
	return m
}

// elsewhere is start with a server that the environment names. Its tokens are for the API.
func elsewhere(t *testing.T, idp *oidctest.Server, env ...string) *machine {
	t.Helper()
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	idp.Scopes = []string{"openid", "offline_access", readOrders}
	m := start(t, append(env, "OIDC_ISSUER="+server.URL, "OIDC_CLIENT_ID="+oidctest.ClientID, "OIDC_CLIENT_SECRET="+oidctest.ClientSecret)...)
	idp.AccessTokenAudience = m.api
	return m
}

// steps are what the machine printed, with API and SERVER for the addresses.
func steps(t *testing.T, m *machine) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, m.walk(t.Context(), &out))
	return strings.NewReplacer(strings.TrimSuffix(m.api, "/orders"), "API", m.issuer, "SERVER").Replace(out.String())
}

const walked = `GET API/orders
  401 Unauthorized Bearer scope="orders:read", resource_metadata="API/.well-known/oauth-protected-resource/orders"
GET API/.well-known/oauth-protected-resource/orders
  200 OK {"authorization_servers":["SERVER"],"bearer_methods_supported":["header"],"resource":"API/orders","resource_name":"Orders","scopes_supported":["orders:read"]}
The machine gets a token of SERVER.
GET API/orders
  200 OK {"client":"demo-application","orders":["tea","cake"],"subject":"demo-application"}
GET API/orders
  200 OK {"client":"demo-application","orders":["tea","cake"],"subject":"demo-application"}
GET API/orders/card
  401 Unauthorized Bearer error="insufficient_user_authentication", error_description="A more recent or stronger login is required.", max_age="300", scope="orders:read", resource_metadata="API/.well-known/oauth-protected-resource/orders"
The card is for a user who has just logged in, and a machine is none: see web.StepUpError.
`

// The machine finds the way from a 401 to the API's answer, with one token.
func TestWalk(t *testing.T) {
	t.Parallel()
	assert.Equal(t, walked, steps(t, start(t)))
	idp := &oidctest.Server{}
	assert.Equal(t, walked, steps(t, elsewhere(t, idp)))
	assert.Equal(t, 1, idp.Requests("/token"))
}

// printed runs the program until it has printed this, and returns all.
func printed(t *testing.T, text string, env ...string) string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, demotest.Environment(append(env, "AUTHING_EXAMPLE_ADDR=localhost:0")...), write)
	}()
	var all strings.Builder
	for buffer := make([]byte, 4096); !strings.Contains(all.String(), text); {
		n, err := read.Read(buffer)
		require.NoError(t, err, all.String())
		all.Write(buffer[:n])
	}
	stop()
	require.NoError(t, <-ended)
	return all.String()
}

// The program prints the walk, or why the machine does not get on, and serves until it is stopped.
func TestRun(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 3, strings.Count(printed(t, "web.StepUpError"), "200 OK"))
	failed := printed(t, "The machine gives up: ", "OIDC_ISSUER=http://127.0.0.1:1", "OIDC_CLIENT_ID=x", "OIDC_CLIENT_SECRET=secret-of-mine")
	assert.NotContains(t, failed, "secret-of-mine")
}

// The machine sends its secret to its own server alone, and only for the API that it called.
func TestSecretStays(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":         "",
		"resource": "the metadata is of another API",
		"server":   "the API takes no tokens of the server where the machine is registered",
		"text":     "the metadata of the API is not JSON",
		"silent":   "the API does not say where its metadata is",
	} {
		var tokens atomic.Int32
		other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { tokens.Add(1) }))
		t.Cleanup(other.Close)
		idp := &oidctest.Server{}
		m := elsewhere(t, idp)
		real := m.api
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			resource, server := "http://"+r.Host+"/orders", m.issuer
			switch name {
			case "resource":
				resource = real
			case "server":
				server = other.URL
			}
			switch {
			case name == "text" && r.URL.Path == "/metadata":
				_, _ = io.WriteString(w, "<html>")
			case r.URL.Path == "/metadata":
				_, _ = io.WriteString(w, `{"resource":"`+resource+`","authorization_servers":["`+server+`"]}`)
			default:
				if name != "silent" {
					w.Header().Set("WWW-Authenticate", `Bearer resource_metadata="http://`+r.Host+`/metadata"`)
				}
				w.WriteHeader(http.StatusUnauthorized)
			}
		}))
		t.Cleanup(api.Close)
		m.api = api.URL + "/orders"
		err := m.walk(t.Context(), io.Discard)
		if want == "" {
			require.NoError(t, err)
			assert.NotZero(t, idp.Requests("/token"))
			continue
		}
		require.EqualError(t, err, want, name)
		assert.Zero(t, tokens.Load()+int32(idp.Requests("/token")), name)
	}
}

// RFC 9470: the card is for users whose login is recent; a refreshed token has the time of the login.
func TestStepUp(t *testing.T) {
	t.Parallel()
	var past atomic.Int64
	past.Store(int64(30 * time.Minute))
	now := func() time.Time { return time.Now().Add(-time.Duration(past.Load())) }
	idp := &oidctest.Server{Realm: &idptest.Realm{Now: now}}
	m := elsewhere(t, idp)
	user := func() *oidc.Result {
		client, err := oidc.NewClient(oidc.Config{Issuer: m.issuer, ClientID: m.id, ClientSecret: m.secret, RedirectURI: "http://localhost/callback", Now: now})
		require.NoError(t, err)
		login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid offline_access " + readOrders, Prompt: "consent"})
		require.NoError(t, err)
		callback, err := idp.Login(t.Context(), login.URL, "")
		require.NoError(t, err)
		result, err := client.CompleteLogin(t.Context(), login, callback)
		require.NoError(t, err)
		past.Store(0)
		result, err = client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: result.Token.RefreshToken, Previous: result.IDToken})
		require.NoError(t, err)
		return result
	}
	ask := func(path, token string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.api+path, nil)
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		require.NoError(t, err)
		res.Body.Close()
		return res.StatusCode, res.Header.Get("WWW-Authenticate")
	}
	old := user().Token.AccessToken
	status, _ := ask("", old)
	assert.Equal(t, http.StatusOK, status)
	status, challenge := ask("/card", old)
	assert.Equal(t, http.StatusUnauthorized, status)
	assert.Contains(t, challenge, `error="insufficient_user_authentication"`)
	assert.Contains(t, challenge, `max_age="300"`)
	status, _ = ask("/card", user().Token.AccessToken)
	assert.Equal(t, http.StatusOK, status)
	status, _ = ask("/card", "x"+old)
	assert.Equal(t, http.StatusUnauthorized, status)
}

// Tokens that do not follow RFC 9068 are admitted only by a setting.
func TestPlainJWT(t *testing.T) {
	t.Parallel()
	assert.Contains(t, steps(t, elsewhere(t, &oidctest.Server{PlainAccessTokens: true})), `error="invalid_token"`)
	text := steps(t, elsewhere(t, &oidctest.Server{PlainAccessTokens: true}, "API_PLAIN_JWT=true"))
	assert.NotContains(t, text, `error="invalid_token"`)
	assert.Equal(t, 3, strings.Count(text, "200 OK"))
}

func TestPage(t *testing.T) {
	t.Parallel()
	p := demotest.Start(t, app).Person()
	page := p.Open("/")
	assert.Equal(t, http.StatusOK, page.Status)
	assert.Equal(t, p.Origin+"/orders", page.Part("api"))
	assert.Equal(t, http.StatusOK, p.Click(page.Part("metadata")).Status)
	assert.Equal(t, http.StatusNotFound, p.Open("/none").Status)
	assert.Equal(t, http.StatusUnauthorized, p.Open("/orders").Status)
}

func TestSettings(t *testing.T) {
	t.Parallel()
	require.EqualError(t, demotest.Fails(t, app, "OIDC_CLIENT_ID=x"), "OIDC_CLIENT_ID is set, so OIDC_ISSUER, OIDC_CLIENT_SECRET must be set too")
	require.EqualError(t, demotest.Fails(t, app, "API_PLAIN_JWT=yes"), `API_PLAIN_JWT is "yes", want false or true`)
}

func TestUsage(t *testing.T) {
	t.Parallel()
	usage, err := files.ReadFile("usage.txt")
	require.NoError(t, err)
	demotest.AppUsage(t, string(usage), app)
}
