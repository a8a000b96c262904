//go:build interop

package simplesamlphp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

func artifacts(c *saml.Config) { c.AcceptArtifacts = true }

// The server sends an artifact where the request asks for one, and resolves it once, by SOAP.
func TestArtifact(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, nil, artifacts)
	login, r := p.begin(t, person(t), saml.AuthorizeOptions{ResponseBinding: saml.BindingArtifact})
	require.NotEmpty(t, r.URL.Query().Get("SAMLart"))
	require.Equal(t, login.Key, saml.LoginKey(arrived(t, r)))
	user, err := p.CompleteLogin(t.Context(), login, arrived(t, r))
	require.NoError(t, err)
	assert.Equal(t, s.entityID, user.Issuer)
	_, err = p.CompleteLogin(t.Context(), login, arrived(t, r))
	require.ErrorIs(t, err, saml.CheckArtifact, "the server gives the response once")
}

// A name identifier that the browser must not see.
func TestLogoutWithAnEncryptedName(t *testing.T) {
	t.Parallel()
	s := server(t)
	p, who := s.party(t, options{validateLogout: true}, func(c *saml.Config) { c.EncryptNameID = true }), person(t)
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		logout, r := p.leave(t, who, p.login(t, who, saml.AuthorizeOptions{}), binding)
		require.NoError(t, p.CompleteLogout(t.Context(), logout, arrived(t, r)))
		p.over(t, who)
	}
}
