//go:build interop

package pyff

import (
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"encoding/pem"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

const university = "https://idp.university.example/idp/shibboleth"

// federation is how its metadata is read.
func federation(t *testing.T) metadata.Config {
	t.Helper()
	facts, err := interop.Facts("pyff")
	require.NoError(t, err)
	text, err := os.ReadFile(facts["CERTIFICATE"])
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	certificate, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	return metadata.Config{URL: facts["BASE_URL"], Keys: []crypto.PublicKey{certificate.PublicKey}, WantSigned: true, MaxValidity: 14 * 24 * time.Hour}
}

func TestMDQ(t *testing.T) {
	t.Parallel()
	source, err := metadata.NewMDQ(federation(t))
	require.NoError(t, err)
	p, err := source.IDP(t.Context(), university)
	require.NoError(t, err)
	assert.Equal(t, university, p.EntityID)
	assert.Equal(t, []metadata.Scope{{Text: "university.example"}}, p.Scopes)
	assert.True(t, p.CheckScopes)
	assert.Equal(t, "https://federation.example", p.RegistrationAuthority)
	assert.WithinDuration(t, time.Now().Add(10*24*time.Hour), p.ValidUntil, time.Hour)

	again, err := source.Refresh(t.Context(), university)
	require.NoError(t, err)
	assert.Equal(t, p.Keys, again.Keys)

	byHash, err := source.IDPBySHA1(t.Context(), sha1.Sum([]byte(university)))
	require.NoError(t, err)
	assert.Equal(t, university, byHash.EntityID)

	_, err = source.IDP(t.Context(), "https://idp.unknown.example/")
	require.ErrorIs(t, err, metadata.CheckUnknown)
	_, err = source.IDPBySHA1(t.Context(), sha1.Sum([]byte("https://idp.unknown.example/")))
	require.ErrorIs(t, err, metadata.CheckUnknown)
}

// Another federation's key, or a shorter validity than the server gives, is refused.
func TestMDQRefuses(t *testing.T) {
	t.Parallel()
	c := federation(t)
	c.MaxValidity = 9 * 24 * time.Hour
	source, err := metadata.NewMDQ(c)
	require.NoError(t, err)
	_, err = source.IDP(t.Context(), university)
	require.ErrorIs(t, err, metadata.CheckExpired)

	good, err := metadata.NewMDQ(federation(t))
	require.NoError(t, err)
	p, err := good.IDP(t.Context(), university)
	require.NoError(t, err)
	c = federation(t)
	c.Keys = p.Keys
	source, err = metadata.NewMDQ(c)
	require.NoError(t, err)
	_, err = source.IDP(t.Context(), university)
	require.ErrorIs(t, err, metadata.CheckSignature)
}

func TestAggregate(t *testing.T) {
	t.Parallel()
	c := federation(t)
	c.URL += "/entities"
	source, err := metadata.NewSource(c)
	require.NoError(t, err)
	for _, name := range []string{"university", "college"} {
		p, err := source.IDP(t.Context(), "https://idp."+name+".example/idp/shibboleth")
		require.NoError(t, err)
		assert.True(t, p.InScope(name+".example"))
		assert.False(t, p.InScope("other.example"))
		assert.True(t, p.CheckScopes)
	}
	_, err = source.IDP(t.Context(), "https://idp.unknown.example/")
	require.ErrorIs(t, err, metadata.CheckUnknown)
}
