//go:build interop

package samlp

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/samlparty"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

const (
	xenc   = "http://www.w3.org/2001/04/xmlenc#"
	xenc11 = "http://www.w3.org/2009/xmlenc11#"
)

func TestEncryption(t *testing.T) {
	t.Parallel()
	encrypted := func(algorithm string, more samlparty.Options) samlparty.Options {
		o := samlparty.Options{"encrypt": true, "disallowEncryptionWithInsecureAlgorithm": false, "warnOnInsecureEncryptionAlgorithm": false}
		if algorithm != "" {
			o["encryptionAlgorithm"] = algorithm
		}
		for name, value := range more {
			o[name] = value
		}
		return o
	}
	wanted := func(c *saml.Config) { c.WantEncrypted, c.WantAssertionsSigned = true, true }
	for name, test := range map[string]struct {
		idp     samlparty.Options
		sp      func(*saml.Config)
		refused saml.Check
		naming  string
	}{
		"its default, AES-256-GCM":  {idp: encrypted("", nil), sp: wanted},
		"AES-128-GCM":               {idp: encrypted(xenc11+"aes128-gcm", nil), sp: wanted},
		"AES-128-CBC":               {idp: encrypted(xenc+"aes128-cbc", nil), refused: saml.CheckAlgorithm, naming: "AllowCBC"},
		"AES-128-CBC, allowed":      {idp: encrypted(xenc+"aes128-cbc", nil), sp: func(c *saml.Config) { c.AllowCBC = true }},
		"AES-256-CBC, allowed":      {idp: encrypted(xenc+"aes256-cbc", nil), sp: func(c *saml.Config) { c.AllowCBC = true }},
		"Triple DES":                {idp: encrypted(xenc+"tripledes-cbc", nil), refused: saml.CheckAlgorithm, naming: "AllowTripleDES"},
		"Triple DES, CBC allowed":   {idp: encrypted(xenc+"tripledes-cbc", nil), sp: func(c *saml.Config) { c.AllowCBC = true }, refused: saml.CheckAlgorithm, naming: "AllowTripleDES"},
		"Triple DES, allowed":       {idp: encrypted(xenc+"tripledes-cbc", nil), sp: func(c *saml.Config) { c.AllowTripleDES = true }},
		"only the response signed":  {idp: encrypted("", samlparty.Options{"signResponse": true, "signAssertion": false})},
		"nothing signed":            {idp: encrypted("", samlparty.Options{"signAssertion": false}), refused: saml.CheckSignature},
		"not encrypted, but wanted": {sp: wanted, refused: saml.CheckEncryption},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.sp == nil {
				test.sp = func(*saml.Config) {}
			}
			p := site(t).Party(t, test.idp, test.sp)
			login, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
			got, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
			if test.refused != "" {
				require.ErrorIs(t, err, test.refused)
				assert.ErrorContains(t, err, test.naming)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "alice", got.NameID.Value)
			assert.Contains(t, samlparty.Flat(got.Attributes), "http://schemas.passportjs.com/groups=dev")
		})
	}
}

// The right key comes after a key that does not fit.
func TestEncryptionKeys(t *testing.T) {
	t.Parallel()
	p := site(t).Party(t, samlparty.Options{"encrypt": true})
	login, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
	other := samlparty.NewKey(t)
	_, err := p.As(t, func(c *saml.Config) { c.Keys = []saml.Key{other} }).CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
	require.ErrorIs(t, err, saml.CheckEncryption)
	_, err = p.As(t, func(c *saml.Config) { c.Keys = []saml.Key{other, c.Keys[0]} }).CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
	require.NoError(t, err)
}
