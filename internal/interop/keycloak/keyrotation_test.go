//go:build interop

package keycloak

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

func keyID(t *testing.T, raw string) string {
	t.Helper()
	head, _, _ := strings.Cut(raw, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	require.NoError(t, err)
	var h struct {
		ID string `json:"kid"`
	}
	require.NoError(t, json.Unmarshal(text, &h))
	require.NotEmpty(t, h.ID)
	return h.ID
}

// A client that runs for a long time finds the server's new key automatically, and still accepts the old one. This
// test does not run in parallel with others, because it changes the keys.
func TestKeyRotation(t *testing.T) {
	k := server(t)
	c, who := k.client(t, "basic"), k.alice(t)
	pending, back := begin(t, c, who, oidc.AuthorizeOptions{})
	first, err := c.CompleteLogin(t.Context(), pending, back)
	require.NoError(t, err)

	k.rotateKeys(t, "interop")
	second := login(t, c, who)
	assert.NotEqual(t, keyID(t, first.Token.IDToken), keyID(t, second.Token.IDToken))
	assert.Equal(t, first.IDToken.Subject, second.IDToken.Subject)
	_, err = c.VerifyIDToken(t.Context(), first.Token.IDToken, oidc.Expect{Nonce: pending.Nonce})
	require.NoError(t, err)
	refreshed, err := c.Refresh(t.Context(), oidc.RefreshOptions{RefreshToken: first.Token.RefreshToken, Previous: first.IDToken})
	require.NoError(t, err)
	assert.Equal(t, keyID(t, second.Token.IDToken), keyID(t, refreshed.Token.IDToken))
}
