package oauth_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// A private address is not asked; the twin without the guard gets its token.
func TestD11TokenEndpointAtAPrivateAddress(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"AT","token_type":"Bearer"}`))
	}))
	defer server.Close()
	for _, refuse := range []bool{true, false} {
		transport := &http.Transport{DisableKeepAlives: true}
		c, err := oauth.NewClient(oauth.Config{
			ClientID: "app", ClientSecret: "secret", Endpoints: oauth.Endpoints{Token: server.URL + "/token"},
			HTTPClient: &http.Client{Transport: transport}, RefusePrivateAddresses: refuse,
		})
		require.NoError(t, err)
		_, err = c.GetAccessTokenByClientCredentials(t.Context(), oauth.ClientCredentialsOptions{})
		if refuse {
			require.ErrorContains(t, err, "refused an address that is not public: 127.0.0.1")
		} else {
			require.NoError(t, err)
		}
	}
}
