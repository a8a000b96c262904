package cas_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/cas"
)

func TestRefusePrivateAddresses(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("no\n\n")) }))
	defer server.Close()
	for _, refuse := range []bool{true, false} {
		transport := &http.Transport{DisableKeepAlives: true}
		c, err := cas.NewClient(cas.Config{
			Service: "https://app.example/cas", ServerURL: server.URL, HTTPClient: &http.Client{Transport: transport}, RefusePrivateAddresses: refuse,
		})
		require.NoError(t, err)
		_, err = c.ValidateTicketV1(t.Context(), "ST-1", "https://app.example/cas")
		if refuse {
			require.ErrorContains(t, err, "refused an address that is not public: 127.0.0.1")
		} else {
			require.NoError(t, err)
		}
	}
}
