package saml_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmldsig"
	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
	"github.com/seed6e7d3bb2/authing-go/saml"
	"github.com/seed6e7d3bb2/authing-go/saml/metadata"
)

// queryOf splits an address by redirect into what was signed and the value.
func queryOf(t testing.TB, address string) (octets, value []byte) {
	t.Helper()
	_, query, _ := strings.Cut(address, "?")
	text, signature, found := strings.Cut(query, "&Signature=")
	require.True(t, found, address)
	_, text, _ = strings.Cut("&"+text, "&SAMLRequest=")
	signature, err := url.QueryUnescape(signature)
	require.NoError(t, err)
	value, err = base64.StdEncoding.DecodeString(signature)
	require.NoError(t, err)
	return []byte("SAMLRequest=" + text), value
}

// With an ECDSA key requests go by POST where that is offered: the form of its signature in a query is not agreed on.
// RedirectDER chooses it.
func TestSAML29RequestsByECDSA(t *testing.T) {
	t.Parallel()
	key := ecKeys()["P-384"]
	sp := func(change func(*metadata.IDP)) *saml.Client {
		c, err := newSP(func(c *saml.Config) {
			c.Keys = []saml.Key{{Signer: key}}
			c.SLOURL = "https://app.example/saml/slo"
			p := provider()
			p.SLO = slices.Clone(p.SSO)
			change(p)
			c.IDP = metadata.NewList(p)
		})
		require.NoError(t, err)
		return c
	}
	redirects := func(p *metadata.IDP) {
		only := func(e metadata.Endpoint) bool { return e.Binding != saml.BindingRedirect }
		p.SSO, p.SLO = slices.DeleteFunc(p.SSO, only), slices.DeleteFunc(p.SLO, only)
	}
	inDER := func(p *metadata.IDP) { p.RedirectDER = true }
	logout := saml.LogoutOptions{NameID: saml.NameID{Value: "alice"}}

	both := sp(func(*metadata.IDP) {})
	login := begin(t, both, saml.AuthorizeOptions{})
	require.NotNil(t, login.Form, "by POST")
	message, err := base64.StdEncoding.DecodeString(login.Form.Get("SAMLRequest"))
	require.NoError(t, err)
	d, err := xmlgate.Parse(string(message), xmlgate.Options{})
	require.NoError(t, err)
	_, err = xmldsig.Verify(d.Root(), []crypto.PublicKey{key.Public()}, xmldsig.Policy{})
	require.NoError(t, err)
	l, err := both.BeginLogout(t.Context(), logout)
	require.NoError(t, err)
	require.NotNil(t, l.Form)
	require.Nil(t, begin(t, both, saml.AuthorizeOptions{Binding: saml.BindingRedirect}).Form, "asked for")

	for name, c := range map[string]*saml.Client{
		"r and s": sp(redirects), "DER": sp(func(p *metadata.IDP) { redirects(p); inDER(p) }), "DER, asked for": sp(inDER),
	} {
		l, err := c.BeginLogout(t.Context(), saml.LogoutOptions{NameID: logout.NameID, Binding: saml.BindingRedirect})
		require.NoError(t, err)
		address, err := c.BuildAuthorizeUrl(t.Context(), saml.AuthorizeOptions{})
		require.NoError(t, err)
		for _, address := range []string{begin(t, c, saml.AuthorizeOptions{Binding: saml.BindingRedirect}).URL, address, l.URL} {
			octets, value := queryOf(t, address)
			sum := sha512.Sum384(octets)
			if strings.HasPrefix(name, "DER") {
				assert.True(t, ecdsa.VerifyASN1(&key.PublicKey, sum[:], value), name)
				continue
			}
			require.Len(t, value, 96)
			assert.True(t, ecdsa.Verify(&key.PublicKey, sum[:], new(big.Int).SetBytes(value[:48]), new(big.Int).SetBytes(value[48:])), name)
		}
	}
	// With an RSA key nothing changes.
	c, err := newSP(signing, withIDP(inDER))
	require.NoError(t, err)
	login = begin(t, c, saml.AuthorizeOptions{})
	require.Nil(t, login.Form)
	octets, value := queryOf(t, login.URL)
	sum := sha256.Sum256(octets)
	require.NoError(t, rsa.VerifyPKCS1v15(&spKey().PublicKey, crypto.SHA256, sum[:], value))
}

// A server that signs by RSASSA-PSS and accepts nothing else (RFC 9231 §2.3.10).
func TestCaseSamlRSAPSS(t *testing.T) {
	t.Parallel()
	names := map[saml.SignatureAlgorithm]crypto.Hash{saml.RSAPSSSHA256: crypto.SHA256, saml.RSAPSSSHA384: crypto.SHA384, saml.RSAPSSSHA512: crypto.SHA512}
	for alg, hash := range names {
		c, err := newSP(signing, func(c *saml.Config) { c.SignatureAlgorithm = alg })
		require.NoError(t, err)
		login := begin(t, c, saml.AuthorizeOptions{})
		_, query := sent(t, login.URL)
		assert.Equal(t, string(alg), query.Get("SigAlg"))
		octets, value := queryOf(t, login.URL)
		h := hash.New()
		h.Write(octets)
		require.NoError(t, rsa.VerifyPSS(&spKey().PublicKey, hash, h.Sum(nil), value, &rsa.PSSOptions{SaltLength: hash.Size()}))

		login = begin(t, c, saml.AuthorizeOptions{Binding: saml.BindingPOST})
		message, err := base64.StdEncoding.DecodeString(login.Form.Get("SAMLRequest"))
		require.NoError(t, err)
		own, err := c.Metadata(t.Context(), saml.MetadataDocOptions{Sign: true})
		require.NoError(t, err)
		for _, text := range []string{string(message), string(own)} {
			assert.Contains(t, text, string(alg))
			d, err := xmlgate.Parse(text, xmlgate.Options{})
			require.NoError(t, err)
			_, err = xmldsig.Verify(d.Root(), []crypto.PublicKey{spKey().Public()}, xmldsig.Policy{})
			require.NoError(t, err)
		}
		_, err = newSP(func(c *saml.Config) {
			c.Keys, c.SignatureAlgorithm = []saml.Key{{Signer: ecKeys()["P-256"]}}, alg
		})
		require.ErrorContains(t, err, "SignatureAlgorithm")
	}
	pss := more2007 + "sha256-rsa-MGF1"
	named := func(old, name string) change {
		return func(m *message) { m.signA = &signature{method: old, edits: []edit{{old, name}}} }
	}
	t.Run("refusals", func(t *testing.T) {
		refusals(t, signedAssertion, map[string]refusal{
			"PKCS #1 under the name":    {named(rsaSHA256, pss), saml.CheckSignature, by(signature{method: pss})},
			"PSS under another name":    {named(pss, rsaSHA256), saml.CheckSignature, by(signature{method: pss})},
			"PSS under another's hash":  {named(pss, more2007+"sha512-rsa-MGF1"), saml.CheckSignature, by(signature{method: pss})},
			"changed":                   {all(by(signature{method: pss}), tampered("alice@", "mallory@")), saml.CheckSignature, by(signature{method: pss})},
			"of another":                {by(signature{method: pss, key: "other"}), saml.CheckSignature, by(signature{method: pss})},
			"with SHA-1":                {by(signature{method: more2007 + "sha1-rsa-MGF1"}), saml.CheckAlgorithm, by(signature{method: pss})},
			"with SHA-224":              {by(signature{method: more2007 + "sha224-rsa-MGF1"}), saml.CheckAlgorithm, by(signature{method: pss})},
			"with parameters":           {by(signature{method: more2007 + "rsa-pss"}), saml.CheckAlgorithm, by(signature{method: pss})},
			"over a digest by SHA-1":    {by(signature{method: pss, digest: sha1URI}), saml.CheckAlgorithm, by(signature{method: pss, digest: sha512URI})},
			"by a small key":            {all(trusting(key(t, "small").Public()), by(signature{method: pss, key: "small"})), saml.CheckSignature, all(trusting(key(t, "small").Public()), by(signature{method: pss, key: "small"}), smallAllowed)},
			"by a key of another curve": {all(trusting(key(t, "p256").Public()), by(signature{method: pss})), saml.CheckSignature, by(signature{method: pss})},
		})
	})
}

func smallAllowed(m *message) {
	trust := m.config
	m.config = func(c *saml.Config) {
		trust(c)
		c.AllowSmallRSA = true
	}
}
