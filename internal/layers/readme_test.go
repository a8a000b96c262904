package layers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	goBlock = regexp.MustCompile("(?s)```go\n(.*?)```")
	comment = regexp.MustCompile(`(?m)\s*// .*$`)
)

// given is what each code block of README.md needs from the text around it, and what it leaves unused: one function
// for each block. The first block is a whole program: see TestReadmeLogsIn.
var given = []struct{ parameters, rest string }{
	{"", ""},
	{"flow authentication.LogoutFlow, endSessions func(*authentication.LogoutNotice) error", ""},
	{"c *authentication.Client, raw string", "_ = allowed"},
	{"c *authentication.Client, ak, sk string", "_ = api"},
	{"openBrowser func(context.Context, *oauth.Login) (*http.Request, error)", "_, _ = api, err"},
	{"issuer, id, secret, callback string, r *http.Request", "_, _ = result, err"},
	{"issuer, id, callback string, key, proof crypto.Signer", "_, _ = c, err"},
	{"metadataURL, entity, acs, slo string, r *http.Request", "_, _ = assertion, err"},
	{"t *testing.T", "_, _ = id, err"},
}

func codeBlocks(t *testing.T, name string) (blocks []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../..", name))
	require.NoError(t, err)
	for _, found := range goBlock.FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, found[1])
	}
	return blocks
}

// The code that a reader copies compiles.
func TestReadmeCompiles(t *testing.T) {
	t.Parallel()
	blocks := codeBlocks(t, "README.md")[1:]
	require.Len(t, blocks, len(given), "each code block needs its line in given")
	var program strings.Builder
	program.WriteString("package main\n\nimport (\n")
	for _, path := range []string{"context", "crypto", "crypto/tls", "fmt", "log", "net/http", "net/http/httptest", "os", "testing"} {
		fmt.Fprintf(&program, "%q\n", path)
	}
	for _, path := range []string{"authentication", "authentication/authtest", "authentication/idptest", "authentication/web", "oauth", "oidc", "oidc/oidctest", "saml", "saml/metadata"} {
		fmt.Fprintf(&program, "%q\n", module+path)
	}
	program.WriteString(")\n\nvar ctx = context.Background()\n\nfunc main() {}\n")
	for i, block := range blocks {
		fmt.Fprintf(&program, "\nfunc block%d(%s) {\n%s\n%s\n}\n", i, given[i].parameters, block, given[i].rest)
	}
	file := filepath.Join(t.TempDir(), "main.go")
	require.NoError(t, os.WriteFile(file, []byte(program.String()), 0o600))
	vet := exec.CommandContext(t.Context(), "go", "vet", file)
	vet.Dir = "../.."
	said, err := vet.CombinedOutput()
	assert.NoError(t, err, "%s", said)
}

// The Chinese page has the same code as the English one; comments are translated.
func TestReadmesAgree(t *testing.T) {
	t.Parallel()
	bare := func(block string) string { return comment.ReplaceAllString(block, "") }
	var english []string
	for _, block := range codeBlocks(t, "README.md") {
		english = append(english, bare(block))
	}
	chinese := codeBlocks(t, ".github/README.zh-CN.md")
	require.NotEmpty(t, chinese)
	for _, block := range chinese {
		assert.Contains(t, english, bare(block))
	}
}
