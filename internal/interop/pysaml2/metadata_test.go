//go:build interop

package pysaml2

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/samlparty"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

func site(t *testing.T) *samlparty.Site { return samlparty.Open(t, "pysaml2") }

func TestMetadata(t *testing.T) {
	t.Parallel()
	s := site(t)
	base := s.Facts["BASE_URL"]
	both := func(location string) []metadata.Endpoint {
		return []metadata.Endpoint{{Binding: saml.BindingRedirect, Location: location + "redirect"}, {Binding: saml.BindingPOST, Location: location + "post"}}
	}
	assert.Equal(t, s.Facts["METADATA_URL"], s.IDP.EntityID)
	assert.Equal(t, both(base+"/sso/"), s.IDP.SSO)
	assert.Equal(t, both(base+"/slo/"), s.IDP.SLO)
	assert.Equal(t, []string{saml.NameIDTransient, saml.NameIDPersistent, saml.NameIDEmail}, s.IDP.NameIDFormats)
	assert.Len(t, s.IDP.Keys, 1)
	assert.Len(t, s.IDP.EncryptionKeys, 1)
	assert.True(t, s.IDP.WantAuthnRequestsSigned)
}

// Its signature, by xmlsec1.
func TestMetadataSigned(t *testing.T) {
	t.Parallel()
	s := site(t)
	text, err := os.ReadFile(s.Facts["CERTIFICATE"])
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	require.NotNil(t, block)
	certificate, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	for name, test := range map[string]struct {
		query   string
		key     crypto.PublicKey
		refused error
	}{
		"signed":         {"?signed=1", certificate.PublicKey, nil},
		"by another key": {"?signed=1", samlparty.NewKey(t).Signer.Public(), metadata.CheckSignature},
		"unsigned":       {"", certificate.PublicKey, metadata.CheckSignature},
	} {
		source, err := metadata.NewSource(metadata.Config{URL: s.IDP.EntityID + test.query, Keys: []crypto.PublicKey{test.key}, WantSigned: true})
		require.NoError(t, err)
		_, err = source.IDP(t.Context(), s.IDP.EntityID)
		if test.refused != nil {
			require.ErrorIs(t, err, test.refused, name)
			continue
		}
		require.NoError(t, err, name)
		s.Party(t, nil, func(c *saml.Config) { c.IDP = source }).Login(t, samlparty.Alice(t), saml.AuthorizeOptions{})
	}
}

// The server verifies the signature of our metadata, and logs nobody in for metadata that another key signed.
func TestMetadataOfOurs(t *testing.T) {
	t.Parallel()
	s := site(t)
	whole := saml.MetadataDocOptions{Sign: true, ValidFor: time.Hour, CacheDuration: time.Minute, NameIDFormats: []string{saml.NameIDPersistent}}
	describe := func(c *saml.Config) {
		c.Organization = &saml.Organization{
			Name: []saml.Text{{Lang: "en", Value: "Example"}}, DisplayName: []saml.Text{{Lang: "zh-CN", Value: "示例"}},
			URL: []saml.Text{{Lang: "en", Value: "https://example.test/"}},
		}
		c.MoreACSURLs = []string{c.ACSURL + "/2?a=1&b=2"}
	}
	certificate := func(k saml.Key) samlparty.Options {
		require.NotEmpty(t, k.Certificate)
		return samlparty.Options{"verify_metadata": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: k.Certificate}))}
	}
	p := s.Unregistered(t, describe)
	s.Register(t, p.Document(t, whole), certificate(p.Config.Keys[0]))
	login, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{ACSURL: p.Config.MoreACSURLs[0]})
	assert.Equal(t, p.Config.MoreACSURLs[0], callback.URL.String())
	_, err := p.CompleteLogin(t.Context(), login, callback)
	require.NoError(t, err)

	q := s.Unregistered(t, describe)
	s.Register(t, q.Document(t, whole), certificate(samlparty.NewKey(t)))
	login, err = q.BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.NoError(t, err)
	assert.Contains(t, samlparty.Refused(t, samlparty.Alice(t), login.URL, login.Form), "refused: ")
}
