//go:build interop

package keycloak

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// Requests by redirect and by POST; what is signed is chosen in the console.
func TestSAMLLogin(t *testing.T) {
	t.Parallel()
	k := server(t)
	for name, signed := range map[string]attributes{
		"response":  {"saml.server.signature": "true", "saml.assertion.signature": "false"},
		"assertion": {"saml.server.signature": "false", "saml.assertion.signature": "true"},
		"both":      {"saml.server.signature": "true", "saml.assertion.signature": "true"},
	} {
		p := k.samlParty(t, nil, signed)
		for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
			who := k.alice(t)
			l, r := p.begin(t, who, saml.AuthorizeOptions{Binding: binding})
			assert.Equal(t, binding == saml.BindingPOST, l.Form != nil, name)
			user, err := p.CompleteLogin(t.Context(), l, r)
			require.NoError(t, err, "%s, %s", name, binding)
			assert.Equal(t, "alice", user.NameID.Value)
			assert.Equal(t, k.base+"/realms/interop", user.Issuer)
			assert.NotEmpty(t, user.SessionIndex)
			assert.NotEmpty(t, user.Values("Role"))
			_, err = p.CompleteLogin(t.Context(), l, r)
			require.ErrorIs(t, err, saml.CheckReplay)

			again := p.login(t, who, saml.AuthorizeOptions{IsPassive: true})
			assert.Equal(t, user.NameID, again.NameID, "single sign-on")
		}
	}
}

// With a session of before, AuthnInstant is the time of the response: MaxAge says nothing here, ForceAuthn does.
func TestSAMLAuthnInstant(t *testing.T) {
	t.Parallel()
	k := server(t)
	p, who := k.samlParty(t, nil, nil), k.alice(t)
	first := p.login(t, who, saml.AuthorizeOptions{})
	again := p.login(t, who, saml.AuthorizeOptions{})
	assert.Equal(t, first.SessionIndex, again.SessionIndex)
	assert.True(t, again.AuthnInstant.After(first.AuthnInstant))
	assert.WithinDuration(t, again.IssueInstant, again.AuthnInstant, 100e6)
}

// Keycloak's refusals do not say which request they answer.
func TestSAMLRefusals(t *testing.T) {
	t.Parallel()
	k := server(t)
	for _, signature := range []string{"true", "false"} {
		p := k.samlParty(t, nil, attributes{"saml.server.signature": signature, "saml.assertion.signature": "true"})
		for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
			l, r := p.begin(t, k.alice(t), saml.AuthorizeOptions{IsPassive: true, Binding: binding})
			_, err := p.CompleteLogin(t.Context(), l, r)
			require.ErrorIs(t, err, saml.NoPassive, binding)
			var status *saml.StatusError
			require.ErrorAs(t, err, &status)
			l.Key += "x"
			_, err = p.CompleteLogin(t.Context(), l, r)
			require.ErrorIs(t, err, saml.CheckRelayState, "it is bound to its browser")
		}
	}
}

// Encrypted assertions, under a key that Keycloak has from our metadata.
func TestSAMLEncryption(t *testing.T) {
	t.Parallel()
	k := server(t)
	const enc11, enc, sig = "http://www.w3.org/2009/xmlenc11#", "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2000/09/xmldsig#"
	wanted := func(c *saml.Config) { c.WantEncrypted = true }
	for name, row := range map[string]struct {
		a      attributes
		needs  string // the option without which it is refused
		change func(*saml.Config)
	}{
		"as it comes":               {attributes{}, "", nil},
		"AES-128-GCM":               {attributes{"saml.encryption.algorithm": enc11 + "aes128-gcm"}, "", nil},
		"AES-256-GCM":               {attributes{"saml.encryption.algorithm": enc11 + "aes256-gcm"}, "", nil},
		"AES-256-GCM, OAEP SHA-256": {attributes{"saml.encryption.algorithm": enc11 + "aes256-gcm", "saml.encryption.keyAlgorithm": enc11 + "rsa-oaep", "saml.encryption.digestMethod": enc + "sha256", "saml.encryption.maskGenerationFunction": enc11 + "mgf1sha256"}, "", nil},
		"AES-256-GCM, OAEP SHA-1":   {attributes{"saml.encryption.algorithm": enc11 + "aes256-gcm", "saml.encryption.keyAlgorithm": enc + "rsa-oaep-mgf1p", "saml.encryption.digestMethod": sig + "sha1"}, "", nil},
		"AES-256-CBC":               {attributes{"saml.encryption.algorithm": enc + "aes256-cbc"}, "AllowCBC", func(c *saml.Config) { c.AllowCBC = true }},
	} {
		row.a["saml.encrypt"] = "true"
		p := k.samlParty(t, nil, row.a, wanted)
		l, r := p.begin(t, k.alice(t), saml.AuthorizeOptions{})
		user, err := p.CompleteLogin(t.Context(), l, r)
		if row.needs != "" {
			require.ErrorContains(t, err, row.needs, name)
			c := p.config
			row.change(&c)
			p.Client, err = saml.NewClient(c)
			require.NoError(t, err)
			user, err = p.CompleteLogin(t.Context(), l, r)
		}
		require.NoError(t, err, name)
		assert.Equal(t, "alice", user.NameID.Value, name)
	}
	plain := k.samlParty(t, nil, attributes{"saml.encrypt": "false"}, wanted)
	l, r := plain.begin(t, k.alice(t), saml.AuthorizeOptions{})
	_, err := plain.CompleteLogin(t.Context(), l, r)
	require.ErrorIs(t, err, saml.CheckEncryption)
}
