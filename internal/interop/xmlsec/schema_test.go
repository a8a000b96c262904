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

// All that our metadata may say of us, in the order of the schema. What is in Extensions has schemas of its own, which
// SimpleSAMLphp does not bring.
func TestSchemaOfADescription(t *testing.T) {
	t.Parallel()
	key, err := rsaKey()
	require.NoError(t, err)
	en := []saml.Text{{Lang: "en", Value: "A & B"}, {Lang: "zh-CN", Value: "研发"}}
	pages := []saml.Text{{Lang: "en", Value: "https://sp.example/about?a&b"}}
	c, err := saml.NewClient(saml.Config{
		EntityID: spEntityID, ACSURL: "https://sp.example/acs", IDP: metadata.NewList(), Keys: []saml.Key{{Signer: key, Decrypter: key.(crypto.Decrypter)}},
		SLOURL: "https://sp.example/slo", SOAPLogoutURL: "https://sp.example/soap", AcceptArtifacts: true,
		Organization: &saml.Organization{Name: en, DisplayName: en, URL: pages},
		Contacts: []saml.ContactPerson{
			{Type: "technical", Company: "A", GivenName: "B", SurName: "C", Emails: []string{"a@sp.example", "b@sp.example"}, Phones: []string{"1", "2"}},
			{Type: "security", GivenName: "Team", Emails: []string{"security@sp.example"}},
		},
		UIInfo: &saml.UIInfo{DisplayName: en, Description: en, InformationURL: pages, PrivacyStatementURL: pages, Logos: []saml.Logo{{URL: "https://sp.example/logo", Width: 1, Height: 1}}},
		AttributeService: &saml.AttributeService{Name: en, Description: en, Attributes: []saml.RequestedAttribute{
			{Name: "urn:oid:0.9.2342.19200300.100.1.3", NameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:uri", FriendlyName: "mail", Required: true},
		}},
		DiscoveryURLs: []string{"https://sp.example/discovered"},
	})
	require.NoError(t, err)
	for _, sign := range []bool{false, true} {
		doc, err := c.Metadata(t.Context(), saml.MetadataDocOptions{Sign: sign, NameIDFormats: []string{saml.NameIDEmail}})
		require.NoError(t, err)
		assert.NoError(t, schema(t, "saml-schema-metadata-2.0.xsd", string(doc)))
	}
}
