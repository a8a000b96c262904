package metadata_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func TestRefusePrivateAddresses(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	for want, refuse := range map[string]bool{"refused an address that is not public: 127.0.0.1": true, "status 404": false} {
		transport := &http.Transport{DisableKeepAlives: true}
		s, err := metadata.NewSource(metadata.Config{
			URL: server.URL, HTTPClient: &http.Client{Transport: transport}, RefusePrivateAddresses: refuse,
		})
		require.NoError(t, err)
		_, err = s.IDP(t.Context(), "https://idp.example")
		require.ErrorIs(t, err, metadata.CheckFetch)
		require.ErrorContains(t, err, want)
	}
}
