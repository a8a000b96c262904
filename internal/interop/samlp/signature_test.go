//go:build interop

package samlp

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/interop/samlparty"
	"github.com/seed6e7d3bb2/authing-go/saml"
)

func TestSignatures(t *testing.T) {
	t.Parallel()
	both := func(c *saml.Config) { c.WantAssertionsSigned, c.WantResponseSigned = true, true }
	assertion := func(c *saml.Config) { c.WantAssertionsSigned = true }
	response := func(c *saml.Config) { c.WantResponseSigned = true }
	sha1 := func(c *saml.Config) { c.AllowSHA1 = true }
	for name, test := range map[string]struct {
		idp     samlparty.Options
		sp      func(*saml.Config)
		refused saml.Check
		naming  string
	}{
		"assertion, wanted":          {sp: assertion},
		"assertion, response wanted": {sp: response, refused: saml.CheckSignature},
		"both, both wanted":          {idp: samlparty.Options{"signResponse": true}, sp: both},
		"both, with a prefix":        {idp: samlparty.Options{"signResponse": true, "signatureNamespacePrefix": "ds"}, sp: both},
		"response, wanted":           {idp: samlparty.Options{"signResponse": true, "signAssertion": false}, sp: response},
		"response, assertion wanted": {idp: samlparty.Options{"signResponse": true, "signAssertion": false}, sp: assertion, refused: saml.CheckSignature},
		"none":                       {idp: samlparty.Options{"signAssertion": false}, refused: saml.CheckSignature},
		"SHA-1":                      {idp: samlparty.Options{"signatureAlgorithm": "rsa-sha1"}, refused: saml.CheckAlgorithm, naming: "AllowSHA1"},
		"SHA-1, allowed":             {idp: samlparty.Options{"signatureAlgorithm": "rsa-sha1"}, sp: sha1},
		"digest by SHA-1":            {idp: samlparty.Options{"digestAlgorithm": "sha1"}, refused: saml.CheckAlgorithm, naming: "AllowSHA1"},
		"digest by SHA-1, allowed":   {idp: samlparty.Options{"digestAlgorithm": "sha1"}, sp: sha1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.sp == nil {
				test.sp = func(*saml.Config) {}
			}
			p := site(t).Party(t, test.idp, test.sp)
			login, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
			got, err := p.CompleteLogin(t.Context(), login, samlparty.Arrived(t, callback))
			if test.refused == "" {
				require.NoError(t, err)
				assert.Equal(t, "alice", got.NameID.Value)
				return
			}
			require.ErrorIs(t, err, test.refused)
			assert.ErrorContains(t, err, test.naming)
			assert.Nil(t, got)
		})
	}
}

// The response of this server, changed in the browser.
func TestChanged(t *testing.T) {
	t.Parallel()
	p := site(t).Party(t, nil)
	login, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
	original := samlparty.Message(t, callback)
	assertion := original[strings.Index(original, "<saml:Assertion"):strings.Index(original, "</samlp:Response>")]
	forged := strings.Replace(strings.Replace(assertion, ">alice</saml:NameID>", ">mallory</saml:NameID>", 1), ` ID="_`, ` ID="_x`, 1)
	for name, test := range map[string]struct {
		old, new string
		refused  saml.Check
	}{
		"name":             {">alice</saml:NameID>", ">mallory</saml:NameID>", saml.CheckSignature},
		"group":            {">dev<", ">root<", saml.CheckSignature},
		"lifetime":         {` NotOnOrAfter="2`, ` NotOnOrAfter="3`, saml.CheckSignature},
		"comment in name":  {">alice</saml:NameID>", ">ali<!---->ce</saml:NameID>", saml.CheckXML},
		"second assertion": {assertion, forged + assertion, saml.CheckAssertion},
		"around":           {assertion, strings.Replace(forged, "</saml:Assertion>", assertion+"</saml:Assertion>", 1), saml.CheckAssertion},
		"without":          {assertion[strings.Index(assertion, "<Signature"):strings.Index(assertion, "<saml:Subject>")], "", saml.CheckSignature},
	} {
		changed := strings.Replace(original, test.old, test.new, 1)
		require.NotEqual(t, original, changed, name)
		got, err := p.CompleteLogin(t.Context(), login, samlparty.Posted(t, callback, changed))
		require.ErrorIs(t, err, test.refused, name)
		assert.Nil(t, got)
	}
	_, err := p.CompleteLogin(t.Context(), login, samlparty.Posted(t, callback, original))
	require.NoError(t, err)
}

// The server verifies our requests against the certificate in our metadata.
func TestSignedRequests(t *testing.T) {
	t.Parallel()
	s := site(t)
	p := s.Party(t, nil)
	bare := p.As(t, func(c *saml.Config) { c.Keys, c.SLOURL = nil, "" })
	other := p.As(t, func(c *saml.Config) { c.Keys = []saml.Key{samlparty.NewKey(t)} })
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		o := saml.AuthorizeOptions{Binding: binding}
		p.Login(t, samlparty.Alice(t), o)
		for q, says := range map[*samlparty.Party]string{bare: "MUST be signed", other: "Signature check errors"} {
			login, err := q.BeginLogin(t.Context(), o)
			require.NoError(t, err)
			assert.Contains(t, samlparty.Refused(t, samlparty.Alice(t), login.URL, login.Form), says)
		}
	}
}
