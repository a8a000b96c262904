package oidc_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// reply is what the well-known address answers.
type reply struct {
	status            int
	contentType, body string
}

// refusesDocument expects the typed refusal of these replies, and a good document afterwards.
func refusesDocument(t *testing.T, check oauth.DiscoveryCheck, replies map[string]reply) {
	t.Helper()
	for name, r := range replies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // for the pauses between retries
				p := newProvider(t)
				p.text(wellKnown, r.status, r.contentType, r.body)
				client := p.client(newTrial().config)
				login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
				var refused *oauth.DiscoveryError
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, check, refused.Check, err.Error())
				assert.True(t, strings.HasPrefix(err.Error(), "oauth: discovery refused ("+string(check)+"): "), err.Error())
				assert.Nil(t, login)
				p.discover(metadata())
				time.Sleep(time.Second)
				_, err = client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
				require.NoError(t, err, "the accepted twin")
			})
		})
	}
}

func described(more map[string]any) string {
	document := metadata()
	for name, value := range more {
		if document[name] = value; value == nil {
			delete(document, name)
		}
	}
	return mustJSON(document)
}

func ok(body string) reply { return reply{http.StatusOK, "application/json", body} }

// D2 is about the configured issuer: a document that names one with a query is another issuer's (D1).
func TestD2IssuerWithQueryOrFragment(t *testing.T) {
	t.Parallel()
	for bad, why := range map[string]string{
		issuer + "?tenant=1": "must not have a query", issuer + "?": "must not have a query", issuer + "#a": "must not have a fragment", issuer + "#": "must not have a fragment",
	} {
		cfg := newTrial().config
		cfg.Issuer = bad
		_, err := oidc.NewClient(cfg)
		require.ErrorContains(t, err, why)
		refusesDocument(t, oauth.DiscoveryIssuer, map[string]reply{bad: ok(described(map[string]any{"issuer": bad}))})
	}
	_, err := oidc.NewClient(newTrial().config)
	require.NoError(t, err, "the accepted twin")
}

func TestD3EndpointOverHTTP(t *testing.T) {
	t.Parallel()
	replies := map[string]reply{}
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint", "introspection_endpoint", "revocation_endpoint", "registration_endpoint"} {
		replies[name] = ok(described(map[string]any{name: "http://op.example/x"}))
	}
	refusesDocument(t, oauth.DiscoveryEndpoint, replies)
}

func TestD4PageOrNoObject(t *testing.T) {
	t.Parallel()
	refusesDocument(t, oauth.DiscoveryDocument, map[string]reply{
		"a page": {http.StatusOK, "text/html; charset=utf-8", mustJSON(metadata())}, "a list": ok("[]"), "a text": ok(`"x"`), "nothing": ok(""), "half": ok(described(nil)[:20]),
		"two objects": ok(described(nil) + described(nil)), "invalid UTF-8": ok("{\"issuer\":\"\xff\"}"),
	})
}

func TestD4StatusOtherThan200(t *testing.T) {
	t.Parallel()
	refusesDocument(t, oauth.DiscoveryStatus, map[string]reply{
		"201": {http.StatusCreated, "application/json", described(nil)}, "204": {http.StatusNoContent, "", ""}, "400": {http.StatusBadRequest, "application/json", described(nil)},
		"401": {http.StatusUnauthorized, "", ""}, "403": {http.StatusForbidden, "text/html", "<html>"}, "404": {http.StatusNotFound, "application/json", described(nil)}, "410": {http.StatusGone, "", ""},
	})
}

func TestD5DocumentOverTheLimit(t *testing.T) {
	t.Parallel()
	refusesDocument(t, oauth.DiscoveryDocument, map[string]reply{"over": ok(described(nil) + strings.Repeat(" ", 1<<20))})
	p := newProvider(t)
	p.text(wellKnown, http.StatusOK, "application/json", described(nil)+strings.Repeat(" ", 1<<20-len(described(nil))))
	_, err := p.client(newTrial().config).Metadata(t.Context())
	require.NoError(t, err, "1 MiB")
}

func TestD6Redirect(t *testing.T) {
	t.Parallel()
	refusesDocument(t, oauth.DiscoveryRedirect, map[string]reply{
		"301": {http.StatusMovedPermanently, "", ""}, "302": {http.StatusFound, "", ""}, "307": {http.StatusTemporaryRedirect, "", ""}, "304": {http.StatusNotModified, "", ""},
	})
}

func TestD9NoAlgorithmOfOurs(t *testing.T) {
	t.Parallel()
	begin := func(algs []string, change func(*oidc.Config)) error {
		p, cfg := newProvider(t), newTrial().config
		cfg.IDTokenSigningAlg = ""
		if change != nil {
			change(&cfg)
		}
		p.text(wellKnown, http.StatusOK, "application/json", described(map[string]any{"id_token_signing_alg_values_supported": algs}))
		_, err := p.client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		return err
	}
	for _, algs := range [][]string{{"none"}, {"HS256"}, {"ES256K"}, {"rs256"}, {"RSA-OAEP", "none", "HS512"}, {"ES256", "PS256"}} {
		err := begin(algs, nil)
		require.ErrorIs(t, err, oauth.DiscoveryAlgorithm, algs)
		require.ErrorContains(t, err, "IDTokenSigningAlg", "the option that mends it")
	}
	require.NoError(t, begin([]string{"none", "ES256"}, nil))
	require.NoError(t, begin([]string{"ES256", "PS256"}, func(c *oidc.Config) { c.IDTokenSigningAlg = "PS256" }))
}

func TestD10DuplicateMembers(t *testing.T) {
	t.Parallel()
	whole := described(nil)
	refusesDocument(t, oauth.DiscoveryDocument, map[string]reply{
		"the issuer": ok(whole[:len(whole)-1] + `,"issuer":"https://op.example"}`), "escaped": ok(whole[:len(whole)-1] + `,"\u0069ssuer":"https://op.example"}`),
		"unknown": ok(whole[:len(whole)-1] + `,"x":1,"x":1}`), "deep": ok(whole[:len(whole)-1] + `,"x":{"a":1,"a":2}}`),
	})
}

// D11 at the dial of whatever the metadata names: the document, the keys, the endpoints.
func TestD11MetadataNamesAPrivateAddress(t *testing.T) {
	t.Parallel()
	cfg := newTrial().config
	cfg.Issuer, cfg.RefusePrivateAddresses, cfg.HTTPClient = "https://127.0.0.1:1", true, &http.Client{Transport: &http.Transport{}}
	client, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	_, err = client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.ErrorIs(t, err, oauth.DiscoveryAddress)

	cfg.Issuer = ""
	cfg.Metadata = &oidc.Metadata{
		Issuer: issuer, JWKSURI: "https://localhost:1/jwks", TokenEndpoint: "https://10.0.0.1/token", UserInfoEndpoint: "https://[fd00::1]/me",
		IntrospectionEndpoint: "https://169.254.169.254/i", RevocationEndpoint: "https://[::ffff:10.0.0.1]/r",
	}
	client, err = oidc.NewClient(cfg)
	require.NoError(t, err)
	for name, call := range map[string]func() error{
		"keys": func() error {
			_, err := client.VerifyIDToken(t.Context(), newTrial().token(t), newTrial().expect)
			return err
		},
		"token":         func() error { _, err := client.GetAccessTokenByCode(t.Context(), "C"); return err },
		"user info":     func() error { _, err := client.GetUserInfoByAccessToken(t.Context(), "AT"); return err },
		"introspection": func() error { _, err := client.IntrospectToken(t.Context(), "AT"); return err },
		"revocation":    func() error { return client.RevokeToken(t.Context(), "AT") },
	} {
		require.ErrorContains(t, call(), "refused an address that is not public", name)
	}
	cfg.HTTPClient = &http.Client{Transport: newProvider(t).mock}
	_, err = oidc.NewClient(cfg)
	require.ErrorContains(t, err, "RefusePrivateAddresses needs an *http.Transport in HTTPClient")
}

// RFC 8414's document counts when OpenID Connect's is not there; a field chooses one of them.
func TestDiscoveryPlaces(t *testing.T) {
	t.Parallel()
	const other = "/.well-known/oauth-authorization-server"
	for name, c := range map[string]struct {
		choice  oauth.Discovery
		path    string // of the issuer
		at      string // where the document is
		refused bool
		asked   []string
	}{
		"first":                {oauth.DiscoverAny, "", wellKnown, false, []string{wellKnown}},
		"second":               {oauth.DiscoverAny, "", other, false, []string{wellKnown, other}},
		"second, with a path":  {oauth.DiscoverAny, "/a/b", other + "/a/b", false, []string{"/a/b" + wellKnown, other + "/a/b"}},
		"OpenID alone":         {oauth.DiscoverOpenID, "", other, true, []string{wellKnown}},
		"RFC 8414 alone":       {oauth.DiscoverOAuth, "", other, false, []string{other}},
		"RFC 8414, not there":  {oauth.DiscoverOAuth, "", wellKnown, true, []string{other}},
		"neither":              {oauth.DiscoverAny, "", "/x", true, []string{wellKnown, other}},
		"RFC 8414 with a path": {oauth.DiscoverOAuth, "/a/", other + "/a", false, []string{other + "/a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, cfg := newProvider(t), newTrial().config
			cfg.Issuer, cfg.Discovery = issuer+c.path, c.choice
			for _, path := range c.asked {
				p.text(path, http.StatusNotFound, "text/html", "<html>")
			}
			p.text(c.at, http.StatusOK, "application/json", described(map[string]any{"issuer": cfg.Issuer}))
			_, err := p.client(cfg).Metadata(t.Context())
			if c.refused {
				require.ErrorIs(t, err, oauth.DiscoveryStatus)
			} else {
				require.NoError(t, err)
			}
			for _, path := range c.asked {
				assert.Equal(t, 1, p.count(path), path)
			}
			assert.Equal(t, len(c.asked), p.total())
		})
	}
	cfg := newTrial().config
	cfg.Discovery = 9
	_, err := oidc.NewClient(cfg)
	require.EqualError(t, err, "oidc: unknown Discovery 9")
	cfg.Discovery, cfg.Metadata = oauth.DiscoverOAuth, given()
	_, err = oidc.NewClient(cfg)
	require.EqualError(t, err, "oidc: Discovery and Metadata contradict each other")
}

// A server that is down is asked at most once a second by all callers together, and found again within a second.
func TestDiscoveryDeadServerIsNotAskedByEveryCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newProvider(t)
		p.on(wellKnown, func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
		client := p.client(newTrial().config)
		call := func() error {
			_, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
			return err
		}
		require.ErrorContains(t, call(), "connection refused")
		first := p.count(wellKnown)
		began := time.Now()
		for time.Since(began) < 10*time.Second {
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() { assert.ErrorContains(t, call(), "connection refused") })
			}
			all.Wait()
			time.Sleep(20 * time.Millisecond)
		}
		assert.Equal(t, 3, first, "a call with its retries")
		assert.LessOrEqual(t, p.count(wellKnown)-first, 10)
		assert.GreaterOrEqual(t, p.count(wellKnown)-first, 9)
		p.discover(metadata())
		time.Sleep(time.Second)
		require.NoError(t, call())
	})
}
