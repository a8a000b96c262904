package protocoltest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/authentication/protocoltest"
	"github.com/seed6e7d3bb2/authing-go/cas"
)

// The built-in protocols keep the contract.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048) // one for all tests: making it is slow
	require.NoError(t, err)
	for name, c := range map[string]struct {
		protocol authentication.Protocol
		alg      string
	}{
		"oidc":            {authentication.OIDC{}, ""},
		"oidc, user info": {authentication.OIDC{UserInfo: true}, ""},
		"oidc, RS256":     {authentication.OIDC{IDTokenSigningAlg: "RS256"}, "RS256"},
		"oauth":           {authentication.OAuth{}, ""},
		"saml":            {authentication.SAML{EntityID: "https://app.example/saml"}, ""},
		"cas":             {authentication.CAS{}, ""},
		"cas, url":        {authentication.CAS{LogoutParam: cas.LogoutURL}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := &authtest.Server{IDTokenSigningAlg: c.alg, SigningKey: key, SAMLKey: key}
			server := httptest.NewServer(idp)
			defer server.Close()
			protocoltest.Run(t, c.protocol, options(server.URL), func(loginURL string) *http.Request {
				r, err := idp.Login(t.Context(), loginURL, idptest.Username)
				require.NoError(t, err)
				return r
			})
		})
	}
}

// SAML without an EntityID only makes links.
func TestBuiltInLinks(t *testing.T) {
	t.Parallel()
	protocoltest.Run(t, authentication.SAML{}, options("https://sample-app.authing.cn"), nil)
}

func options(host string) authentication.Options {
	return authentication.Options{
		AppID: authtest.AppID, Secret: authtest.Secret, AppHost: host, RedirectURI: "http://localhost:3000/auth/callback",
		HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}},
	}
}
