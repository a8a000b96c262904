//go:build !race

// The race detector empties pools at random, so nothing is counted there.

package oauth_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oauth"
)

// Each login pays for its address, so the allocations are counted.
func TestAuthorizeAllocations(t *testing.T) {
	client, err := oauth.NewClient(oauth.Config{
		ClientID: "s6BhdRkqt3", ClientSecret: "7Fjfp0ZBr1KtDRbnfVdmIw", RedirectURI: "https://app.example/callback",
		Endpoints: oauth.Endpoints{Authorization: "https://as.example/authorize", Token: "https://as.example/token"},
	})
	require.NoError(t, err)
	count := func(f func() error) float64 {
		return testing.AllocsPerRun(100, func() { require.NoError(t, f()) })
	}
	assert.LessOrEqual(t, count(func() error {
		_, err := client.BuildAuthorizeUrl(t.Context(), oauth.AuthorizeOptions{Scope: "read write", State: "af0ifjsldkj"})
		return err
	}), 1.0, "the address")
	assert.LessOrEqual(t, count(func() error {
		_, err := client.BeginLogin(t.Context(), oauth.AuthorizeOptions{Scope: "read write"})
		return err
	}), 3.0, "the address, the random values, the Login")
}
