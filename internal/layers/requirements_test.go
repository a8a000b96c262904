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
// the token response (T), ID tokens (I), keys (K), user info (U), refresh (R), introspection and revocation (N), logout
// (L), client authentication (C), HTTP (H) and access tokens at an API (X). See "Turn a case into a test" in CONTRIBUTING.
var requirements = map[string]struct {
	last  int
	later []int // what is not here yet
}{
	"D": {last: 11}, "A": {last: 19, later: []int{17}}, "T": {last: 13, later: []int{3}}, "I": {last: 34}, "K": {last: 9}, "U": {last: 5},
	"R": {last: 5, later: []int{3, 4}}, "N": {last: 6}, "L": {last: 12}, "C": {last: 6}, "H": {last: 11}, "X": {last: 8, later: []int{4, 5}},
}

// Each requirement has a test that is named after it.
func TestEachRequirementHasATest(t *testing.T) {
	t.Parallel()
	named := map[string]bool{}
	function := regexp.MustCompile(`(?m)^func Test((?:[A-Z][0-9]+)+)(?:[A-Z_]\w*)?\(`)
	for _, dir := range []string{"oidc", "oidc/oidctest", "oauth", "internal/jose", "internal/httpcore", "authentication/web"} {
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
