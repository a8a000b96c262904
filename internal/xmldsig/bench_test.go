package xmldsig

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/stretchr/testify/require"

	"github.com/seed6e7d3bb2/authing-go/internal/xmlgate"
)

// Run with: go test -run '^$' -bench . ./internal/xmldsig
//
// BenchmarkLimit is what no verifier can do without: the hash of all octets and one RSA verification.

func certificate(t testing.TB, key crypto.Signer) *x509.Certificate {
	t.Helper()
	now := time.Now()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "idp"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	c, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return c
}

// response is about 6 KB when its assertion is signed.
func response(t testing.TB, s Signer) string {
	t.Helper()
	var b strings.Builder
	for i := range 12 {
		fmt.Fprintf(&b, `<saml:Attribute Name="urn:oid:0.9.2342.19200300.100.1.%d" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" FriendlyName="name%d">`+
			`<saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xsi:type="xs:string">value %d</saml:AttributeValue></saml:Attribute>`, i, i, i)
	}
	assertion, err := s.Sign(`<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
		`ID="_c13fd4ba2f8e4a4ab2f1bd6e0c41d6b1" IssueInstant="2026-01-02T03:04:05Z" Version="2.0"><saml:Issuer>https://idp.example.com/metadata</saml:Issuer>` +
		`<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" SPNameQualifier="https://sp.example.com">_ce3d2948b4cf20146dee0a0b3dd6f69b6cf86f62d7</saml:NameID>` +
		`<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData InResponseTo="_4fee3b046395c4e751011e97f8900b5273d56685" NotOnOrAfter="2026-01-02T03:09:05Z" Recipient="https://sp.example.com/acs"/></saml:SubjectConfirmation></saml:Subject>` +
		`<saml:Conditions NotBefore="2026-01-02T03:03:35Z" NotOnOrAfter="2026-01-02T03:09:05Z"><saml:AudienceRestriction><saml:Audience>https://sp.example.com</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
		`<saml:AuthnStatement AuthnInstant="2026-01-02T03:04:05Z" SessionIndex="_be9967abd904ddcae3c0eb4189adbe3f71e327cf93" SessionNotOnOrAfter="2026-01-02T11:04:05Z"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
		`<saml:AttributeStatement>` + b.String() + `</saml:AttributeStatement></saml:Assertion>`)
	require.NoError(t, err)
	return `<?xml version="1.0"?>` + "\n" + `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_8e8dc5f69a98cc4c1ff3427e5ce34606fd672f91e6" Version="2.0" IssueInstant="2026-01-02T03:04:05Z" ` +
		`Destination="https://sp.example.com/acs" InResponseTo="_4fee3b046395c4e751011e97f8900b5273d56685"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example.com/metadata</saml:Issuer>` +
		`<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>` + assertion + `</samlp:Response>`
}

func signedResponse(t testing.TB) (text string, cert *x509.Certificate) {
	cert = certificate(t, rsaKey())
	return response(t, Signer{Key: rsaKey(), Certificate: cert.Raw}), cert
}

func BenchmarkLimit(b *testing.B) {
	text, _ := signedResponse(b)
	octets := []byte(text)
	digest := sha256.Sum256(octets)
	signature, err := rsa.SignPKCS1v15(nil, rsaKey(), crypto.SHA256, digest[:])
	require.NoError(b, err)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		digest := sha256.Sum256(octets)
		if rsa.VerifyPKCS1v15(&rsaKey().PublicKey, crypto.SHA256, digest[:], signature) != nil {
			b.Fatal("no")
		}
	}
}

// BenchmarkVerify is the gate, the verification of the assertion, and the second gate.
func BenchmarkVerify(b *testing.B) {
	text, _ := signedResponse(b)
	keys := public(rsaKey())
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := xmlgate.Parse(text, xmlgate.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Verify(find(d.Root(), "Assertion"), keys, Policy{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGate(b *testing.B) {
	text, _ := signedResponse(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := xmlgate.Parse(text, xmlgate.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCanonical(b *testing.B) {
	text, _ := signedResponse(b)
	e := root(b, text)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	space := make([]byte, 0, 2*len(text))
	for b.Loop() {
		if _, err := (&canonicalizer{}).write(space, e, xmlgate.Element{}, c14n{}, 1<<20); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGoxmldsig(b *testing.B) {
	text, cert := signedResponse(b)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		doc := etree.NewDocument()
		if err := doc.ReadFromString(text); err != nil {
			b.Fatal(err)
		}
		ctx := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{cert}})
		if _, err := ctx.Validate(doc.FindElement("//Assertion")); err != nil {
			b.Fatal(err)
		}
	}
}
