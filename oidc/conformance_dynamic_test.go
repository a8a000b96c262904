package oidc_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/oidc/oidctest"
)

// dynamic are modules of the plan oidcc-client-dynamic, by their names there.
var dynamic = map[string]func(t *testing.T){
	"oidcc-client-test-dynamic-registration": func(t *testing.T) {
		s := newApplication(t, nil, func(s *oidctest.Server) { s.Registration = &oidctest.Registration{} })
		r := s.register(t, oauth.ClientMetadata{RedirectURIs: []string{redirectURI}})
		require.NoError(t, s.login(t, r, nil))
		for fault, member := range map[idptest.Fault]string{
			oidctest.MissingClientID: "client_id", oidctest.OtherRedirectURI: "redirect_uris", oidctest.OtherAuthMethod: "token_endpoint_auth_method",
			oidctest.MissingSecretExpiry: "client_secret_expires_at",
		} {
			s.server.Break(fault)
			_, err := s.client(t, nil).RegisterClient(t.Context(), oauth.ClientMetadata{RedirectURIs: []string{redirectURI}, TokenEndpointAuthMethod: "client_secret_basic"})
			var refused *oauth.RegistrationError
			require.ErrorAs(t, err, &refused, fault)
			assert.Equal(t, member, refused.Member)
		}
		s.server.Break()
		_, err := s.client(t, nil).RegisterClient(t.Context(), oauth.ClientMetadata{RedirectURIs: []string{"http://app.example/"}})
		require.ErrorIs(t, err, oauth.InvalidRedirectURI)
		_, err = s.client(t, nil).RegisterClient(t.Context(), oauth.ClientMetadata{RedirectURIs: []string{redirectURI}, TokenEndpointAuthMethod: "x"})
		require.ErrorIs(t, err, oauth.InvalidClientMetadata)
	},
	// The suite wants a request object without a signature here. We make none: anyone could change it.
	"oidcc-client-test-request-uri-signed-none": func(t *testing.T) {
		for _, alg := range []string{"none", "RS256"} {
			host := &oauth.RequestObjectHost{URL: "https://app.example/requests"}
			_, err := oidc.NewClient(oidc.Config{
				Issuer: issuer, ClientID: clientID, ClientSecret: clientSecret, RedirectURI: redirectURI,
				RequestObject: &oauth.RequestObject{Keys: []oauth.SigningKey{{Alg: alg, Signer: keys()["rsa"]}}, Host: host.Host},
			})
			if alg == "none" {
				require.EqualError(t, err, `oauth: RequestObject: SigningKey: a key of type *rsa.PublicKey does not fit Alg "none", want RS256, RS384, RS512, PS256, PS384 or PS512`)
			} else {
				require.NoError(t, err)
			}
		}
	},
	"oidcc-client-test-request-uri-signed-rs256": func(t *testing.T) { requestObjectLogin(t, "RS256", "rsa", true) },
}

func TestConformanceDynamic(t *testing.T) {
	t.Parallel()
	for module, test := range dynamic {
		t.Run(module, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// Request objects by value and by reference, with each kind of key.
func TestRequestObjectLogins(t *testing.T) {
	t.Parallel()
	for alg, key := range map[string]string{"PS256": "rsa", "ES256": "p256", "ES512": "p521", "EdDSA": "ed"} {
		for _, byReference := range []bool{false, true} {
			requestObjectLogin(t, alg, key, byReference)
		}
	}
}

func requestObjectLogin(t *testing.T, alg, name string, byReference bool) {
	t.Helper()
	key := oauth.SigningKey{ID: "req", Alg: alg, Signer: keys()[name]}
	host := &oauth.RequestObjectHost{URL: "https://app.example/requests"}
	s := newApplication(t, host, func(s *oidctest.Server) { s.Registration = &oidctest.Registration{} })
	r := s.register(t, oauth.ClientMetadata{RedirectURIs: []string{redirectURI}, RequestObjectSigningAlg: alg, JWKS: oauth.JWKSet{public(t, key)}})
	require.NoError(t, s.login(t, r, func(c *oidc.Config) {
		c.RequestObject = &oauth.RequestObject{Keys: []oauth.SigningKey{key}}
		if byReference {
			c.RequestObject.Host = host.Host
		}
	}))
	require.Error(t, s.login(t, r, nil), "this client must sign its requests")
	require.Error(t, s.login(t, r, func(c *oidc.Config) {
		c.RequestObject = &oauth.RequestObject{Keys: []oauth.SigningKey{{ID: "req", Alg: "RS256", Signer: keys()["other"]}}}
	}), "another key")
}

// C1 to C6: the fake server is strict about each method (client_auth_type of the plans).
func TestConformanceClientAuthTypes(t *testing.T) {
	t.Parallel()
	key := oauth.SigningKey{ID: "auth", Alg: "PS256", Signer: keys()["rsa"]}
	private := oauth.PrivateKeyJWT{Keys: []oauth.SigningKey{key}}
	for method, auth := range map[string]oauth.ClientAuth{
		"client_secret_basic": oauth.ClientSecretBasic, "client_secret_post": oauth.ClientSecretPost, "none": oauth.None,
		"client_secret_jwt": oauth.ClientSecretJWT{}, "private_key_jwt": private,
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			app := oidctest.App{ClientID: "app", ClientSecret: clientSecret, TokenAuth: method}
			switch method {
			case "none":
				app.ClientSecret = ""
			case "private_key_jwt":
				text, err := json.Marshal(oauth.JWKSet{public(t, key)})
				require.NoError(t, err)
				app.JWKS, app.TokenAuthAlg = text, "PS256"
			}
			s := newApplication(t, nil, func(s *oidctest.Server) { s.Apps = []oidctest.App{app} })
			r := &oauth.Registration{ClientID: "app", ClientSecret: app.ClientSecret}
			with := func(c *oidc.Config) { c.TokenAuth, c.IntrospectionAuth, c.RevocationAuth = auth, auth, auth }
			require.NoError(t, s.login(t, r, with))
			client := s.client(t, func(c *oidc.Config) { c.ClientID, c.ClientSecret = "app", app.ClientSecret; with(c) })
			reply, err := client.IntrospectToken(t.Context(), "unknown")
			require.NoError(t, err)
			assert.False(t, reply.Active)
			require.NoError(t, client.RevokeToken(t.Context(), "unknown"))
			if method == "private_key_jwt" || method == "client_secret_jwt" {
				s.server.Break(oidctest.TokenEndpointAudience)
				require.ErrorIs(t, s.login(t, r, with), oauth.InvalidClient, "C1: aud is the issuer alone")
			}
		})
	}
}

// C5: a login with the certificate of the TLS connection, and one with a certificate of somebody else.
func TestC5MutualTLSLogin(t *testing.T) {
	t.Parallel()
	own, stranger := selfSigned(t, "app", "rsa"), selfSigned(t, "other", "other")
	certificates := x509.NewCertPool()
	certificates.AddCert(own.Leaf)
	certificates.AddCert(stranger.Leaf)
	text, err := json.Marshal(oauth.JWKSet{{Public: own.Leaf.PublicKey}})
	require.NoError(t, err)
	provider := &oidctest.Server{SigningKey: keys()["fake"].(*rsa.PrivateKey), Apps: []oidctest.App{
		{ClientID: "pki", TokenAuth: "tls_client_auth", CertificateSubject: "CN=app", RedirectURIs: []string{redirectURI}},
		{ClientID: "own", TokenAuth: "self_signed_tls_client_auth", JWKS: text, RedirectURIs: []string{redirectURI}},
	}}
	server := httptest.NewUnstartedServer(provider)
	server.TLS = &tls.Config{ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: certificates}
	server.StartTLS()
	t.Cleanup(server.Close)
	for id, method := range map[string]oauth.AuthMethod{"pki": oauth.TLSClientAuth, "own": oauth.SelfSignedTLSClientAuth} {
		for _, c := range []struct {
			certificate *tls.Certificate
			want        error
		}{{&own, nil}, {&stranger, oauth.InvalidClient}} {
			transport := server.Client().Transport.(*http.Transport).Clone()
			transport.TLSClientConfig.Certificates = []tls.Certificate{*c.certificate}
			t.Cleanup(transport.CloseIdleConnections)
			client, err := oidc.NewClient(oidc.Config{
				Issuer: server.URL, ClientID: id, RedirectURI: redirectURI, TokenAuth: method, HTTPClient: &http.Client{Transport: transport},
			})
			require.NoError(t, err)
			login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{})
			require.NoError(t, err)
			back, err := provider.Login(t.Context(), login.URL, "")
			require.NoError(t, err)
			_, err = client.CompleteLogin(t.Context(), login, back)
			require.ErrorIs(t, err, c.want, id)
		}
		_, err := oidc.NewClient(oidc.Config{
			Issuer: server.URL, ClientID: id, RedirectURI: redirectURI, TokenAuth: method, HTTPClient: &http.Client{Transport: &http.Transport{}},
		})
		require.ErrorContains(t, err, "oauth: TokenAuth: mutual TLS needs a client certificate")
	}
}

func selfSigned(t *testing.T, name, key string) tls.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, keys()[key].Public(), keys()[key])
	require.NoError(t, err)
	leaf, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: keys()[key].(crypto.PrivateKey), Leaf: leaf}
}

// application is a server, and an application there.
type application struct{ server *oidctest.Server }

// newApplication gives the server a way to host, the application's handler, which may be nil.
func newApplication(t *testing.T, host http.Handler, change func(*oidctest.Server)) *application {
	t.Helper()
	server := &oidctest.Server{Realm: &idptest.Realm{BaseURL: issuer}, SigningKey: keys()["fake"].(*rsa.PrivateKey)}
	if host != nil {
		server.Realm.HTTPClient = &http.Client{Transport: handler{host}}
	}
	change(server)
	for i := range server.Apps {
		server.Apps[i].RedirectURIs = []string{redirectURI}
	}
	return &application{server}
}

func (s *application) client(t *testing.T, change func(*oidc.Config)) *oidc.Client {
	t.Helper()
	cfg := oidc.Config{Issuer: issuer, RedirectURI: redirectURI, HTTPClient: &http.Client{Transport: handler{s.server}}}
	if change != nil {
		change(&cfg)
	}
	client, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	return client
}

func (s *application) register(t *testing.T, m oauth.ClientMetadata) *oauth.Registration {
	t.Helper()
	r, err := s.client(t, nil).RegisterClient(t.Context(), m)
	require.NoError(t, err)
	return r
}

// login logs somebody in at the client r.
func (s *application) login(t *testing.T, r *oauth.Registration, change func(*oidc.Config)) error {
	t.Helper()
	client := s.client(t, func(c *oidc.Config) {
		made, err := c.Registered(r)
		require.NoError(t, err)
		*c = made
		if change != nil {
			change(c)
		}
	})
	login, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{MaxAge: time.Hour, Claims: json.RawMessage(`{"id_token":{"auth_time":null}}`)})
	require.NoError(t, err)
	back, err := s.server.Login(t.Context(), login.URL, idptest.Username)
	if err != nil {
		return err
	}
	_, err = client.CompleteLogin(t.Context(), login, back)
	return err
}

func public(t *testing.T, k oauth.SigningKey) oauth.JWK {
	t.Helper()
	jwk, err := k.JWK()
	require.NoError(t, err)
	return jwk
}

// The server's metadata decides before the browser is sent there.
func TestRequestObjectMustBeSupported(t *testing.T) {
	t.Parallel()
	byValue := &oauth.RequestObject{Keys: []oauth.SigningKey{{Signer: keys()["p256"]}}}
	byReference := *byValue
	kept := 0
	byReference.Host = func(context.Context, string) (string, error) { kept++; return "https://app.example/r", nil }
	isRegistered := byReference
	isRegistered.HostIsRegistered = true
	for _, c := range []struct {
		name   string
		object *oauth.RequestObject
		doc    map[string]any
		want   string
	}{
		{"by value", byValue, map[string]any{"request_parameter_supported": true}, ""},
		{"by value, not said", byValue, nil, "RequestObject passes the object itself, and the server's metadata does not have request_parameter_supported"},
		{"by value, refused", byValue, map[string]any{"request_parameter_supported": false}, "RequestObject passes the object itself, and the server's metadata does not have request_parameter_supported"},
		{"by value, where no reference is taken", byValue, map[string]any{
			"request_parameter_supported": true, "request_uri_parameter_supported": false, "require_request_uri_registration": true,
		}, ""},
		{"by reference", &byReference, map[string]any{"request_uri_parameter_supported": true}, ""},
		{"by reference, not said", &byReference, nil, ""},
		{"by reference, refused", &byReference, map[string]any{"request_uri_parameter_supported": false}, "RequestObject.Host is set, and the server's metadata has request_uri_parameter_supported false"},
		{"not registered", &byReference, map[string]any{"require_request_uri_registration": true}, "the server's metadata has require_request_uri_registration: register the addresses of RequestObject.Host, and set HostIsRegistered"},
		{"registered", &isRegistered, map[string]any{"require_request_uri_registration": true}, ""},
		{"its algorithm", byValue, map[string]any{"request_parameter_supported": true, "request_object_signing_alg_values_supported": []string{"ES256"}}, ""},
		{"another algorithm", byValue, map[string]any{"request_parameter_supported": true, "request_object_signing_alg_values_supported": []string{"none", "RS256"}}, "RequestObject signs with ES256, and the server accepts none, RS256"},
		{"none where one must be", nil, map[string]any{"require_signed_request_object": true}, "the server's metadata has require_signed_request_object, and RequestObject is not set"},
		{"one where it must be", &byReference, map[string]any{"require_signed_request_object": true}, ""},
		{"one by value where it must be", byValue, map[string]any{"require_signed_request_object": true}, ""},
		{"where it must be by reference", byValue, map[string]any{"require_signed_request_object": true, "request_parameter_supported": false}, "RequestObject passes the object itself, and the server's metadata does not have request_parameter_supported"},
	} {
		p, cfg, document := newProvider(t), newTrial().config, metadata()
		for name, value := range c.doc {
			document[name] = value
		}
		p.discover(document)
		cfg.RequestObject, kept = c.object, 0
		login, err := p.client(cfg).BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		if c.want != "" {
			require.EqualError(t, err, "oauth: "+c.want, c.name)
			assert.Zero(t, kept, c.name)
			continue
		}
		require.NoError(t, err, c.name)
		link, err := url.Parse(login.URL)
		require.NoError(t, err)
		if c.object.Host != nil {
			assert.Equal(t, 1, kept, "%s: signed and kept once", c.name)
			assert.Equal(t, "https://app.example/r", link.Query().Get("request_uri"))
		} else {
			assert.NotEmpty(t, link.Query().Get("request"))
		}
		assert.False(t, link.Query().Has("state") || link.Query().Has("nonce") || link.Query().Has("code_challenge"), c.name)
	}
}

// A registration that does not fit the configuration makes none.
func TestRegistrationThatDoesNotFit(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]*oauth.Registration{
		"oauth: the registration has no ClientID": {}, "oauth: RedirectURI is not one of the registered redirect_uris": {ClientID: "C1", RedirectURIs: []string{"https://attacker.example/cb"}},
	} {
		_, err := oidc.Config{RedirectURI: redirectURI}.Registered(r)
		require.EqualError(t, err, want)
	}
	c, err := oidc.Config{RedirectURI: redirectURI}.Registered(&oauth.Registration{ClientID: "C1", RedirectURIs: []string{redirectURI}})
	require.NoError(t, err)
	assert.Equal(t, "C1", c.ClientID)
}
