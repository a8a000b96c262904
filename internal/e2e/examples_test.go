package e2e

import (
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const examples = "../../examples"

// Each example prints its usage, and runs offline without settings: a server answers GET /, any other program ends
// without an error.
func TestExamples(t *testing.T) {
	t.Parallel()
	dirs, err := filepath.Glob(examples + "/*")
	require.NoError(t, err)
	require.NotEmpty(t, dirs)
	for _, dir := range dirs {
		if filepath.Base(dir) == "internal" {
			continue // what the examples share
		}
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			name, err := exec.CommandContext(t.Context(), "go", "list", "-C", dir, "-f", "{{.Name}}", ".").Output()
			require.NoError(t, err)
			require.Equal(t, "main", strings.TrimSpace(string(name)), "an example is a program")
			binary := build(t, dir)
			ctx, cancel := context.WithTimeout(t.Context(), startup)
			defer cancel()
			help, err := exec.CommandContext(ctx, binary, "-h").CombinedOutput()
			require.NoError(t, err, "%s", help)
			require.Regexp(t, "^Usage: go .*examples/"+filepath.Base(dir)+`\b`, string(help))
			p := start(t, binary, freeAddr(t))
			if p.wait(t) {
				t.Log("server")
				return
			}
			require.NoError(t, p.err, "%s", p.output)
			require.NotEmpty(t, p.output.String())
		})
	}
}
