//go:build interop

package pysaml2

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"

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
	for name, test := range map[string]struct {
		idp     samlparty.Options
		sp      func(*saml.Config)
		refused saml.Check
		naming  string
	}{
		"both, both wanted":          {sp: both},
		"assertion, wanted":          {idp: samlparty.Options{"sign_response": false}, sp: assertion},
		"assertion, response wanted": {idp: samlparty.Options{"sign_response": false}, sp: response, refused: saml.CheckSignature},
		"response, wanted":           {idp: samlparty.Options{"sign_assertion": false}, sp: response},
		"response, assertion wanted": {idp: samlparty.Options{"sign_assertion": false}, sp: assertion, refused: saml.CheckSignature},
		"none":                       {idp: samlparty.Options{"sign_response": false, "sign_assertion": false}, refused: saml.CheckSignature},
		"SHA-512":                    {idp: samlparty.Options{"algorithm": "sha512"}, sp: both},
		"its default, SHA-1":         {idp: samlparty.Options{"algorithm": "default"}, refused: saml.CheckAlgorithm, naming: "AllowSHA1"},
		"its default, allowed":       {idp: samlparty.Options{"algorithm": "default"}, sp: func(c *saml.Config) { c.AllowSHA1 = true }},
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
				assert.Equal(t, saml.NameIDTransient, got.NameID.Format)
				return
			}
			require.ErrorIs(t, err, test.refused)
			assert.ErrorContains(t, err, test.naming)
			assert.Nil(t, got)
		})
	}
}

// The response of this server, with a signed assertion, changed in the browser.
func TestChanged(t *testing.T) {
	t.Parallel()
	p := site(t).Party(t, samlparty.Options{"sign_response": false})
	login, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
	original := samlparty.Message(t, callback)
	between := func(start, end string) string {
		i, j := strings.Index(original, start), strings.Index(original, end)
		require.Less(t, 0, i)
		require.Less(t, i, j)
		return original[i:j]
	}
	assertion := between("<ns1:Assertion", "</ns0:Response>")
	forged := strings.NewReplacer(">alice<", ">mallory<", ` ID="id-`, ` ID="id-x`, ` Id="`, ` Id="x`).Replace(assertion)
	require.NotEqual(t, assertion, forged)
	for name, test := range map[string]struct {
		old, new string
		refused  saml.Check
	}{
		"attribute":        {">alice<", ">mallory<", saml.CheckSignature},
		"group":            {">staff<", ">root<", saml.CheckSignature},
		"audience":         {"<ns1:Audience>", "<ns1:Audience> ", saml.CheckSignature},
		"comment":          {">alice<", ">ali<!---->ce<", saml.CheckXML},
		"second assertion": {assertion, forged + assertion, saml.CheckAssertion},
		"around":           {assertion, strings.Replace(forged, "</ns1:Assertion>", assertion+"</ns1:Assertion>", 1), saml.CheckAssertion},
		"without":          {between("<ns2:Signature", "<ns1:Subject>"), "", saml.CheckSignature},
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

// The response of another login of the same server.
func TestLoginOfAnother(t *testing.T) {
	t.Parallel()
	p := site(t).Party(t, nil)
	victim, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
	_, foreign := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
	_, err := p.CompleteLogin(t.Context(), victim, samlparty.Posted(t, callback, samlparty.Message(t, foreign)))
	require.ErrorIs(t, err, saml.CheckInResponseTo)
	_, err = p.CompleteLogin(t.Context(), victim, samlparty.Posted(t, callback, samlparty.Message(t, callback)))
	require.NoError(t, err)
}

// The server verifies our requests against the certificate in our metadata.
func TestSignedRequests(t *testing.T) {
	t.Parallel()
	s := site(t)
	p := s.Party(t, nil)
	other := p.As(t, func(c *saml.Config) { c.Keys = []saml.Key{samlparty.NewKey(t)} })
	for _, binding := range []saml.Binding{saml.BindingRedirect, saml.BindingPOST} {
		for _, algorithm := range []saml.SignatureAlgorithm{saml.RSASHA256, saml.RSASHA384, saml.RSASHA512} {
			p.As(t, func(c *saml.Config) { c.SignatureAlgorithm = algorithm }).Login(t, samlparty.Alice(t), saml.AuthorizeOptions{Binding: binding})
		}
		login, err := other.BeginLogin(t.Context(), saml.AuthorizeOptions{Binding: binding})
		require.NoError(t, err)
		assert.Contains(t, samlparty.Refused(t, samlparty.Alice(t), login.URL, login.Form), "not signed correctly")
	}
	_, err := p.As(t, func(c *saml.Config) { c.Keys, c.SLOURL = nil, "" }).BeginLogin(t.Context(), saml.AuthorizeOptions{})
	require.ErrorContains(t, err, "Keys", "its metadata says that it wants them signed")
}

// With an ECDSA key requests go by POST where the server offers it: by redirect pysaml2 verifies RSA alone.
func TestSignedRequestsByCurve(t *testing.T) {
	t.Parallel()
	s := site(t)
	for curve, algorithm := range map[elliptic.Curve]saml.SignatureAlgorithm{
		elliptic.P256(): saml.ECDSASHA256, elliptic.P384(): saml.ECDSASHA384, elliptic.P521(): saml.ECDSASHA512,
	} {
		private, err := ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
		now := time.Now()
		template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
		certificate, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
		require.NoError(t, err)
		key, err := saml.NewKey(tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: private})
		require.NoError(t, err)
		p := s.Party(t, nil, func(c *saml.Config) { c.Keys = []saml.Key{key} })
		login, callback := p.Begin(t, samlparty.Alice(t), saml.AuthorizeOptions{})
		sent, err := base64.StdEncoding.DecodeString(login.Form.Get("SAMLRequest"))
		require.NoError(t, err)
		assert.Contains(t, string(sent), string(algorithm))
		_, err = p.CompleteLogin(t.Context(), login, callback)
		require.NoError(t, err)
		login, err = p.BeginLogin(t.Context(), saml.AuthorizeOptions{Binding: saml.BindingRedirect})
		require.NoError(t, err)
		assert.Contains(t, samlparty.Refused(t, samlparty.Alice(t), login.URL, login.Form), "not signed correctly")
	}
}
