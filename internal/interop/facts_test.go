package interop

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFacts(t *testing.T) {
	run := t.TempDir()
	t.Setenv("INTEROP_RUN", run)
	require.NoError(t, os.Mkdir(filepath.Join(run, "op"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(run, "op", "env"), []byte("BASE_URL=http://127.0.0.1:1/oidc?a=b\nCA_FILE=ca.pem\n"), 0o600))

	facts, err := Facts("op")
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"BASE_URL": "http://127.0.0.1:1/oidc?a=b", "CA_FILE": "ca.pem"}, facts)
}

func TestFactsOfAServerThatDoesNotRun(t *testing.T) {
	t.Setenv("INTEROP_RUN", t.TempDir())
	_, err := Facts("op")
	require.ErrorIs(t, err, fs.ErrNotExist)
	assert.ErrorContains(t, err, "servers/op/start.sh")
}

func TestFactsRefuseALineWithoutValue(t *testing.T) {
	t.Parallel()
	_, err := parseFacts("BASE_URL=x\nrubbish\n")
	assert.ErrorContains(t, err, `"rubbish\n" is not KEY=VALUE`)
}
