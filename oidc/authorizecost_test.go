//go:build !race

// The race detector empties pools at random, so nothing is counted there.

package oidc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/oidc"
)

// Each login pays for its address, so the allocations are counted.
func TestAuthorizeAllocations(t *testing.T) {
	cfg := newTrial().config
	cfg.Metadata = given()
	client, err := oidc.NewClient(cfg)
	require.NoError(t, err)
	count := func(f func() error) float64 {
		return testing.AllocsPerRun(100, func() { require.NoError(t, f()) })
	}
	assert.LessOrEqual(t, count(func() error {
		_, err := client.BuildAuthorizeUrl(t.Context(), oidc.AuthorizeOptions{Scope: "openid profile", State: "af0ifjsldkj", Nonce: sentNonce})
		return err
	}), 2.0, "the address, the request for package oauth")
	assert.LessOrEqual(t, count(func() error {
		_, err := client.BeginLogin(t.Context(), oidc.AuthorizeOptions{Scope: "openid profile"})
		return err
	}), 4.0, "those, the random values, the Login")
}
