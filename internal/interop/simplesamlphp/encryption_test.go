//go:build interop

package simplesamlphp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

const (
	encryptAssertion = "assertion.encryption"
	encryptNameID    = "nameid.encryption"
)

// The server encrypts with AES-128-CBC and RSA-OAEP only.
func TestEncryption(t *testing.T) {
	t.Parallel()
	cbc := func(c *saml.Config) { c.AllowCBC = true }
	wanted := func(c *saml.Config) { c.AllowCBC, c.WantEncrypted = true, true }
	for name, test := range map[string]struct {
		idp     options
		sp      func(*saml.Config)
		refused saml.Check
		naming  string
	}{
		"assertion":                         {idp: options{encryptAssertion: true}, sp: cbc},
		"assertion, wanted":                 {idp: options{encryptAssertion: true}, sp: wanted},
		"assertion, not allowed":            {idp: options{encryptAssertion: true}, refused: saml.CheckAlgorithm, naming: "AllowCBC"},
		"assertion, only the response":      {idp: options{encryptAssertion: true, signAssertion: false}, sp: cbc},
		"assertion, only itself signed":     {idp: options{encryptAssertion: true, signResponse: false}, sp: cbc},
		"assertion, nothing signed":         {idp: options{encryptAssertion: true, signResponse: false, signAssertion: false}, sp: cbc, refused: saml.CheckSignature},
		"name id":                           {idp: options{encryptNameID: true}, sp: cbc},
		"name id, not allowed":              {idp: options{encryptNameID: true}, refused: saml.CheckAlgorithm, naming: "AllowCBC"},
		"name id in an encrypted assertion": {idp: options{encryptNameID: true, encryptAssertion: true}, sp: wanted},
		"nothing, but wanted":               {sp: wanted, refused: saml.CheckEncryption},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.sp == nil {
				test.sp = func(*saml.Config) {}
			}
			p := server(t).party(t, test.idp, test.sp)
			login, callback := p.begin(t, person(t), saml.AuthorizeOptions{})
			got, err := p.CompleteLogin(t.Context(), login, arrived(t, callback))
			if test.refused != "" {
				require.ErrorIs(t, err, test.refused)
				assert.ErrorContains(t, err, test.naming)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, saml.NameIDTransient, got.NameID.Format)
			assert.NotEmpty(t, got.NameID.Value)
			assert.Contains(t, flat(got.Attributes), "uid=alice")
		})
	}
}

// The right key comes after a key that does not fit.
func TestEncryptionKeys(t *testing.T) {
	t.Parallel()
	s := server(t)
	p := s.party(t, options{encryptAssertion: true}, func(c *saml.Config) { c.AllowCBC = true })
	other := newKey(t)
	login, callback := p.begin(t, person(t), saml.AuthorizeOptions{})
	_, err := p.as(t, func(c *saml.Config) { c.Keys = []saml.Key{other} }).CompleteLogin(t.Context(), login, arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckEncryption)
	_, err = p.as(t, func(c *saml.Config) { c.Keys = []saml.Key{other, c.Keys[0]} }).CompleteLogin(t.Context(), login, arrived(t, callback))
	require.NoError(t, err)
}
