//go:build interop

package keycloak

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// artifacts takes artifacts. Keycloak sends them by GET, unless its console says that forms are forced.
func artifacts(c *saml.Config) { c.AcceptArtifacts = true }

func artifactOf(t *testing.T, r *http.Request) string {
	t.Helper()
	c := r.Clone(t.Context())
	if r.Method == http.MethodPost {
		body, err := r.GetBody()
		require.NoError(t, err)
		c.Body = body
	}
	return c.FormValue("SAMLart")
}

// Keycloak sends an artifact, by GET or by POST, and resolves it once.
func TestSAMLArtifact(t *testing.T) {
	t.Parallel()
	k := server(t)
	for method, forced := range map[string]string{http.MethodGet: "false", http.MethodPost: "true"} {
		p := k.samlParty(t, nil, attributes{"saml.force.post.binding": forced}, artifacts)
		l, r := p.begin(t, k.alice(t), saml.AuthorizeOptions{ResponseBinding: saml.BindingArtifact})
		assert.Equal(t, method, r.Method)
		assert.NotEmpty(t, artifactOf(t, r))
		user, err := p.CompleteLogin(t.Context(), l, r)
		require.NoError(t, err)
		assert.Equal(t, "alice", user.NameID.Value)
		_, err = p.CompleteLogin(t.Context(), l, r)
		require.ErrorIs(t, err, saml.CheckArtifact)
	}
}

// What Keycloak resolves for nobody else, and what it does not sign, is refused.
func TestSAMLArtifactRefused(t *testing.T) {
	t.Parallel()
	k := server(t)
	p, q := k.samlParty(t, nil, nil, artifacts), k.samlParty(t, nil, nil, artifacts)
	as := func(change func(*saml.Config)) *saml.Client {
		c := p.config
		c.Replay = saml.NewReplay(100)
		change(&c)
		client, err := saml.NewClient(c)
		require.NoError(t, err)
		return client
	}
	l, r := p.begin(t, k.alice(t), saml.AuthorizeOptions{ResponseBinding: saml.BindingArtifact})
	_, err := as(func(c *saml.Config) { c.Keys = q.config.Keys }).CompleteLogin(t.Context(), l, r)
	require.Error(t, err, "the ArtifactResolve has a signature of another")
	_, err = as(func(c *saml.Config) { c.AcceptArtifacts = false }).CompleteLogin(t.Context(), l, r)
	require.ErrorIs(t, err, saml.CheckArtifact)
	require.ErrorContains(t, err, "AcceptArtifacts")

	l, r = p.begin(t, k.alice(t), saml.AuthorizeOptions{ResponseBinding: saml.BindingArtifact})
	_, err = p.CompleteLogin(t.Context(), l, r)
	require.NoError(t, err)
	_, err = as(func(*saml.Config) {}).CompleteLogin(t.Context(), l, r)
	require.ErrorIs(t, err, saml.CheckArtifact, "Keycloak itself resolves it once: %v", err)

	unsigned := k.samlParty(t, nil, attributes{"saml.server.signature": "false", "saml.assertion.signature": "false"}, artifacts)
	l, r = unsigned.begin(t, k.alice(t), saml.AuthorizeOptions{ResponseBinding: saml.BindingArtifact})
	_, err = unsigned.CompleteLogin(t.Context(), l, r)
	require.ErrorIs(t, err, saml.CheckSignature)
	assertion := k.samlParty(t, nil, attributes{"saml.server.signature": "false", "saml.assertion.signature": "true"}, artifacts)
	assertion.login(t, k.alice(t), saml.AuthorizeOptions{ResponseBinding: saml.BindingArtifact})
}

// Keycloak may send an artifact that nobody asked for (Force Artifact Binding).
func TestSAMLArtifactForced(t *testing.T) {
	t.Parallel()
	k := server(t)
	p := k.samlParty(t, nil, attributes{"saml.artifact.binding": "true"}, artifacts)
	l, r := p.begin(t, k.alice(t), saml.AuthorizeOptions{})
	assert.NotEmpty(t, artifactOf(t, r))
	_, err := p.CompleteLogin(t.Context(), l, r)
	require.NoError(t, err)
}
