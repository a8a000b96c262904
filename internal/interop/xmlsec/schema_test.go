//go:build interop

package xmlsec

import (
	"crypto"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// schema validates a message with xmllint and OASIS's schemas, which come with SimpleSAMLphp.
func schema(t *testing.T, name, message string) error {
	t.Helper()
	facts, err := interop.Facts("simplesamlphp")
	require.NoError(t, err)
	out, err := exec.CommandContext(t.Context(), "xmllint", "--nonet", "--noout", "--schema", filepath.Join(facts["SCHEMA_DIR"], name),
		file(t, "message.xml", []byte(message))).CombinedOutput()
	if err != nil {
		t.Logf("%s", out)
	}
	return err
}

func TestSchemasOfMessages(t *testing.T) {
	t.Parallel()
	signer, err := rsaKey()
	require.NoError(t, err)
	c, _ := spOf(t, signer, "", false)
	for kind, s := range send(t, c, saml.BindingPOST) {
		assert.NoError(t, schema(t, "saml-schema-protocol-2.0.xsd", s.text(t)), kind)
	}
	assert.Error(t, schema(t, "saml-schema-protocol-2.0.xsd", `<x/>`))
}

func TestSchemasOfMetadata(t *testing.T) {
	t.Parallel()
	for _, way := range ours {
		signer, err := way.key()
		require.NoError(t, err)
		c, _ := spOf(t, signer, way.alg, way.bare)
		for _, o := range []saml.MetadataDocOptions{
			{}, {Sign: true}, {Sign: true, ValidFor: time.Hour, CacheDuration: time.Hour, NameIDFormats: []string{saml.NameIDEmail}},
		} {
			metadata, err := c.Metadata(t.Context(), o)
			require.NoError(t, err)
			assert.NoError(t, schema(t, "saml-schema-metadata-2.0.xsd", string(metadata)), way.name)
		}
	}
	key, err := rsaKey()
	require.NoError(t, err)
	c, err := saml.NewClient(saml.Config{
		EntityID: spEntityID, ACSURL: "https://sp.example/acs", IDP: metadata.NewList(),
		Keys: []saml.Key{{Signer: key, Decrypter: key.(crypto.Decrypter)}}, AllowCBC: true, AllowRSA15: true,
	})
	require.NoError(t, err)
	metadata, err := c.Metadata(t.Context(), saml.MetadataDocOptions{Sign: true})
	require.NoError(t, err)
	assert.NoError(t, schema(t, "saml-schema-metadata-2.0.xsd", string(metadata)), "with every method of encryption")
}
