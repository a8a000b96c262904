package authorize_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
	"github.com/seed6e7d3bb2/authing-go/pkce"
)

func TestSecrets(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		s := authorize.NewSecrets()
		require.NoError(t, pkce.CheckVerifier(s.Verifier))
		want, err := pkce.Challenge(s.Verifier, pkce.S256)
		require.NoError(t, err)
		require.Equal(t, want, s.Challenge)
		for _, random := range []string{s.State, s.Nonce, s.Verifier} {
			require.Regexp(t, `^[A-Za-z0-9_-]{32,43}$`, random)
			require.False(t, seen[random], "a value came twice")
			seen[random] = true
		}
		require.Len(t, s.State, 32)
		require.Len(t, s.Nonce, 32)
		require.Len(t, s.Verifier, 43)
	}
}
