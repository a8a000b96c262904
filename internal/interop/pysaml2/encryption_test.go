//go:build interop

package pysaml2

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/samlparty"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

// The server encrypts with Triple DES and RSA-OAEP only.
func TestEncryption(t *testing.T) {
	t.Parallel()
	encrypted := func(more samlparty.Options) samlparty.Options {
		o := samlparty.Options{"encrypt_assertion": true}
		for name, value := range more {
			o[name] = value
		}
		return o
	}
	allow := func(c *saml.Config) { c.AllowTripleDES = true }
	wanted := func(c *saml.Config) {
		c.AllowTripleDES, c.WantEncrypted, c.WantAssertionsSigned, c.WantResponseSigned = true, true, true, true
	}
	for name, test := range map[string]struct {
		idp     samlparty.Options
		sp      func(*saml.Config)
		refused saml.Check
		naming  string
	}{
		"not allowed":               {idp: encrypted(nil), refused: saml.CheckAlgorithm, naming: "AllowTripleDES"},
		"CBC allowed":               {idp: encrypted(nil), sp: func(c *saml.Config) { c.AllowCBC = true }, refused: saml.CheckAlgorithm, naming: "AllowTripleDES"},
		"allowed":                   {idp: encrypted(nil), sp: allow},
		"allowed, wanted":           {idp: encrypted(nil), sp: wanted},
		"only the assertion signed": {idp: encrypted(samlparty.Options{"sign_response": false}), sp: allow},
		"only the response signed":  {idp: encrypted(samlparty.Options{"sign_assertion": false}), sp: allow},
		"nothing signed":            {idp: encrypted(samlparty.Options{"sign_response": false, "sign_assertion": false}), sp: allow, refused: saml.CheckSignature},
		// Its prefixes are declared around what is encrypted, where no signature covers them.
		"not complete by itself":    {idp: encrypted(samlparty.Options{"encrypt_assertion_self_contained": false}), sp: allow, refused: saml.CheckEncryption, naming: "not one well-formed element"},
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
			assert.Equal(t, saml.NameIDTransient, got.NameID.Format)
			assert.Contains(t, samlparty.Flat(got.Attributes), "urn:oid:0.9.2342.19200300.100.1.1=alice")
		})
	}
}

// The profile PEFIM has the attributes in an encrypted assertion inside Advice, which is not read (SAML Core §2.6.1).
func TestAdvice(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, pefim := range []bool{false, true} {
		got := s.Party(t, samlparty.Options{"pefim": pefim}).Login(t, samlparty.Alice(t), saml.AuthorizeOptions{})
		assert.Equal(t, pefim, len(got.Attributes) == 0)
		assert.NotEmpty(t, got.NameID.Value)
	}
}
