package oidc_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// A client of a server with a long document keeps little of it: each text that it uses is its own. Metadata has all.
func TestClientKeepsLittleOfALongDocument(t *testing.T) {
	const clients = 20
	long := strings.Repeat("a long text, ", 20_000)
	document, err := json.Marshal(map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token", "jwks_uri": issuer + "/jwks",
		"end_session_endpoint": issuer + "/logout", "id_token_signing_alg_values_supported": []string{"ES256"}, "x_long": long,
	})
	require.NoError(t, err)
	cfg := newTrial().config
	cfg.Issuer, cfg.Metadata, cfg.Keys, cfg.IDTokenSigningAlg = issuer, nil, nil, ""
	cfg.HTTPClient = &http.Client{Transport: handler{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(document) })}}
	all := make([]*oidc.Client, clients)
	before, _ := liveBytes()
	for i := range all {
		all[i], err = oidc.NewClient(cfg)
		require.NoError(t, err)
		_, err = all[i].BeginLogin(t.Context(), oidc.AuthorizeOptions{})
		require.NoError(t, err)
	}
	after, _ := liveBytes()
	assert.Less(t, (after-before)/clients, int64(20_000), "bytes of one client")
	for _, client := range all {
		m, err := client.Metadata(t.Context())
		require.NoError(t, err)
		var more struct {
			Long string `json:"x_long"`
		}
		require.NoError(t, m.Claims(&more))
		require.Equal(t, []string{long, issuer + "/logout", "ES256"}, []string{more.Long, m.EndSessionEndpoint, m.IDTokenSigningAlgValuesSupported[0]})
	}
}
