package saml_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/saml"
)

// foreign validates an element as goxmldsig does, and returns the octets that were signed.
func foreign(t testing.TB, e *etree.Element, k crypto.Signer) (string, error) {
	t.Helper()
	e = detached(e)
	signature := e.SelectElement("Signature")
	require.NotNil(t, signature)
	if info := signature.SelectElement("KeyInfo"); info != nil {
		signature.RemoveChild(info) // it would be asked whom to trust
	}
	if public, ok := k.Public().(*ecdsa.PublicKey); ok {
		value := signature.SelectElement("SignatureValue")
		raw, err := base64.StdEncoding.DecodeString(value.Text())
		require.NoError(t, err)
		half := (public.Curve.Params().BitSize + 7) / 8
		der, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])})
		require.NoError(t, err)
		value.SetText(base64.StdEncoding.EncodeToString(der)) // as goxmldsig has it, against XML Signature 1.1 §6.4.3
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "idp"}, NotBefore: clock.Add(-time.Hour), NotAfter: clock.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, k.Public(), k)
	require.NoError(t, err)
	certificate, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	c := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{certificate}})
	c.Clock = dsig.NewFakeClockAt(clock)
	got, err := c.Validate(e)
	if err != nil {
		return "", err
	}
	d := etree.NewDocument()
	d.SetRoot(got)
	d.WriteSettings = etree.WriteSettings{CanonicalAttrVal: true, CanonicalEndTags: true, CanonicalText: true}
	return d.WriteToString()
}

// signedOctets are the canonical forms, by goxmldsig, of every element of doc that has a signature.
func signedOctets(t testing.TB, doc string) []string {
	t.Helper()
	var all []string
	for _, signature := range tree(t, doc).FindElements("//Signature") {
		method := signature.FindElement("./SignedInfo/Reference/Transforms/Transform[2]")
		if method == nil {
			continue
		}
		list := ""
		if prefixes := method.SelectElement("InclusiveNamespaces"); prefixes != nil {
			list = prefixes.SelectAttrValue("PrefixList", "")
		}
		e, at := signature.Parent(), signature.Index()
		e.RemoveChildAt(at)
		all = append(all, string(canonical(t, e, method.SelectAttrValue("Algorithm", ""), list)))
		e.InsertChildAt(at, signature)
	}
	return all
}

// notForeign are shapes that goxmldsig does not validate, with the reason.
func notForeign() map[string]string {
	return map[string]string{
		"SHA-1":            "crypto/x509 verifies no SHA-1",
		"Authing's sample": "crypto/x509 verifies no SHA-1",

		"RSASSA-PSS with SHA-256": "it has no RSASSA-PSS", "RSASSA-PSS with SHA-384": "it has no RSASSA-PSS", "RSASSA-PSS with SHA-512": "it has no RSASSA-PSS",
		"ECDSA p521 without zeros": "the test splits r and s by the curve's length",
		// Its digests agree, and are compared before.
		"blanks, assertion signed": "goxmldsig takes the white space around an ID as a part of it",
		"blanks, both signed":      "goxmldsig takes the white space around an ID as a part of it",
		"blanks, encrypted":        "goxmldsig takes the white space around an ID as a part of it",
	}
}

// TestForeignAgreement holds that goxmldsig validates what is accepted here, and that what is read here are its octets.
func TestForeignAgreement(t *testing.T) {
	t.Parallel()
	skipped := notForeign()
	for _, s := range shapes(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			sent := s.xml(t)
			got, err := s.client(t).CompleteLogin(t.Context(), s.pending(), s.present(sent))
			require.NoError(t, err)
			if s.encE == nil {
				assert.Contains(t, signedOctets(t, sent), got.XML)
			}
			opened := s.message
			opened.encE = nil
			if s.encE != nil && s.signR != nil {
				// The outer signature is of the ciphertext: it is judged alone.
				opened.signR = nil
				if _, ok := skipped[s.name]; !ok {
					agrees(t, s, sent, "Response")
				}
			}
			doc := opened.xml(t)
			if opened.signA == nil && opened.signR == nil && s.encE != nil {
				want := tree(t, doc).FindElement("//Assertion")
				assert.Equal(t, string(canonical(t, want, excC14N, "")), string(canonical(t, tree(t, got.XML).Root(), excC14N, "")))
				return
			}
			if s.encE != nil && s.encN == nil { // whose ciphertext is another each time
				assert.Contains(t, signedOctets(t, doc), got.XML)
			}
			if _, ok := skipped[s.name]; ok {
				return
			}
			for _, name := range []string{"Response", "Assertion"} {
				agrees(t, s, doc, name)
			}
		})
	}
}

// agrees validates the element of that name, when it is signed.
func agrees(t *testing.T, s shape, doc, name string) {
	t.Helper()
	e := tree(t, doc).FindElement("//" + name)
	if e == nil || e.SelectElement("Signature") == nil {
		return
	}
	by := s.signA
	if name == "Response" {
		by = s.signR
	}
	octets, err := foreign(t, e, key(t, by.withDefaults().key))
	require.NoError(t, err)
	assert.Contains(t, signedOctets(t, doc), octets)
}

// FuzzResponse holds that nothing panics, and that what is accepted says what the seed said, in octets on which goxmldsig
// agrees.
func FuzzResponse(f *testing.F) {
	all := shapes(f)
	clients := make([]*saml.Client, len(all))
	for i, s := range all {
		clients[i] = s.client(f)
		f.Add(i, s.xml(f))
	}
	f.Fuzz(func(t *testing.T, i int, doc string) {
		s := all[uint(i)%uint(len(all))]
		got, err := clients[uint(i)%uint(len(all))].CompleteLogin(t.Context(), s.pending(), s.present(doc))
		if err != nil {
			assert.Nil(t, got)
			return
		}
		// Seeds are presented to each other's clients, too.
		assert.True(t, slices.ContainsFunc(all, func(s shape) bool { return reflect.DeepEqual(stripped(s.want), stripped(got)) }), "%+v: %s", stripped(got), doc)
		if !strings.Contains(doc, "EncryptedAssertion") {
			assert.Contains(t, signedOctets(t, doc), got.XML)
		}
	})
}
