package oauth_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// A stored registration is read or refused, and what is read is written and read again without a change.
func FuzzRegistration(f *testing.F) {
	for _, seed := range []string{
		registered, `{"client_id":"C1"}`, `{"client_id":"C1","client_secret":"s","client_secret_expires_at":0}`,
		`{"client_id":"C1","client_secret":"s"}`, `{"client_id":null}`, `{"client_id":"a","client_id":"b"}`, `{"client_id":"\ud800"}`,
		`{"client_id":"C1","redirect_uris":"https://a","client_id_issued_at":1e3}`, `[]`, `{"client_id":"C1","jwks":{"keys":[]}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var first, second oauth.Registration
		if err := first.UnmarshalJSON(data); err != nil {
			require.Equal(t, oauth.Registration{}, first, "refused and filled")
			return
		}
		require.NotEmpty(t, first.ClientID)
		stored, err := json.Marshal(first)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(stored, &second))
		again, err := json.Marshal(second)
		require.NoError(t, err)
		require.JSONEq(t, string(stored), string(again))
		require.Equal(t, first.RedirectURIs, second.RedirectURIs)
		require.True(t, first.ClientSecretExpiresAt.Equal(second.ClientSecretExpiresAt))
	})
}
