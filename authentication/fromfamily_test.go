package authentication_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	gojose "github.com/go-jose/go-jose/v4"
	"github.com/jarcoal/httpmock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A family of issuers: users have the issuer of their tenant, also when users of two tenants have the same sub.
func TestFromOIDCWithAnIssuerFamily(t *testing.T) {
	t.Parallel()
	const secret, host = "0123456789abcdef0123456789abcdef", "https://login.example"
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, host+"/common/v2.0/.well-known/openid-configuration", httpmock.NewJsonResponderOrPanic(200, map[string]any{
		"issuer": host + "/{tenantid}/v2.0", "authorization_endpoint": host + "/authorize", "token_endpoint": host + "/token", "jwks_uri": host + "/keys",
	}))
	client, err := oidc.NewClient(oidc.Config{
		Issuer: host + "/common/v2.0", ClientID: "app", ClientSecret: secret, RedirectURI: localBack, IDTokenSigningAlg: "HS256",
		IssuerFamily: &oidc.IssuerFamily{Template: host + "/{tenantid}/v2.0", TenantClaim: "tid", Tenants: []string{"t-1", "t-42"}},
		HTTPClient:   &http.Client{Transport: mock},
	})
	require.NoError(t, err)
	flow := authentication.FromOIDC(client)
	answer := func(issuer, tenant, nonce string) {
		signer, err := gojose.NewSigner(gojose.SigningKey{Algorithm: gojose.HS256, Key: []byte(secret)}, nil)
		require.NoError(t, err)
		claims, err := json.Marshal(map[string]any{
			"iss": host + "/" + issuer + "/v2.0", "tid": tenant, "sub": "u", "aud": "app", "nonce": nonce,
			"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
		})
		require.NoError(t, err)
		signed, err := signer.Sign(claims)
		require.NoError(t, err)
		raw, err := signed.CompactSerialize()
		require.NoError(t, err)
		mock.RegisterResponder(http.MethodPost, host+"/token", httpmock.NewJsonResponderOrPanic(200, map[string]any{
			"access_token": "A", "token_type": "Bearer", "refresh_token": "R", "id_token": raw,
		}))
	}
	login := func(issuer, tenant string) (*authentication.Identity, string, error) {
		l, err := flow.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
		link, err := url.Parse(l.URL)
		require.NoError(t, err)
		nonce := link.Query().Get("nonce")
		answer(issuer, tenant, nonce)
		id, err := flow.CompleteLogin(t.Context(), stored(t, l), callback(t, url.Values{"code": {"C"}, "state": {l.Key}, "iss": {host + "/" + issuer + "/v2.0"}}))
		return id, nonce, err
	}
	first, nonce, err := login("t-42", "t-42")
	require.NoError(t, err)
	assert.Equal(t, host+"/t-42/v2.0", first.Issuer)
	assert.Equal(t, host+"/t-42/v2.0 u", first.Key())
	other, _, err := login("t-1", "t-1")
	require.NoError(t, err)
	assert.NotEqual(t, first.Key(), other.Key(), "the same sub of another tenant")
	_, _, err = login("t-42", "t-1")
	require.ErrorIs(t, err, authentication.ErrRefused)
	require.ErrorIs(t, err, oidc.CheckIssuer)
	_, _, err = login("t-2", "t-2")
	assert.Equal(t, "refused", kind(err), "a user of another tenant is not a mistake of the application")
	require.ErrorIs(t, err, oidc.CheckTenant)

	refresh := flow.(authentication.RefreshFlow)
	answer("t-42", "t-42", nonce)
	next, err := refresh.Refresh(t.Context(), stored(t, first))
	require.NoError(t, err)
	assert.Equal(t, first.Key(), next.Key())
	answer("t-1", "t-1", nonce)
	_, err = refresh.Refresh(t.Context(), stored(t, first))
	require.ErrorIs(t, err, oidc.CheckIssuer)
}
