package oidc_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

const wellKnown = "/.well-known/openid-configuration"

// discovers fetches this metadata.
func discovers(t *testing.T, change func(document map[string]any, c *oidc.Config)) (*oidc.Metadata, error) {
	t.Helper()
	p := newProvider(t)
	document, cfg := metadata(), newTrial().config
	change(document, &cfg)
	p.discover(document)
	return p.client(cfg).Metadata(t.Context())
}

func TestD1IssuerDiffers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		issuer  any
		message string
	}{
		"another":        {"https://attacker.example", `oauth: discovery refused (issuer): the document's issuer is "https://attacker.example", want "https://op.example"`},
		"trailing slash": {issuer + "/", `oauth: discovery refused (issuer): the document's issuer is "https://op.example/", want "https://op.example" (they differ only in the trailing slash: use the server's spelling)`},
		"case":           {"https://OP.example", `oauth: discovery refused (issuer): the document's issuer is "https://OP.example", want "https://op.example"`},
		"absent":         {nil, "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document has no issuer"},
		"a list":         {[]string{issuer}, "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document's issuer has a value of the wrong type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := discovers(t, func(d map[string]any, _ *oidc.Config) { d["issuer"] = c.issuer })
			require.EqualError(t, err, c.message)
			assert.Nil(t, m)
		})
	}
	m, err := discovers(t, func(map[string]any, *oidc.Config) {})
	require.NoError(t, err)
	assert.Equal(t, issuer, m.Issuer)
}

// For an issuer with a path, or with a trailing slash, the address is the one of the specification.
func TestDiscoveryAddress(t *testing.T) {
	t.Parallel()
	for iss, path := range map[string]string{
		issuer: wellKnown, issuer + "/": wellKnown, issuer + "/realms/a": "/realms/a" + wellKnown, issuer + "/oidc/": "/oidc" + wellKnown,
	} {
		p := newProvider(t)
		document, cfg := metadata(), newTrial().config
		document["issuer"], cfg.Issuer = iss, iss
		p.serve(path, document)
		m, err := p.client(cfg).Metadata(t.Context())
		require.NoError(t, err)
		assert.Equal(t, iss, m.Issuer)
		assert.Equal(t, 1, p.count(path))
	}
}

func TestD4NoDocument(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status            int
		contentType, body string
		message           string
	}{
		"not found":        {http.StatusNotFound, "text/html", "<html>", "oauth: discovery refused (status): GET https://op.example/.well-known/openid-configuration: status 404, GET https://op.example/.well-known/oauth-authorization-server: status 404, want 200: is the issuer right?"},
		"no content":       {http.StatusNoContent, "", "", "oauth: discovery refused (status): GET https://op.example/.well-known/openid-configuration: status 204, want 200: is the issuer right?"},
		"D4 a page":        {http.StatusOK, "text/html", mustJSON(metadata()), "oauth: discovery refused (document): GET https://op.example/.well-known/openid-configuration: status 200 with an HTML page (text/html): is the address right, is a proxy in the way?"},
		"D4 a list":        {http.StatusOK, "application/json", "[]", "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document is not a JSON object"},
		"D4 empty":         {http.StatusOK, "application/json", "", "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document: json: not valid JSON at offset 0"},
		"D5 too large":     {http.StatusOK, "application/json", mustJSON(metadata()) + strings.Repeat(" ", 1<<20), "oauth: discovery refused (document): GET https://op.example/.well-known/openid-configuration: the reply is too large: over 1048576 bytes (MaxReply)"},
		"D6 a redirect":    {http.StatusMovedPermanently, "", "", "oauth: discovery refused (redirect): GET https://op.example/.well-known/openid-configuration: refused a redirect (status 301)"},
		"D10 issuer twice": {http.StatusOK, "application/json", `{"issuer":"https://op.example","issuer":"https://op.example"}`, "oauth: discovery refused (document): https://op.example/.well-known/openid-configuration: the document: json: member name occurs twice at offset 31"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // for the pauses between retries
				p := newProvider(t)
				p.text(wellKnown, c.status, c.contentType, c.body)
				client := p.client(newTrial().config)
				m, err := client.Metadata(t.Context())
				require.EqualError(t, err, c.message)
				assert.Nil(t, m)
				p.discover(metadata())
				time.Sleep(time.Second)
				_, err = client.Metadata(t.Context())
				require.NoError(t, err, "a failure is not kept")
			})
		})
	}
}

// D4: the refusal of the document is the error of every call that needs the document.
func TestD4EveryCallNeedsADocument(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(context.Context, *oidc.Client) error{
		"BuildAuthorizeUrl": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.BuildAuthorizeUrl(ctx, oidc.AuthorizeOptions{})
			return err
		},
		"BuildLogoutUrl": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.BuildLogoutUrl(ctx, oidc.LogoutOptions{})
			return err
		},
		"BeginLogin": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.BeginLogin(ctx, oidc.AuthorizeOptions{})
			return err
		},
		"CompleteLogin": func(ctx context.Context, c *oidc.Client) error {
			login := &oidc.Login{
				State: "s", Nonce: sentNonce, CodeVerifier: strings.Repeat("v", 43), RedirectURI: redirectURI, ResponseType: oauth.ResponseTypeCode, ClientID: clientID,
				Issuer: issuer, TokenEndpoint: issuer + "/token", CreatedAt: now(),
			}
			_, err := c.CompleteLogin(ctx, login, callback(login, "code=C1&state=s"))
			return err
		},
		"VerifyIDToken": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.VerifyIDToken(ctx, newTrial().token(t), newTrial().expect)
			return err
		},
		"VerifyAccessToken": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.VerifyAccessToken(ctx, newAccess().token(t), strict)
			return err
		},
		"VerifyLogoutToken": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.VerifyLogoutToken(ctx, newLogout().token(t), nil)
			return err
		},
		"Refresh": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.Refresh(ctx, oidc.RefreshOptions{RefreshToken: "R1"})
			return err
		},
		"GetUserInfoByAccessToken": func(ctx context.Context, c *oidc.Client) error {
			_, err := c.GetUserInfoByAccessToken(ctx, accessToken)
			return err
		},
		"RevokeToken": func(ctx context.Context, c *oidc.Client) error { return c.RevokeToken(ctx, accessToken) },
	} {
		p := newProvider(t)
		p.text(wellKnown, http.StatusNotFound, "text/html", "<html>")
		reply := newTrial().reply
		reply["id_token"] = newTrial().token(t)
		p.serve("/token", reply)
		p.serve("/me", map[string]any{"sub": "248289761001"})
		p.text("/revoke", http.StatusOK, "", "")
		require.ErrorIs(t, call(t.Context(), p.client(newTrial().config)), oauth.DiscoveryStatus, name)
		assert.Equal(t, 2, p.total(), "%s: the two addresses of the document, and nothing else", name)
		p.discover(metadata())
		require.NoError(t, call(t.Context(), p.client(newTrial().config)), "%s: the accepted twin", name)
	}
}

func TestDiscoveryIsLazyAndDoneOnce(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	client := p.client(newTrial().config)
	assert.Zero(t, p.total(), "NewClient sends nothing")
	for range 3 {
		_, err := client.BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
		_, err = client.BuildLogoutUrl(t.Context(), oidc.LogoutOptions{})
		require.NoError(t, err)
	}
	assert.Equal(t, 1, p.count(wellKnown))
	assert.Equal(t, "application/json", p.request(wellKnown).Header.Get("Accept"))
}

func TestDiscoveryAtOnceIsOneFetch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newProvider(t)
		reply := httpmock.NewJsonResponderOrPanic(http.StatusOK, metadata())
		p.on(wellKnown, func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return reply(r)
		})
		client := p.client(newTrial().config)
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error)
		go func() {
			_, err := client.Metadata(ctx)
			first <- err
		}()
		synctest.Wait()
		time.AfterFunc(500*time.Millisecond, cancel)
		for _, err := range atOnce(100, func(int) error { _, err := client.Metadata(t.Context()); return err }) {
			require.NoError(t, err, "K7: the end of the first caller's context does not end the others")
		}
		assert.Equal(t, 1, p.count(wellKnown))
		require.ErrorIs(t, <-first, context.Canceled)
	})
}

func TestDiscoveryDeadServer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newProvider(t)
		p.on(wellKnown, func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
		client := p.client(newTrial().config)
		_, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.EqualError(t, err, "oidc: discovery: GET https://op.example/.well-known/openid-configuration: connection refused")
		var refused *oauth.Error
		require.NotErrorAs(t, err, &refused)
		p.discover(metadata())
		time.Sleep(time.Second)
		_, err = client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
	})
}
