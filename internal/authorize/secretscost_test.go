//go:build !race

// The race detector moves the random bytes to the heap, so nothing is counted there.

package authorize_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed6e7d3bb2/authing-go/internal/authorize"
)

func TestSecretsAreOneAllocation(t *testing.T) {
	var kept authorize.Secrets
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { kept = authorize.NewSecrets() }), 1.0)
	assert.NotEmpty(t, kept.State)
}
