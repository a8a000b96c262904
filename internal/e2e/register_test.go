//go:build interop

package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// register makes an application at the real server, which tells it of logouts where backChannel is not empty, and returns
// its credentials.
func register(t *testing.T, issuer, callback, loggedOut, backChannel string) (id, secret string) {
	t.Helper()
	client := map[string]any{
		"redirect_uris": []string{callback}, "post_logout_redirect_uris": []string{loggedOut},
		"grant_types":                []string{"authorization_code", "refresh_token"},
		"token_endpoint_auth_method": "client_secret_basic",
	}
	if backChannel != "" {
		client["backchannel_logout_uri"], client["backchannel_logout_session_required"] = backChannel, true
	}
	body, err := json.Marshal(client)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, issuer+"/reg", bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	res, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusCreated, res.StatusCode)
	var c struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&c))
	return c.ClientID, c.ClientSecret
}
