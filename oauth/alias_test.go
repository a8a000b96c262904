package oauth_test

import (
	"cmp"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

const mtls = "https://mtls.example.com"

func aliases() map[string]string {
	return map[string]string{
		"authorization_endpoint": mtls + "/authorize", "token_endpoint": mtls + "/token", "userinfo_endpoint": mtls + "/userinfo",
		"introspection_endpoint": mtls + "/introspect", "revocation_endpoint": mtls + "/revoke",
	}
}

func certified() *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{{}}}}}
}

// used is the metadata that a client uses: with its own addresses in the place of the server's.
func used(t *testing.T, change func(*oauth.Config)) (*oauth.Metadata, error) {
	t.Helper()
	c := config(nil)
	c.HTTPClient, c.Endpoints = certified(), oauth.Endpoints{}
	c.Metadata = &oauth.Metadata{
		Issuer: server, AuthorizationEndpoint: server + "/authorize", TokenEndpoint: server + "/token", UserInfoEndpoint: server + "/userinfo",
		IntrospectionEndpoint: server + "/introspect", RevocationEndpoint: server + "/revoke", MTLSEndpointAliases: aliases(),
	}
	change(&c)
	client, err := oauth.NewClient(c)
	if err != nil {
		return nil, err
	}
	return client.Metadata(t.Context())
}

func TestC5AliasesForMutualTLS(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*oauth.Config)
		want   []string // authorization, token, user info, introspection, revocation
	}{
		"no mutual TLS": {func(*oauth.Config) {}, []string{server, server, server, server, server}},
		"at the token endpoint": {
			func(c *oauth.Config) { c.TokenAuth = oauth.TLSClientAuth }, []string{server, mtls, mtls, server, server},
		},
		"at every endpoint": {
			func(c *oauth.Config) {
				c.TokenAuth, c.IntrospectionAuth, c.RevocationAuth = oauth.SelfSignedTLSClientAuth, oauth.TLSClientAuth, oauth.TLSClientAuth
			}, []string{server, mtls, mtls, mtls, mtls},
		},
		"for bound tokens": {func(c *oauth.Config) { c.UseMTLSAliases = true }, []string{server, mtls, mtls, mtls, mtls}},
		"one alias alone": {
			func(c *oauth.Config) {
				c.UseMTLSAliases, c.Metadata.MTLSEndpointAliases = true, map[string]string{"token_endpoint": mtls + "/token"}
			}, []string{server, mtls, server, server, server},
		},
		"none is published": {
			func(c *oauth.Config) { c.TokenAuth, c.Metadata.MTLSEndpointAliases = oauth.TLSClientAuth, nil }, []string{server, server, server, server, server},
		},
		"a configured address comes first": {
			func(c *oauth.Config) {
				c.TokenAuth, c.Endpoints.Token = oauth.TLSClientAuth, "https://own.example.com/token"
			}, []string{server, "https://own.example.com", mtls, server, server},
		},
	} {
		m, err := used(t, c.change)
		require.NoError(t, err, name)
		for i, at := range []string{m.AuthorizationEndpoint, m.TokenEndpoint, m.UserInfoEndpoint, m.IntrospectionEndpoint, m.RevocationEndpoint} {
			assert.Equal(t, c.want[i]+[]string{"/authorize", "/token", "/userinfo", "/introspect", "/revoke"}[i], at, name)
		}
	}
}

func TestC5AliasThatIsNotHTTPS(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://mtls.example.com/token", "http://localhost/token"} {
		bad := func(c *oauth.Config) {
			c.TokenAuth, c.InsecureAllowHTTP = oauth.TLSClientAuth, true
			c.Metadata.MTLSEndpointAliases["token_endpoint"] = address
		}
		_, err := used(t, bad)
		require.ErrorIs(t, err, oauth.DiscoveryEndpoint)
		require.EqualError(t, err, "oauth: discovery refused (endpoint): mtls_endpoint_aliases has a token_endpoint that is not https: mutual TLS needs it")
		_, err = used(t, func(c *oauth.Config) { bad(c); c.TokenAuth = nil })
		require.NoError(t, err, "an alias that is not used")
	}
	_, err := used(t, func(c *oauth.Config) { c.Metadata.MTLSEndpointAliases["x"] = "http://mtls.example.com/" })
	require.ErrorIs(t, err, oauth.DiscoveryEndpoint)
	require.ErrorContains(t, err, "mtls_endpoint_aliases: x must be an https URL")
}

// What is no endpoint of the client has no meaning among the aliases.
func TestC5AliasesThatAreIgnored(t *testing.T) {
	t.Parallel()
	for aliases, want := range map[string]string{
		`{"token_endpoint":null}`: "", `{"token_endpoint":""}`: "", `{"issuer":5}`: "", `{"jwks_uri":"http://x"}`: "",
		`{"tls_client_certificate_bound_access_tokens":true}`: "", `{"authorization_endpoint":"x"}`: "",
		`{"token_endpoint":"` + mtls + `/token"}`: mtls, `{"token_endpoint":5}`: "-", `{"token_endpoint":"x"}`: "-", `[]`: "-",
	} {
		m, err := oauth.ParseMetadata([]byte(`{"issuer":"` + server + `","token_endpoint":"` + server + `/token","mtls_endpoint_aliases":` + aliases + `}`))
		var c *oauth.Client
		if err == nil {
			c, err = oauth.NewClient(oauth.Config{ClientID: clientID, TokenAuth: oauth.TLSClientAuth, HTTPClient: certified(), Metadata: m})
		}
		if want == "-" {
			require.ErrorAs(t, err, new(*oauth.DiscoveryError), aliases)
			continue
		}
		require.NoError(t, err, aliases)
		m, err = c.Metadata(t.Context())
		require.NoError(t, err)
		assert.Equal(t, cmp.Or(want, server)+"/token", m.TokenEndpoint, aliases)
	}
}

func TestC5AliasesNeedACertificate(t *testing.T) {
	t.Parallel()
	for _, guarded := range []bool{false, true} {
		bare := func(c *oauth.Config) {
			c.UseMTLSAliases, c.HTTPClient, c.RefusePrivateAddresses = true, &http.Client{Transport: &http.Transport{}}, guarded
		}
		_, err := used(t, bare)
		require.ErrorContains(t, err, "oauth: UseMTLSAliases: mutual TLS needs a client certificate")
		_, err = used(t, func(c *oauth.Config) { bare(c); c.HTTPClient = certified() })
		require.NoError(t, err)
	}
}

// Over a real socket: the conventional endpoint is not called.
func TestC5AliasIsCalled(t *testing.T) {
	t.Parallel()
	alias := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TLS.PeerCertificates) != 1 || r.FormValue("client_id") != clientID || r.FormValue("client_secret") != "" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"AT","token_type":"Bearer"}`))
	}))
	alias.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	alias.StartTLS()
	defer alias.Close()
	transport := alias.Client().Transport.(*http.Transport).Clone()
	transport.TLSClientConfig.Certificates = alias.TLS.Certificates
	defer transport.CloseIdleConnections()
	c, err := oauth.NewClient(oauth.Config{
		ClientID: clientID, TokenAuth: oauth.SelfSignedTLSClientAuth, HTTPClient: &http.Client{Transport: transport},
		Metadata: &oauth.Metadata{
			Issuer: "https://127.0.0.1:1", TokenEndpoint: "https://127.0.0.1:1/token", MTLSEndpointAliases: map[string]string{"token_endpoint": alias.URL + "/token"},
		},
	})
	require.NoError(t, err)
	token, err := c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
	require.NoError(t, err)
	assert.Equal(t, "AT", token.AccessToken)
}
