package layers

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The security requirements of OpenID Connect and OAuth, by their ids: discovery (D), the authorization response (A),
// one that is a JWT (J), the token response (T), ID tokens (I), keys (K), user info (U), refresh (R), introspection and revocation (N), logout
// (L), client authentication (C), HTTP (H), access tokens at an API (X), DPoP (P) and sessions (S). See "Turn a case into a test" in
// CONTRIBUTING.
var requirements = map[string]struct {
	last  int
	later []int // what is not here yet
}{
	"D": {last: 11}, "A": {last: 19}, "T": {last: 13}, "I": {last: 34}, "J": {last: 7}, "K": {last: 9}, "U": {last: 5},
	"R": {last: 6}, "N": {last: 6}, "L": {last: 12}, "C": {last: 6}, "H": {last: 11}, "X": {last: 8}, "P": {last: 6}, "S": {last: 16},
}

// What the middleware must hold itself, whatever the packages below it do.
var requirementsOfWeb = []string{
	"S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "S14", "S15", "S16",
	"L9", "L10", "L11", "L12", "X1", "X2", "X3", "X4", "X5", "X6", "X7", "X8", "N6", "R3", "R4", "R6",
}

// Each requirement has a test that is named after it.
func TestEachRequirementHasATest(t *testing.T) {
	t.Parallel()
	named := requirementsNamed(t, "oidc", "oidc/oidctest", "oauth", "internal/jose", "internal/httpcore", "authentication/web")
	var missing []string
	for letter, r := range requirements {
		for n := 1; n <= r.last; n++ {
			id := fmt.Sprint(letter, n)
			if !named[id] && !slices.Contains(r.later, n) {
				missing = append(missing, id)
			}
		}
	}
	assert.Empty(t, missing)
}

// The same for the middleware alone.
func TestEachRequirementOfWebHasATest(t *testing.T) {
	t.Parallel()
	named := requirementsNamed(t, "authentication/web")
	for _, id := range requirementsOfWeb {
		assert.True(t, named[id], id)
	}
}

// requirementsNamed are the ids in the names of the tests of these packages.
func requirementsNamed(t *testing.T, dirs ...string) map[string]bool {
	t.Helper()
	named := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func (?:Test|Fuzz)((?:[A-Z][0-9]+)+)(?:[A-Z_]\w*)?\(`)
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join("..", "..", dir, "*_test.go"))
		require.NoError(t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, match := range function.FindAllStringSubmatch(string(text), -1) {
				for _, id := range regexp.MustCompile(`[A-Z][0-9]+`).FindAllString(match[1], -1) {
					named[id] = true
				}
			}
		}
	}
	return named
}
