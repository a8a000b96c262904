package authentication_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/authentication/authtest"
	"github.com/seed6e7d3bb2/authing-go/cas"
	"github.com/seed6e7d3bb2/authing-go/internal/httpcore"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Each local mistake is ErrMisconfigured, before anything is sent, with the field's name.
func TestMisconfiguredOptions(t *testing.T) {
	t.Parallel()
	protocols := []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}, authentication.CAS{}, authentication.SAML{EntityID: samlEntity}}
	for _, p := range protocols {
		f := newFake(t, p, nil)
		_, err := f.client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err, p.Name())
		sent := len(f.wire.sent)
		for field, o := range map[string]authentication.AuthorizeOptions{
			"Extra": {Extra: url.Values{"state": {"x"}}}, "State": {State: "x"},
		} {
			_, err := f.client.BeginLogin(t.Context(), o)
			assert.Equal(t, "misconfigured", kind(err), "%s: %v", p.Name(), err)
			assert.ErrorContains(t, err, field)
		}
		assert.Len(t, f.wire.sent, sent)
		_, err = f.client.BuildAuthorizeUrl(t.Context(), authentication.AuthorizeOptions{IDP: "\x00"})
		assert.Equal(t, "misconfigured", kind(err), "%s: %v", p.Name(), err)
		_, err = f.client.BuildLogoutUrl(t.Context(), authentication.LogoutOptions{LogoutHint: "x"})
		assert.Equal(t, "misconfigured", kind(err), "%s: %v", p.Name(), err)
	}
	for _, change := range []func(*authentication.Options){
		func(o *authentication.Options) { o.AppHost = "" },
		func(o *authentication.Options) { o.AppHost = "http://a.example" },
		func(o *authentication.Options) { o.LoginLifetime = -1 },
		func(o *authentication.Options) { o.TokenEndPointAuthMethod = oauth.AuthMethod("x") },
		func(o *authentication.Options) { o.Endpoints.OIDCToken = "x" },
		func(o *authentication.Options) { o.Endpoints.OIDCToken = "https://%zz" },
		func(o *authentication.Options) { o.Protocol, o.AppID = authentication.SAML{EntityID: samlEntity}, "" },
		func(o *authentication.Options) { o.Protocol = authentication.SAML{EntityID: samlEntity, SLOURL: "x"} },
		func(o *authentication.Options) { o.Secret = "short" },
		func(o *authentication.Options) { o.Protocol = broken{} },
	} {
		o := authentication.Options{AppID: testApp, Secret: testSecret, AppHost: testHost, RedirectURI: localBack}
		_, err := authentication.NewClient(o)
		require.NoError(t, err)
		change(&o)
		client, err := authentication.NewClient(o)
		assert.Equal(t, "misconfigured", kind(err), "%v", err)
		assert.Nil(t, client)
	}
	client := newTestClient(t, nil, with(authentication.CAS{}))
	_, err := client.VerifyIDToken(t.Context(), "x", oidc.Expect{})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	assert.Equal(t, "misconfigured", kind(err))
}

// broken is a protocol whose NewFlow returns no flow.
type broken struct{}

func (broken) Name() string                                                { return "broken" }
func (broken) NewFlow(authentication.Options) (authentication.Flow, error) { return nil, nil }

// Errors of the token endpoint about the application, about the user, and missing answers are different.
func TestMisconfiguredAtTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}} {
		for reply, want := range map[string]string{
			`401 {"error":"invalid_client"}`: "misconfigured", `400 {"error":"invalid_client"}`: "misconfigured", `200 {"error":"invalid_client"}`: "misconfigured",
			`400 {"error":"unauthorized_client"}`: "misconfigured", `400 {"error":"unsupported_grant_type"}`: "misconfigured",
			`400 {"error":"invalid_grant"}`: "denied", `500 {"error":"invalid_grant"}`: "denied", `400 {"error":"access_denied"}`: "denied",
			`503 {"error":"invalid_client"}`: "no answer", `400 {"error":"something_else"}`: "no answer", `401 {}`: "no answer",
		} {
			var status int
			var body string
			_, err := fmt.Sscanf(reply, "%d %s", &status, &body)
			require.NoError(t, err)
			client := newTestClient(t, always(t, status, body), with(p))
			login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
			require.NoError(t, err)
			_, err = client.CompleteLogin(t.Context(), login, callback(t, url.Values{"code": {"c"}, "state": {login.Key}}))
			assert.Equal(t, want, kind(err), "%s: %s: %v", p.Name(), reply, err)
		}
	}
}

// A server with another issuer, a wrong address, and a server that cannot be reached now.
func TestMisconfiguredDiscovery(t *testing.T) {
	t.Parallel()
	for want, wire := range map[string]*wire{
		"misconfigured": always(t, http.StatusOK, `{"issuer":"https://other.example"}`),
		"no answer":     always(t, http.StatusOK, `<html>`),
	} {
		client, err := oidc.NewClient(oidc.Config{
			Issuer: "https://idp.example", ClientID: "app", ClientSecret: testSecret, RedirectURI: localBack, HTTPClient: wire.client(),
		})
		require.NoError(t, err)
		_, err = authentication.FromOIDC(client).BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		assert.Equal(t, want, kind(err), "%v", err)
	}
}

// An unknown client, at a fake Authing, with every protocol that authenticates clients.
func TestMisconfiguredSecret(t *testing.T) {
	t.Parallel()
	for _, p := range []authentication.Protocol{authentication.OIDC{IDTokenSigningAlg: "RS256"}, authentication.OAuth{}} {
		f := newFake(t, p, func(_ *authtest.Server, o *authentication.Options) { o.Secret = testSecret })
		_, err := f.complete(t, authentication.AuthorizeOptions{})
		require.ErrorIs(t, err, oauth.InvalidClient)
		assert.Equal(t, "misconfigured", kind(err))
	}
}

// RetryAfter finds the delay of a busy server in each error that has it.
func TestRetryAfter(t *testing.T) {
	t.Parallel()
	busy := func() *wire {
		return newWire(t, func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"30"}}, Body: http.NoBody, Request: r,
			}, nil
		})
	}
	for _, p := range []authentication.Protocol{authentication.OIDC{}, authentication.OAuth{}, authentication.CAS{}} {
		client := newTestClient(t, busy(), with(p))
		login, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		_, err = client.CompleteLogin(t.Context(), login, callback(t, url.Values{
			"code": {"c"}, "state": {login.Key}, "ticket": {"ST-1"}, "login": {login.Key},
		}))
		require.Error(t, err)
		if p.Name() != "cas" {
			assert.Equal(t, 30*time.Second, authentication.RetryAfter(err), "%s: %v", p.Name(), err)
		}
		assert.Equal(t, "no answer", kind(err))
	}
	assert.Zero(t, authentication.RetryAfter(nil))
	assert.Equal(t, time.Minute, authentication.RetryAfter(fmt.Errorf("x: %w", &cas.Failure{RetryAfter: time.Minute})))
	assert.Equal(t, time.Second, authentication.RetryAfter(fmt.Errorf("x: %w", &httpcore.StatusError{RetryAfter: time.Second})))
}
