package authentication_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oauth"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A server whose metadata is wrong is a matter for the operator, at the beginning and at the end of a login. A server
// that does not answer may answer soon.
func TestRefusedMetadataIsMisconfigured(t *testing.T) {
	t.Parallel()
	const good = `{"issuer":"https://op.example","authorization_endpoint":"https://op.example/auth","token_endpoint":"https://op.example/token","jwks_uri":"https://op.example/jwks"}`
	for name, c := range map[string]struct {
		status            int
		contentType, body string
		check             error
		misconfigured     bool
	}{
		"another issuer":        {200, "application/json", `{"issuer":"https://other.example"}`, oauth.DiscoveryIssuer, true},
		"no document":           {404, "text/html", "<html>", oauth.DiscoveryStatus, true},
		"a redirect":            {302, "", "", oauth.DiscoveryRedirect, true},
		"half a document":       {200, "application/json", good[:40], oauth.DiscoveryDocument, true},
		"an endpoint with http": {200, "application/json", good[:len(good)-1] + `,"userinfo_endpoint":"http://op.example/me"}`, oauth.DiscoveryEndpoint, true},
		"no token endpoint":     {200, "application/json", `{"issuer":"https://op.example","authorization_endpoint":"https://op.example/auth","jwks_uri":"https://op.example/jwks"}`, oauth.DiscoveryMissing, true},
		"a page":                {200, "text/html", "<html>", oauth.DiscoveryDocument, false},
		"status 503":            {503, "text/plain", "", nil, false},
		"good":                  {200, "application/json", good, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // for the pauses between retries
				server := httpmock.NewMockTransport()
				server.RegisterNoResponder(httpmock.NewStringResponder(c.status, c.body).HeaderSet(http.Header{"Content-Type": {c.contentType}}))
				client, err := oidc.NewClient(oidc.Config{
					Issuer: "https://op.example", ClientID: "app", ClientSecret: "secret", RedirectURI: "https://app.example/callback",
					HTTPClient: &http.Client{Transport: server},
				})
				require.NoError(t, err)
				flow := authentication.FromOIDC(client)
				_, begin := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
				if name == "good" {
					require.NoError(t, begin)
					return
				}
				stored, err := json.Marshal(oidc.Login{State: "S", ClientID: "app", CodeVerifier: "V", Nonce: "N", Issuer: "https://op.example"})
				require.NoError(t, err)
				_, complete := flow.CompleteLogin(t.Context(), &authentication.Login{Protocol: "oidc", Key: "S", Data: stored},
					httptest.NewRequest(http.MethodGet, "/callback?code=C&state=S", nil))
				if name == "no token endpoint" { // a login that began at another server
					require.ErrorIs(t, complete, authentication.ErrRefused)
					complete = begin
				}
				for _, err := range []error{begin, complete} {
					require.Error(t, err)
					if c.check != nil {
						require.ErrorIs(t, err, c.check)
						var refused *oauth.DiscoveryError
						require.ErrorAs(t, err, &refused)
					}
					assert.Equal(t, c.misconfigured, errors.Is(err, authentication.ErrMisconfigured), err.Error())
					assert.NotErrorIs(t, err, authentication.ErrRefused)
					assert.NotErrorIs(t, err, authentication.ErrDenied)
				}
			})
		})
	}
}
