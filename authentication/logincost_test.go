//go:build !race

// The race detector empties pools at random, so nothing is counted there.

package authentication_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/authentication"
)

// Each login pays for its beginning, so the allocations are counted. With another Go they may be fewer.
func TestBeginLoginAllocations(t *testing.T) {
	client, err := authentication.NewClient(authentication.Options{
		AppID: "60f1d4b29c3e8a7756041bfe", Secret: strings.Repeat("s", 32), AppHost: "https://app.authing.example", RedirectURI: "https://app.example/callback",
	})
	require.NoError(t, err)
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() {
		_, err := client.BeginLogin(t.Context(), authentication.AuthorizeOptions{})
		require.NoError(t, err)
	}), 6.0)
}
