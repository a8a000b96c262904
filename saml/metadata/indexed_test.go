package metadata_test

import (
	"crypto"
	"crypto/rsa"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// Endpoints for artifacts are those by SOAP that can be used; another one costs nothing but itself.
func TestArtifactResolution(t *testing.T) {
	t.Parallel()
	const end = `<md:ArtifactResolutionService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP" `
	role := `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP"`
	with := func(ends ...string) []metadata.IndexedEndpoint {
		p, err := mdParse(mdDoc(t, role, strings.Join(ends, "")+role))
		require.NoError(t, err)
		return p.ArtifactResolution
	}
	assert.Nil(t, with())
	assert.Equal(t, []metadata.IndexedEndpoint{
		{Index: 0, Location: "https://idp.example/a?b&c"}, {Index: 65535, IsDefault: true, Location: "https://idp.example/d"},
	}, with(end+`index="0" Location="https://idp.example/a?b&amp;c"/>`, end+`index="65535" isDefault="true" Location="https://idp.example/d"/>`))
	assert.Equal(t, []metadata.IndexedEndpoint{{Index: 1, Location: "https://idp.example/e"}}, with(
		`<md:ArtifactResolutionService Binding="urn:oasis:names:tc:SAML:1.0:bindings:SOAP-binding" index="1" Location="https://idp.example/old"/>`,
		end+`index="65536" Location="https://idp.example/a"/>`, end+`index="-1" Location="https://idp.example/a"/>`, end+`Location="https://idp.example/a"/>`,
		end+`index="2" Location="javascript:alert(1)"/>`, end+`index="3" Location="http://idp.example/a"/>`, end+`index="4"/>`,
		end+`index="1" isDefault="maybe" Location="https://idp.example/e"/>`,
	))
	assert.Len(t, with(strings.Repeat(end+`index="0" Location="https://idp.example/a"/>`, 101)), 100)
	p, err := mdParse(mdDoc(t, role, end+`index="0" Location="https://idp.example/a"/>`+role))
	require.NoError(t, err)
	got, err := metadata.NewList(p).IDP(t.Context(), "")
	require.NoError(t, err)
	assert.Equal(t, p.ArtifactResolution, got.ArtifactResolution)
	p.ArtifactResolution = []metadata.IndexedEndpoint{{Location: "javascript:alert(1)"}}
	_, err = metadata.NewList(p).IDP(t.Context(), "")
	require.ErrorIs(t, err, metadata.CheckConfig)
}

// Keys for encryption are the RSA keys for that use or for any.
func TestEncryptionKeys(t *testing.T) {
	t.Parallel()
	descriptor := func(use string, key crypto.Signer) string {
		return `<md:KeyDescriptor` + use + `><ds:KeyInfo><ds:X509Data><ds:X509Certificate>` + b64Lines(certificate(t, key)) + `</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
	}
	role := `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:SOAP"`
	with := func(all ...string) *metadata.IDP {
		p, err := mdParse(mdDoc(t, role, strings.Join(all, "")+role))
		require.NoError(t, err)
		return p
	}
	assert.Empty(t, with().EncryptionKeys)
	p := with(descriptor(` use="encryption"`, ecKeys()["P-256"]), descriptor(` use="encryption"`, otherKey()), descriptor("", idpKey()))
	assert.Equal(t, []*rsa.PublicKey{&otherKey().PublicKey, &idpKey().PublicKey}, p.EncryptionKeys)
	assert.Len(t, p.Keys, 1, "one for encryption verifies nothing")
	assert.Same(t, p.Keys[0], p.EncryptionKeys[1])
	p.EncryptionKeys[0] = nil
	_, err := metadata.NewList(p).IDP(t.Context(), "")
	require.ErrorIs(t, err, metadata.CheckConfig)
}
