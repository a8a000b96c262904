package oidc_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// ownAuth is a custom ClientAuth.
type ownAuth struct{}

func (ownAuth) Authenticate(_ context.Context, r *oauth.AuthRequest) error {
	r.Form.Set("client_assertion", "signed")
	return nil
}

// namedAuth is one with a name.
type namedAuth struct{ ownAuth }

func (namedAuth) MethodName() string { return "private_key_jwt" }

// sentBy returns how the client authenticated at path.
func (p *provider) sentBy(path string) string {
	if _, _, basic := p.request(path).BasicAuth(); basic {
		return "client_secret_basic"
	}
	switch form := p.form(path); {
	case form.Has("client_secret"):
		return "client_secret_post"
	case form.Has("client_assertion"):
		return "own"
	}
	return "none"
}

// TestCaseOidcClientAuthNotSupported: the server's metadata decides before the code is sent.
func TestCaseOidcClientAuthNotSupported(t *testing.T) {
	t.Parallel()
	const basic, post = "client_secret_basic", "client_secret_post"
	list := func(methods ...string) []string { return methods }
	for _, c := range []struct {
		name    string
		own     oauth.ClientAuth
		offered any
		sent    string
		message string
	}{
		{"nothing is said", nil, nil, basic, ""},
		{"an empty list says nothing", nil, list(), basic, ""},
		{"basic alone", nil, list(basic), basic, ""},
		{"post alone", nil, list(post), post, ""},
		{"both", nil, list(post, basic), basic, ""},
		{"post and more", nil, list("private_key_jwt", post), post, ""},
		{"the empty method counts as nil", oauth.AuthMethod(""), list(post), post, ""},
		{"neither", nil, list("private_key_jwt", "tls_client_auth"), "", "TokenAuth is not set, and the server accepts neither client_secret_basic nor client_secret_post, but private_key_jwt, tls_client_auth"},
		{"names are exact", nil, list("CLIENT_SECRET_POST"), "", "TokenAuth is not set, and the server accepts neither client_secret_basic nor client_secret_post, but CLIENT_SECRET_POST"},
		{"set and offered", oauth.ClientSecretPost, list(basic, post), post, ""},
		{"set, and nothing is listed", oauth.ClientSecretPost, nil, post, ""},
		{"set and not offered", oauth.ClientSecretPost, list(basic), "", "TokenAuth is client_secret_post, and the server accepts client_secret_basic"},
		{"basic is not the default where others are listed", oauth.ClientSecretBasic, list(post), "", "TokenAuth is client_secret_basic, and the server accepts client_secret_post"},
		{"a list cannot forge a line", oauth.ClientSecretBasic, list("a\nb"), "", `TokenAuth is client_secret_basic, and the server accepts a\nb`},
		{"mutual TLS is offered", oauth.TLSClientAuth, list("tls_client_auth"), "none", ""},
		{"mutual TLS is not offered", oauth.TLSClientAuth, list(basic), "", "TokenAuth is tls_client_auth, and the server accepts client_secret_basic"},
		{"none is often left out", oauth.None, list(basic), "none", ""},
		{"a custom ClientAuth is not checked", ownAuth{}, list(basic), "own", ""},
		{"a custom ClientAuth with a name is", namedAuth{}, list(basic), "", "TokenAuth is private_key_jwt, and the server accepts client_secret_basic"},
		{"and is accepted", namedAuth{}, list(basic, "private_key_jwt"), "own", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tr, p := newTrial(), newProvider(t)
			if tr.config.TokenAuth = c.own; c.own == oauth.None {
				tr.config.ClientSecret = ""
			}
			document := metadata()
			document["token_endpoint_auth_methods_supported"] = c.offered
			p.discover(document)
			client := p.client(tr.config)
			if c.message == "" {
				_, err := p.login(client, tr, "")
				require.NoError(t, err)
				assert.Equal(t, c.sent, p.sentBy("/token"))
				return
			}
			login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
			require.EqualError(t, err, "oauth: "+c.message)
			assert.Nil(t, login)
			_, err = client.GetAccessTokenByCode(t.Context(), "C1")
			require.EqualError(t, err, "oauth: client authentication: "+c.message)
			assert.Equal(t, 1, p.total(), "only the metadata was fetched")
		})
	}
}

// The algorithm of an assertion is compared too, and aud is the issuer of the metadata.
func TestC6AssertionAlgorithmMustBeListed(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{ID: "k", Signer: keys()["p256"]}
	for _, c := range []struct {
		auth    oauth.ClientAuth
		offered []string
		message string
	}{
		{oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}, nil, ""},
		{oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}, []string{"PS256", "ES256"}, ""},
		{oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}, []string{"PS256", "RS256"}, "TokenAuth signs with ES256, and the server accepts PS256, RS256"},
		{oauth.ClientSecretJWT{}, []string{"HS256"}, ""},
		{oauth.ClientSecretJWT{Alg: "HS512"}, []string{"HS256"}, "TokenAuth signs with HS512, and the server accepts HS256"},
		{oauth.PrivateKeyJWT{CurrentKey: func(context.Context) (oauth.SigningKey, error) { return key, nil }}, []string{"PS256"}, ""},
	} {
		tr, p := newTrial(), newProvider(t)
		tr.config.TokenAuth = c.auth
		document := metadata()
		document["token_endpoint_auth_signing_alg_values_supported"] = c.offered
		p.discover(document)
		client := p.client(tr.config)
		if c.message != "" {
			_, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
			require.EqualError(t, err, "oauth: "+c.message)
			continue
		}
		_, err := p.login(client, tr, "")
		require.NoError(t, err)
		form := p.form("/token")
		assert.Equal(t, clientID, form.Get("client_id"))
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(form.Get("client_assertion"), ".")[1])
		require.NoError(t, err)
		assert.Contains(t, string(payload), `"aud":"`+issuer+`"`)
	}
}

// The other two endpoints have their own lists.
func TestClientAuthOfTheOtherEndpoints(t *testing.T) {
	t.Parallel()
	for _, e := range []struct {
		field, member, path string
		set                 func(*oidc.Config, oauth.ClientAuth)
		call                func(*oidc.Client) error
	}{
		{
			"IntrospectionAuth", "introspection_endpoint_auth_methods_supported", "/introspect",
			func(c *oidc.Config, a oauth.ClientAuth) { c.IntrospectionAuth = a },
			func(c *oidc.Client) error { _, err := c.IntrospectToken(t.Context(), "AT"); return err },
		},
		{
			"RevocationAuth", "revocation_endpoint_auth_methods_supported", "/revoke",
			func(c *oidc.Config, a oauth.ClientAuth) { c.RevocationAuth = a },
			func(c *oidc.Client) error { return c.RevokeToken(t.Context(), "AT") },
		},
	} {
		client := func(own oauth.ClientAuth, offered ...string) (*provider, *oidc.Client) {
			p, cfg := newProvider(t), newTrial().config
			e.set(&cfg, own)
			document := metadata()
			document["token_endpoint_auth_methods_supported"], document[e.member] = []string{"client_secret_basic"}, offered
			p.discover(document)
			p.serve(e.path, map[string]any{"active": false})
			return p, p.client(cfg)
		}
		for sent, offered := range map[string][]string{"client_secret_basic": nil, "client_secret_post": {"client_secret_post"}} {
			p, c := client(nil, offered...)
			require.NoError(t, e.call(c))
			assert.Equal(t, sent, p.sentBy(e.path))
		}
		_, c := client(nil, "private_key_jwt")
		_, err := c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err, "no call needs that endpoint yet")
		require.EqualError(t, e.call(c), "oauth: client authentication: "+e.field+
			" is not set, and the server accepts neither client_secret_basic nor client_secret_post, but private_key_jwt")
		p, c := client(oauth.ClientSecretBasic, "client_secret_post")
		_, err = c.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.EqualError(t, err, "oauth: "+e.field+" is client_secret_basic, and the server accepts client_secret_post")
		require.EqualError(t, e.call(c), "oauth: client authentication: "+e.field+" is client_secret_basic, and the server accepts client_secret_post")
		assert.Zero(t, p.count(e.path))
	}
}

// The error comes before the user types a password for nothing.
func TestBeginLoginWantsASecret(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		auth    oauth.ClientAuth
		refused bool
	}{
		"nil": {nil, true}, "empty": {oauth.AuthMethod(""), true}, "basic": {oauth.ClientSecretBasic, true}, "an assertion": {oauth.ClientSecretJWT{}, true}, "post": {oauth.ClientSecretPost, true},
		"none": {oauth.None, false}, "mutual TLS": {oauth.TLSClientAuth, false}, "the user's own": {ownAuth{}, false},
	} {
		p, cfg := newProvider(t), newTrial().config
		cfg.ClientSecret, cfg.TokenAuth = "", c.auth
		_, err := p.client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if !c.refused {
			require.NoError(t, err, name)
			continue
		}
		require.EqualError(t, err, "oidc: ClientSecret is not set: TokenAuth needs it, unless it is oauth.None", name)
		assert.Zero(t, p.total(), "the error comes before discovery")
		link, err := p.client(cfg).BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{ResponseType: oidc.ResponseTypeIDToken})
		require.NoError(t, err, "an id_token login needs no secret")
		assert.NotEmpty(t, link)
	}
}

func TestBeginLoginWantsS256(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		methods any
		message string
	}{
		{nil, ""}, {[]string{}, ""}, {[]string{"S256"}, ""}, {[]string{"plain", "S256"}, ""},
		{[]string{"plain"}, "oauth: the server's code_challenge_methods_supported is plain, and BeginLogin uses S256, unless AllowNoPKCE or InsecureAllowCodeInjection is set (RFC 7636 §4.2)"},
		{[]string{"s256", "S512"}, "oauth: the server's code_challenge_methods_supported is s256, S512, and BeginLogin uses S256, unless AllowNoPKCE or InsecureAllowCodeInjection is set (RFC 7636 §4.2)"},
	} {
		p, document := newProvider(t), metadata()
		document["code_challenge_methods_supported"] = c.methods
		p.discover(document)
		login, err := p.client(newTrial().config).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if c.message == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, c.message)
		assert.Nil(t, login)
		cfg := newTrial().config
		cfg.AllowNoPKCE = true
		_, err = p.client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err, "without PKCE it does not matter")
	}
}

// The error for invalid_client names what was sent, the field to change, and what the server's metadata lists.
func TestInvalidClientNamesTheMethod(t *testing.T) {
	t.Parallel()
	const said = "; the client sent client_secret_basic (TokenAuth): check id, secret and method"
	for name, c := range map[string]struct {
		offered []string
		code    string
		ending  string
	}{
		"nothing is offered": {nil, "invalid_client", said},
		"two are offered":    {[]string{"client_secret_post", "client_secret_basic"}, "invalid_client", said + "; the server's metadata lists client_secret_post, client_secret_basic"},
		"another refusal":    {[]string{"client_secret_basic"}, "invalid_grant", "invalid_grant"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr, p := newTrial(), newProvider(t)
			document := metadata()
			document["token_endpoint_auth_methods_supported"] = c.offered
			p.discover(document)
			client := p.client(tr.config)
			login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
			require.NoError(t, err)
			p.on("/token", httpmock.NewJsonResponderOrPanic(http.StatusUnauthorized, map[string]any{"error": c.code}))
			_, err = client.CompleteLogin(t.Context(), login, callback(login, "code=C1&state="+login.State))
			_, byHand := client.GetAccessTokenByCode(t.Context(), "C1")
			_, refreshed := client.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: "RT"})
			for _, err := range []error{err, byHand, refreshed} {
				var refused *oauth.Error
				require.ErrorAs(t, err, &refused)
				assert.Equal(t, http.StatusUnauthorized, refused.StatusCode)
				require.ErrorIs(t, err, oauth.ErrorCode(c.code))
				assert.True(t, strings.HasPrefix(err.Error(), "oauth: the server refused"), err.Error())
				assert.True(t, strings.HasSuffix(err.Error(), c.ending), err.Error())
				assert.Equal(t, c.code == "invalid_client", errors.Is(err, oauth.InvalidClient))
			}
		})
	}
	p := newProvider(t)
	document := metadata()
	document["token_endpoint_auth_methods_supported"] = []string{"client_secret_basic"}
	p.discover(document)
	client := p.client(newTrial().config)
	login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
	require.NoError(t, err)
	_, err = client.CompleteLogin(t.Context(), login, callback(login, "error=invalid_client&state="+login.State))
	require.ErrorIs(t, err, oauth.InvalidClient)
	assert.NotContains(t, err.Error(), "offers", "the error came in the callback, and no credentials were sent")
}
