package castest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/cas/castest"
)

// What users of package cas test with this server, as they would write it.

// to sends requests to a handler that does not listen.
type to struct{ http.Handler }

func (h to) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, r)
	return answer.Result(), nil
}

// client is one of the server, which it reaches without a network.
func client(t *testing.T, idp *castest.Server, cfg cas.Config) *cas.Client {
	t.Helper()
	cfg.ServerURL, cfg.HTTPClient = "https://cas.example"+idp.Path, &http.Client{Transport: to{idp}}
	c, err := cas.NewClient(cfg)
	require.NoError(t, err)
	return c
}

func logIn(t *testing.T, c *cas.Client, idp *castest.Server) (*cas.Success, *http.Request) {
	t.Helper()
	login, err := c.BeginLogin(t.Context(), cas.AuthorizeOptions{})
	require.NoError(t, err)
	callback, err := idp.Login(t.Context(), login.URL, "")
	require.NoError(t, err)
	user, err := c.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)
	return user, callback
}

func TestClientInEveryVersionAndFormat(t *testing.T) {
	t.Parallel()
	for _, version := range []cas.Version{cas.V2, cas.V3} {
		for _, format := range []cas.Format{"", cas.FormatXML, cas.FormatJSON} {
			idp := &castest.Server{Path: "/cas"}
			user, _ := logIn(t, client(t, idp, cas.Config{Service: homeURI, Version: version, ReplyFormat: format}), idp)
			assert.Equal(t, idptest.Username, user.User)
			assert.Equal(t, version == cas.V3, user.Attributes.Text("email") == idptest.Email)
		}
	}
}

func TestClientSingleLogout(t *testing.T) {
	t.Parallel()
	var c *cas.Client
	var ended []string
	app := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		request, err := c.ReceiveLogout(r.Context(), r)
		if assert.NoError(t, err) {
			ended = append(ended, request.SessionIndexes...)
		}
	})
	idp := &castest.Server{
		Services: []string{"https://app.example/callback"},
		Realm:    &idptest.Realm{HTTPClient: &http.Client{Transport: to{app}}},
	}
	c = client(t, idp, cas.Config{Service: "https://app.example/callback"})
	_, callback := logIn(t, c, idp)
	assert.Empty(t, ended)
	count, err := idp.EndSessions(t.Context(), "")
	require.NoError(t, err)
	assert.Equal(t, 1, count)
	assert.Equal(t, []string{callback.FormValue("ticket")}, ended)
}

func TestClientFrontChannelLogout(t *testing.T) {
	t.Parallel()
	idp := &castest.Server{SingleLogout: castest.FrontChannel}
	c := client(t, idp, cas.Config{Service: homeURI, AllowFrontChannelLogout: true})
	browser, err := idp.Browser(idptest.Username)
	require.NoError(t, err)
	login, err := c.BeginLogin(t.Context(), cas.AuthorizeOptions{})
	require.NoError(t, err)
	callback, err := browser.Open(t.Context(), login.URL, nil)
	require.NoError(t, err)
	assert.Empty(t, browser.Frames())
	for _, to := range []string{homeURI, ""} {
		logout, err := c.BuildLogoutUrl(t.Context(), cas.LogoutOptions{Service: to})
		require.NoError(t, err)
		after, err := browser.Open(t.Context(), logout, nil)
		require.NoError(t, err)
		if to == "" {
			assert.Nil(t, after)
			assert.Empty(t, browser.Frames(), "nobody is told twice")
			continue
		}
		assert.Equal(t, homeURI, after.URL.String())
		require.Len(t, browser.Frames(), 1)
		request, err := c.ReceiveLogout(t.Context(), browser.Frames()[0])
		require.NoError(t, err)
		assert.Equal(t, []string{callback.FormValue("ticket")}, request.SessionIndexes)
	}
}

func TestClientProxies(t *testing.T) {
	t.Parallel()
	const pgtURL, api = "https://app.example/pgt", "http://localhost:3001/api"
	var c *cas.Client
	app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { c.PGTCallback().ServeHTTP(w, r) })
	idp := &castest.Server{ProxyCallbacks: []string{pgtURL}, Realm: &idptest.Realm{HTTPClient: &http.Client{Transport: to{app}}}}
	c = client(t, idp, cas.Config{Service: homeURI, PgtURL: pgtURL})
	user, _ := logIn(t, c, idp)
	ticket, err := c.GetProxyTicket(t.Context(), user.ProxyGrantingTicket, api)
	require.NoError(t, err)
	reply, err := client(t, idp, cas.Config{Service: api, ProxyChains: [][]string{{pgtURL}}}).ValidateProxyTicket(t.Context(), ticket, "")
	require.NoError(t, err)
	require.NotNil(t, reply.Success)
	assert.Equal(t, idptest.Username, reply.Success.User)
	assert.Equal(t, []string{pgtURL}, reply.Success.Proxies)
}
