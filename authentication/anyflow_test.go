package authentication_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/authentication/idptest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
	"github.com/seed6e7d3bb2/authing-go/saml/samltest"
)

const otherBack = "http://localhost:3000/auth/callback/other"

// anyFlow are the built-in flows, all without an address for the browser's return, but that SAML's are localBack and
// otherBack: a service provider has its addresses in its metadata.
func anyFlow(t *testing.T) (*authtest.Server, map[string]authentication.LoginFlow) {
	t.Helper()
	idp := &authtest.Server{SigningKey: fakeKey(), SAMLKey: fakeSAMLKey(), SAMLApps: []samltest.App{{EntityID: samlEntity, ACSURLs: []string{localBack, otherBack}}}}
	srv := httptest.NewServer(idp)
	t.Cleanup(srv.Close)
	flows := map[string]authentication.LoginFlow{}
	for name, p := range map[string]authentication.Protocol{
		"OIDC": authentication.OIDC{}, "OAuth": authentication.OAuth{}, "CAS": authentication.CAS{},
		"SAML": authentication.SAML{EntityID: samlEntity, MoreACSURLs: []string{otherBack}},
	} {
		o := authentication.Options{AppID: authtest.AppID, Secret: authtest.Secret, AppHost: srv.URL, Protocol: p, HTTPClient: srv.Client()}
		if name == "SAML" {
			o.RedirectURI = localBack
		}
		client, err := authentication.NewClient(o)
		require.NoError(t, err)
		flows[name] = client
	}
	ic, err := oidc.NewClient(oidc.Config{
		Issuer: srv.URL + "/oidc", ClientID: authtest.AppID, ClientSecret: authtest.Secret, IDTokenSigningAlg: "HS256", HTTPClient: srv.Client(),
	})
	require.NoError(t, err)
	flows["FromOIDC"] = authentication.FromOIDC(ic)
	ac, err := oauth.NewClient(oauth.Config{
		Issuer: srv.URL + "/oauth", ClientID: authtest.AppID, ClientSecret: authtest.Secret, HTTPClient: srv.Client(),
		Endpoints: oauth.Endpoints{
			Authorization: srv.URL + "/oauth/auth", Token: srv.URL + "/oauth/token", UserInfo: srv.URL + "/oauth/me", Revocation: srv.URL + "/oauth/token/revocation",
		},
	})
	require.NoError(t, err)
	flows["FromOAuth"] = authentication.FromOAuth(ac)
	cc, err := cas.NewClient(cas.Config{ServerURL: srv.URL + "/cas", HTTPClient: srv.Client()})
	require.NoError(t, err)
	flows["FromCAS"] = authentication.FromCAS(cc)
	source, err := metadata.NewSource(metadata.Config{URL: srv.URL + "/api/v2/saml-idp/" + authtest.AppID + "/metadata", HTTPClient: srv.Client()})
	require.NoError(t, err)
	sc, err := saml.NewClient(saml.Config{EntityID: samlEntity, ACSURL: localBack, MoreACSURLs: []string{otherBack}, IDP: source})
	require.NoError(t, err)
	flows["FromSAML"] = authentication.FromSAML(sc)
	return idp, flows
}

// loginTo completes a login that returns to an address.
func loginTo(t *testing.T, idp *authtest.Server, flow authentication.LoginFlow, o authentication.AuthorizeOptions) *authentication.Identity {
	t.Helper()
	login, err := flow.BeginLogin(t.Context(), o)
	require.NoError(t, err)
	r, err := idp.Login(t.Context(), login.URL, idptest.Username)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(r.URL.String(), o.RedirectURI), r.URL.Path)
	id, err := flow.CompleteLogin(t.Context(), stored(t, login), r)
	require.NoError(t, err)
	return id
}

// Each login may have its own return address, also when the client has none. SAML's is one of its ACS addresses.
func TestRedirectURIOfEachLogin(t *testing.T) {
	t.Parallel()
	idp, all := anyFlow(t)
	for name, flow := range all {
		id := loginTo(t, idp, flow, authentication.AuthorizeOptions{RedirectURI: otherBack})
		assert.NotEmpty(t, id.Subject, name)
		_, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		if strings.HasSuffix(name, "SAML") {
			require.NoError(t, err, "the first ACS address")
			_, err = flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{RedirectURI: otherBack + "/unknown"})
		}
		assert.Equal(t, "misconfigured", kind(err), "%s: %v", name, err)
	}
}

// A refresh token is revoked through any flow that has tokens, and then no refresh works.
func TestRevocationByAnyFlow(t *testing.T) {
	t.Parallel()
	idp, all := anyFlow(t)
	for _, name := range []string{"OIDC", "FromOIDC", "OAuth", "FromOAuth"} {
		flow := all[name]
		o := authentication.AuthorizeOptions{RedirectURI: localBack}
		if strings.HasSuffix(name, "OIDC") {
			o.Scope, o.Prompt = "openid offline_access", "consent"
		}
		id := loginTo(t, idp, flow, o)
		refresher := flow.(authentication.RefreshFlow)
		next, err := refresher.Refresh(t.Context(), id)
		require.NoError(t, err, name)
		require.NoError(t, flow.(interface {
			RevokeToken(ctx context.Context, token string, opts ...oauth.TokenOptions) error
		}).RevokeToken(t.Context(), next.Token.RefreshToken, oauth.TokenOptions{TokenTypeHint: "refresh_token"}), name)
		_, err = refresher.Refresh(t.Context(), next)
		require.ErrorIs(t, err, oauth.ErrLoginAgain, name)
	}
}

// Security R3: a flow that is no Client shares one request among simultaneous callers too.
func TestR3RefreshAtOnceByAFlow(t *testing.T) {
	t.Parallel()
	idp, all := anyFlow(t)
	for name, path := range map[string]string{"FromOIDC": "/oidc/token", "FromOAuth": "/oauth/token"} {
		flow := all[name]
		o := authentication.AuthorizeOptions{RedirectURI: localBack}
		if name == "FromOIDC" {
			o.Scope, o.Prompt = "openid offline_access", "consent"
		}
		id := loginTo(t, idp, flow, o)
		before := idp.Requests(path)
		var all sync.WaitGroup
		tokens := make(chan string, 20)
		for range cap(tokens) {
			all.Go(func() {
				next, err := flow.(authentication.RefreshFlow).Refresh(t.Context(), id)
				if assert.NoError(t, err, name) {
					tokens <- next.Token.AccessToken
				}
			})
		}
		all.Wait()
		close(tokens)
		first := <-tokens
		for token := range tokens {
			assert.Equal(t, first, token, name)
		}
		assert.Equal(t, 1, idp.Requests(path)-before, name)
	}
}
